import type { Fetch, KeyCache } from "../core/fetch-types.js";
import type { KeysListener } from "../core/key-events.js";
import type { StandardSchema } from "../core/standard-schema.js";
import type { ClaimRules, Provider } from "./claim-rules.js";
import type { Claims } from "./claims.js";
import type { KeySetDurations } from "./key-set-durations.js";
import type { Algorithm, Keys } from "./keys.js";

/** One trusted issuer with its own keys. */
export interface IssuerOptions {
	readonly issuer: string;
	readonly audience?: string | readonly string[] | null;
	readonly keys?: Keys;
	readonly jwksUri?: string;
	/** As the option of this name, for this issuer alone. */
	readonly allowHttp?: boolean;
	readonly algorithms?: readonly Algorithm[];
}

/** The policy of a verifier. The caller decides, never the token. */
export interface VerifierOptions<C extends object = Claims> {
	/** Exactly the `iss` to accept, several of them, or `null`: explicitly not checked. RFC 7519 §4.1.1 */
	readonly issuer: string | readonly (string | IssuerOptions)[] | IssuerOptions | null;
	/** The `aud` to accept: one of these must be among the token's. `null`: explicitly not checked. RFC 7519 §4.1.3 */
	readonly audience?: string | readonly string[] | null;
	/** Further audiences that an ID token may name beside ours; any other refuses it. OpenID Connect Core §3.1.3.7 (3) */
	readonly trustedAudiences?: string | readonly string[];
	/**
	 * The clients that the token may have been issued to: `client_id` of profile `"access-token"`, as the provider names it,
	 * else `azp`. Default: not compared. RFC 9068 §2.2, OpenID Connect Core §2
	 */
	readonly authorizedParty?: string | readonly string[];
	/** Trusted keys: nothing is fetched, and options about fetching are a `TypeError`. */
	readonly keys?: Keys;
	/** Where the key set is; else discovered from the issuer (RFC 8414 §3, OpenID Connect Discovery §4). */
	readonly jwksUri?: string;
	/** Allowed algorithms. Default: those that the trusted keys name or imply, asymmetric ones only. RFC 8725 §3.1 */
	readonly algorithms?: readonly Algorithm[];
	/** Which kind of token. Default `"jwt"`; `"access-token"`: RFC 9068; `"id-token"`: OpenID Connect Core §3.1.3.7. */
	readonly profile?: "jwt" | "access-token" | "id-token" | "logout-token";
	/** The `typ` header wanted. RFC 8725 §3.11 */
	readonly typ?: string | null;
	/** The `sub` wanted. RFC 7519 §4.1.2 */
	readonly subject?: string;
	/** Seconds of leeway for `exp`, `nbf` and `iat`. Default 0. */
	readonly clockTolerance?: number;
	/** Seconds since `iat` after which a token is refused. */
	readonly maxTokenAge?: number;
	/** Claims that must be there. Default `["exp"]`; `[]` lifts it. */
	readonly requiredClaims?: readonly string[];
	/** Extension headers that the caller understands and handles. RFC 7515 §4.1.11 */
	readonly crit?: readonly string[];
	/** ID tokens: the nonce sent in the request. OpenID Connect Core §3.1.3.7 (11) */
	readonly nonce?: string;
	/** ID tokens: the access token that `at_hash` must match. OpenID Connect Core §3.1.3.8 */
	readonly accessToken?: string;
	/** ID tokens: the code that `c_hash` must match. OpenID Connect Core §3.3.2.11 */
	readonly code?: string;
	/** ID tokens: seconds since `auth_time` after which the login is too old. OpenID Connect Core §3.1.3.7 (13) */
	readonly maxAge?: number;
	/** ID tokens: the `acr` values to accept. OpenID Connect Core §3.1.3.7 (12) */
	readonly acr?: string | readonly string[];
	/** What `scope`, or else `scp`, must contain, a text or a list; refused with `insufficient_scope`. RFC 6750 §3.1 */
	readonly scope?: string | readonly string[];
	/** Scopes of which the token has to have one. */
	readonly anyScope?: string | readonly string[];
	/** Rules about single claims, each a check of its own. Refused with `claim_refused`. */
	readonly claims?: ClaimRules;
	/**
	 * Says what rules cannot: called with the claims of a token that passed everything else. A text that it returns, or an
	 * error that it throws, refuses the token with `claim_refused`.
	 */
	readonly check?: (claims: Claims) => string | undefined;
	/**
	 * A Standard Schema (zod, valibot, arktype; https://standardschema.dev) for the claims of a token that passed everything
	 * else, `check` included: what it makes of them, and its type, is what `verify` gives as `claims`. Its first issue
	 * refuses the token with `claim_refused`. It is asked about kept verdicts as well (`verdictCache`). One that answers
	 * later makes `verifySync` throw a `TypeError`; what it throws is thrown on. Default: none.
	 */
	readonly schema?: StandardSchema<C>;
	/**
	 * Whose tokens these are, with the checks that the provider's own page asks for. A guard's default profile gives way to
	 * it, a `profile` that is named does not.
	 */
	readonly provider?: Provider;
	/** Bytes. Default 16384. */
	readonly maxTokenSize?: number;
	/** The time in seconds since 1970. Default: the platform's clock. */
	readonly now?: () => number;
	/**
	 * Whether issuer and key set may be reached by plain http, inside a network of your own: whoever can change what goes
	 * over it chooses the keys. Default `false`. RFC 8414 §2
	 */
	readonly allowHttp?: boolean;
	/** Replaces the platform's `fetch`. Verifiers with the same function share key sets. */
	readonly fetch?: Fetch;
	/** Keeps fetched key sets elsewhere as well. Default: in memory only. Verifiers with the same store share key sets. */
	readonly cache?: KeyCache;
	/** How fetched key sets live. */
	readonly keySets?: KeySetDurations;
	/** Called when a key set was fetched, rotated, could not be fetched, serves beyond its age or no longer. */
	readonly onKeys?: KeysListener;
	/**
	 * Keeps the verdicts of this many tokens that passed, so that the same token costs no signature check again
	 * until its keys are fetched anew. `exp` and all that time can change are judged each time. Default: none.
	 * For the time that they are kept, the tokens' texts and claims stay in memory. Of a guard, not beside `onVerdict`.
	 */
	readonly verdictCache?: { readonly maxEntries: number };
}
