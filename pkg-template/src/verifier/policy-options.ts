import type { ClaimRules, Provider } from "./claim-rules.js";
import type { KeySetDurations } from "./key-set-durations.js";
import type { Algorithm, Keys } from "./keys.js";

/** What can be said of one issuer: what its tokens have to be, and where its keys are. */
export interface PolicyOptions {
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
	/**
	 * Where the key set is; else discovered from the issuer (RFC 8414 §3, OpenID Connect Discovery §4). With the claims of a
	 * template in it, each tenant has a key set of its own.
	 */
	readonly jwksUri?: string;
	/**
	 * Whose metadata says where the key set is, if not the issuer's own: for a template, the address that all tenants share.
	 * The metadata may be about either. RFC 8414 §3.3
	 */
	readonly metadataIssuer?: string;
	/** Takes tokens of every tenant of a template; else `claims` has to say which are ours. Default `false`. */
	readonly anyTenant?: boolean;
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
	/**
	 * Seconds since `auth_time` after which the login is too old that led to an ID token, or to an access token.
	 * OpenID Connect Core §3.1.3.7 (13), RFC 9470 §3
	 */
	readonly maxAge?: number;
	/**
	 * The `acr` values to accept of an ID token, or of an access token. A guard names them in its challenge, as it does
	 * `maxAge`: `insufficient_user_authentication`. OpenID Connect Core §3.1.3.7 (12), RFC 9470 §3
	 */
	readonly acr?: string | readonly string[];
	/** What `scope`, or else `scp`, must contain, a text or a list; refused with `insufficient_scope`. RFC 6750 §3.1 */
	readonly scope?: string | readonly string[];
	/** Scopes of which the token has to have one. */
	readonly anyScope?: string | readonly string[];
	/** Rules about single claims, each a check of its own. Refused with `claim_refused`. */
	readonly claims?: ClaimRules;
	/**
	 * Whose tokens these are, with the checks that the provider's own page asks for. A guard's default profile gives way to
	 * it, a `profile` that is named does not.
	 */
	readonly provider?: Provider;
	/**
	 * Whether issuer and key set may be reached by plain http, inside a network of your own: whoever can change what goes
	 * over it chooses the keys. Default `false`. RFC 8414 §2
	 */
	readonly allowHttp?: boolean;
	/** How fetched key sets live. */
	readonly keySets?: KeySetDurations;
}
