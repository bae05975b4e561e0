// What the test kit takes and gives. No type here needs DOM types.

import type { Provider } from "../verifier/claim-rules.js";
import type { Claims } from "../verifier/claims.js";
import type { Algorithm, Jwk, JwkSet } from "../verifier/keys.js";

/** The algorithms that WebCrypto can sign with; which of them a runtime offers, differs. */
export type TestAlgorithm = Exclude<Algorithm, "ES256K">;

/** Claims to put into a token beside the default ones. `undefined` leaves a default one out. */
export type TestClaims = { readonly [claim: string]: unknown } & { readonly [Name in keyof Claims]?: unknown };

/** Members to put into a header beside the default ones. `undefined` leaves a default one out. */
export type TestHeader = { readonly [member: string]: unknown };

/** The shape of `fetch`, in the types of every platform. */
// biome-ignore lint/suspicious/noExplicitAny: every platform types its own Request and Response
export type TestFetch = (input: any, init?: any) => Promise<any>;

/**
 * How the issuer fails: `"unreachable"`: the connection is refused; `"hanging"`: no answer comes until the request is
 * aborted; a number: every answer has this HTTP status.
 */
export type Outage = "unreachable" | "hanging" | number;

/** The options of {@link TestIssuer.rotate}. */
export interface RotateOptions {
	/** Whether the keys so far leave the key set at once. Default `false`: they stay, and their tokens pass. */
	readonly withdraw?: boolean;
}

/** The options of `createTestIssuer`. */
export interface TestIssuerOptions {
	/** The issuer identifier. Default: an address of the provider's form, else `"https://issuer.example"`. RFC 8414 §2 */
	readonly issuer?: string;
	/** The `aud` of tokens. Default: as the provider has it, else `"https://api.example"`. RFC 7519 §4.1.3 */
	readonly audience?: string | readonly string[];
	/** The client that tokens are issued to. Default: of the provider's form, else `"client-1"`. RFC 9068 §2.2 */
	readonly clientId?: string;
	/** Claims of all tokens that are sent to APIs, beside the default ones; `undefined` leaves a default one out. */
	readonly claims?: TestClaims;
	/** The algorithm of the signatures. Default: the provider's, else `"ES256"`. RFC 7518 §3.1 */
	readonly alg?: TestAlgorithm;
	/** Whose default tokens to mint. Default: the access tokens of RFC 9068 §2. */
	readonly provider?: Provider;
	/** Seconds from `iat` to `exp`. Default 300. RFC 7519 §4.1.4 */
	readonly lifetime?: number;
	/** The time in seconds since 1970, or a clock to follow. Default: the time of creation, at which the clock stands still. */
	readonly now?: number | (() => number);
	/** A private JWK to sign with. Default: a new key. RFC 7517 §4 */
	readonly signingKey?: Jwk;
	/** Members for the metadata beside the default ones; `undefined` leaves a default one out. RFC 8414 §2 */
	readonly metadata?: { readonly [member: string]: unknown };
	/** Asked for all addresses that are not the issuer's. Default: they are an error that names them. */
	readonly fallback?: TestFetch;
}

/** An issuer for tests. Its functions need no `this`: `const { mint, fetch } = issuer` works. */
export interface TestIssuer {
	/** The issuer identifier. */
	readonly issuer: string;
	/** The audience of its tokens, as a verifier takes it; `null` where the provider's tokens have none. */
	readonly audience: string | readonly string[] | null;
	/** The client that its tokens are issued to. */
	readonly clientId: string;
	/** The algorithm of its signatures. */
	readonly alg: TestAlgorithm;
	/** The key set as it is published now: public keys, or the secret of an HMAC algorithm, which `fetch` never serves. */
	readonly jwks: JwkSet;
	/** The metadata that {@link TestIssuer.fetch} serves. RFC 8414 §2 */
	readonly metadata: { readonly [member: string]: unknown };
	/** The addresses that were asked for, in order. */
	readonly requests: readonly string[];
	/**
	 * A signed token of the kind that is sent to APIs. A `kid` among the issuer's keys signs with that key; the `alg`
	 * `"none"` leaves the signature out; any other changes the header's text alone.
	 */
	mint(claims?: TestClaims, header?: TestHeader): Promise<string>;
	/** A signed ID token, likewise. OpenID Connect Core §2 */
	mintIdToken(claims?: TestClaims, header?: TestHeader): Promise<string>;
	/**
	 * Answers for the issuer's metadata (RFC 8414 §3.1, OpenID Connect Discovery §4), its key set, and as an authorization
	 * server that knows every client: with the redirect that carries a code to an authorization request, with tokens to the
	 * grants `authorization_code`, `client_credentials` and `refresh_token`. What else is asked for is an error.
	 */
	fetch: TestFetch;
	/**
	 * The time by this issuer's clock, in seconds since 1970: for the option `now` of verifiers, guards and logins. It
	 * decides about tokens; key sets age by the machine's clock.
	 */
	now(): number;
	/** Sets the clock forward, or with a negative number back. Seconds. */
	advance(seconds: number): void;
	/**
	 * Signs with a new key from now on. Resolves to its `kid`. A verifier that has the key set asks for a key that it lacks
	 * once in 30 seconds by the machine's clock; `keySets: { cooldown: 1 }` makes that 1. RFC 7517 §4.5
	 */
	rotate(options?: RotateOptions): Promise<string>;
	/** Fails from now on. Default: `"unreachable"`. */
	down(outage?: Outage): void;
	/** Answers again. */
	up(): void;
	/** The key that signs, as a private JWK: for the option `signingKey`. */
	exportKey(): Promise<Jwk>;
}
