import type { KeySetStatus } from "../core/key-events.js";
import type { TokenError } from "../error.js";
import type { Claims, Header } from "../verifier/claims.js";
import type { DpopOptions } from "../verifier/dpop.js";
import type { Explanation } from "../verifier/explanation.js";
import type { VerifierOptions } from "../verifier/options.js";
import type { OpaqueTokenOptions } from "./introspection-options.js";

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
export interface GuardOptions<C extends object = Claims> extends VerifierOptions<C>, OpaqueTokenOptions {
	/** The name of the protection space in challenges. RFC 9110 §11.5 */
	readonly realm?: string;
	/** The resource identifier. Default: the first https URL of `audience`. RFC 9728 §1.2 */
	readonly resource?: string;
	/**
	 * Protected resource metadata (RFC 9728): `true` serves it at the place that §3.1 gives to the resource identifier,
	 * and points challenges there; an address only points there.
	 */
	readonly resourceMetadata?: boolean | string | { readonly href: string };
	/** The origin by which clients know this API, where a proxy stands in between: for metadata and DPoP's `htu`. */
	readonly publicOrigin?: string;
	/** For `protect` only: which pages of other origins may call. `"*"`: any. */
	readonly cors?: { readonly origin: string | readonly string[] };
	/**
	 * How the proofs of tokens that are bound to a key are checked. Such a token passes with a DPoP proof only;
	 * without `seen`, a proof may be replayed for as long as `maxAge`. RFC 9449 §7.1
	 */
	readonly dpop?: Pick<DpopOptions, "algorithms" | "maxAge" | "nonce" | "seen">;
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

/** Answers the requests that may pass. */
export type Handler<Env, C extends object = Claims, A = Auth<C>> = (
	request: EdgeRequest,
	auth: A,
	env: Env,
	// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
	ctx: any,
) => EdgeResponse | Promise<EdgeResponse>;

/** Checks requests, for those who write the rest themselves. */
export interface Guard<C extends object = Claims, A = Auth<C>> {
	/**
	 * Resolves to who called; rejects with a `TokenError`. `context` is the platform's, where it has one: keys are renewed
	 * behind the answer by its `waitUntil`.
	 */
	check(request: RequestLike, context?: RequestContext): Promise<A>;
	/** The same guard with other demands, for a single route: it shares the key sets. */
	with(changes: Pick<GuardOptions, "scope" | "anyScope" | "claims" | "check">): Guard<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: Pick<GuardOptions<Own>, "scope" | "anyScope" | "claims" | "check" | "schema">,
	): Guard<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** The answer to a refusal: status, challenge (RFC 6750 §3) and a JSON body that says why. */
	refuse(error: TokenError): EdgeResponse;
	/** Fetches the key sets now, so that the first request need not wait. Rejects with `keys_unavailable`. */
	loadKeys(): Promise<void>;
	/** The state of each issuer's keys, in the order of `issuer`. */
	status(): KeySetStatus[];
}
