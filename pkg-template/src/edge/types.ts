import type { TokenError } from "../error.js";
import type { Claims, Header } from "../verifier/claims.js";
import type { Explanation } from "../verifier/explanation.js";
import type { VerifierOptions } from "../verifier/options.js";
import type { GuardDpopOptions } from "./dpop-options.js";
import type { OpaqueTokenOptions } from "./introspection-options.js";
import type { MtlsOptions } from "./mtls-options.js";
import type { OutcomeOptions } from "./outcome.js";
import type { ResourceMetadata } from "./resource-metadata.js";
import type { RevocationOptions } from "./session-store.js";

// The platform's own types where it has them; no DOM types are needed where it does not.

/** The platform's `Request`. */
export type EdgeRequest = typeof globalThis extends { Request: { prototype: infer R } } ? R : RequestLike;

/** The platform's `Response`. */
export type EdgeResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : object;

/** What is read of a request. */
export interface RequestLike {
	readonly method: string;
	readonly url: string;
	readonly headers: { get(name: string): string | null };
}

/** The part of a platform's context of a request that is used, as Workers hand it to a handler. */
export interface RequestContext {
	waitUntil?(promise: Promise<unknown>): void;
}

/** Who called, once every check has passed. */
export interface Auth<C extends object = Claims> {
	readonly claims: C;
	/** Of an opaque token one that says nothing: `{ alg: "" }`. */
	readonly header: Header;
	/** The access token itself, for calls on the user's behalf. */
	readonly token: string;
}

/**
 * Places of a token. Browsers send a cookie along with requests that other sites make them send: an API that takes tokens
 * from one needs a defence of its own against that (SameSite, or a look at Origin).
 */
export interface TokenPlaces {
	/** The name of a header that holds the token alone. */
	readonly header?: string;
	/** The name of a cookie. RFC 6265 §4.2.1 */
	readonly cookie?: string;
	/** The name of the WebSocket subprotocol that the token follows. RFC 6455 §11.3.4 */
	readonly webSocketProtocol?: string;
}

/** The policy of a verifier, and how to answer. `profile` defaults to `"access-token"`. */
export interface GuardOptions<C extends object = Claims>
	extends VerifierOptions<C>,
		OpaqueTokenOptions,
		RevocationOptions,
		OutcomeOptions {
	/** The name of the protection space in challenges. RFC 9110 §11.5 */
	readonly realm?: string;
	/** The resource identifier. Default: the first https URL of `audience`. RFC 9728 §1.2 */
	readonly resource?: string;
	/**
	 * Protected resource metadata (RFC 9728): `true`, or an object with members of your own, serves it at the place that
	 * §3.1 gives to the resource identifier, and points challenges there; an address only points there.
	 */
	readonly resourceMetadata?: boolean | string | { readonly href: string } | ResourceMetadata;
	/** The origin by which clients know this API, where a proxy stands in between: for metadata and DPoP's `htu`. */
	readonly publicOrigin?: string;
	/** For `protect` and the adapters: which pages of other origins may call. `"*"`: any. */
	readonly cors?: { readonly origin: string | readonly string[] };
	/**
	 * How the proofs of tokens that are bound to a key are checked. Such a token passes with a DPoP proof only, whatever is
	 * set; `"required"` refuses all others. Without `replay`, a proof may be used again for as long as `maxAge`. RFC 9449 §7
	 */
	readonly dpop?: "allowed" | "required" | GuardDpopOptions;
	/**
	 * Where the client certificate is found that a token may be bound to (`cnf["x5t#S256"]`); `"cloudflare"`: in
	 * `request.cf.tlsClientAuth`. Without this option such tokens are refused. RFC 8705 §3
	 */
	readonly mtls?: "cloudflare" | MtlsOptions;
	/**
	 * Seconds that a call of a store (`dpop.replay`) may take: 0.05 to 30. Default 2. A store that fails or takes longer
	 * refuses the request with `store_unavailable`, status 503.
	 */
	readonly storeTimeout?: number;
	/**
	 * Where requests carry their token besides the header Authorization; or a function that finds it, and alone decides.
	 * A provider may have places of its own. Two different tokens are refused with `request_invalid`. RFC 6750 §2
	 */
	readonly token?: TokenPlaces | ((request: EdgeRequest) => string | null | undefined);
	/** See {@link AnonymousOptions}. */
	readonly required?: true;
	/**
	 * Called with every verdict, which then is made with its full list of checks, and never kept (`verdictCache`). What it throws, or rejects with, is
	 * logged and changes no answer.
	 */
	readonly onVerdict?: (verdict: Explanation | TokenError, request: EdgeRequest) => void | Promise<void>;
}

/** The policy of a guard that may let requests without a token pass. One with a bad token is refused all the same. */
export interface AnonymousOptions<C extends object = Claims> extends Omit<GuardOptions<C>, "required"> {
	/** `false`: a request without a token passes, and its `auth` is null. */
	readonly required: boolean;
}
