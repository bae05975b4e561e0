import type { Fetch, KeyCache } from "../core/fetch-types.js";
import type { KeysListener } from "../core/key-events.js";
import type { StandardSchema } from "../core/standard-schema.js";
import type { Claims } from "./claims.js";
import type { IssuerOptions, IssuerResolver, IssuerTableLimits } from "./issuer-options.js";
import type { PolicyOptions } from "./policy-options.js";

/** The policy of a verifier. The caller decides, never the token. */
export interface VerifierOptions<C extends object = Claims> extends PolicyOptions {
	/**
	 * Exactly the `iss` to accept, several of them, or `null`: explicitly not checked. RFC 7519 §4.1.1
	 *
	 * A name in braces stands for the token's own claim, as in `https://login.example/{tid}/v2.0`. A function says whether an
	 * issuer is ours, for tenants in a database.
	 */
	readonly issuer: string | readonly (string | IssuerOptions)[] | IssuerOptions | IssuerResolver | null;
	/** ID tokens: the nonce sent in the request. OpenID Connect Core §3.1.3.7 (11) */
	readonly nonce?: string;
	/** ID tokens: the access token that `at_hash` must match. OpenID Connect Core §3.1.3.8 */
	readonly accessToken?: string;
	/** ID tokens: the code that `c_hash` must match. OpenID Connect Core §3.3.2.11 */
	readonly code?: string;
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
	/** Bytes. Default 16384. */
	readonly maxTokenSize?: number;
	/** The time in seconds since 1970. Default: the platform's clock. */
	readonly now?: () => number;
	/** Replaces the platform's `fetch`. Verifiers with the same function share key sets. */
	readonly fetch?: Fetch;
	/** Keeps fetched key sets elsewhere as well. Default: in memory only. Verifiers with the same store share key sets. */
	readonly cache?: KeyCache;
	/** How issuers live that are not known from the start: those that a function knows, tenants with keys of their own. */
	readonly issuerTable?: IssuerTableLimits;
	/** Called when a key set was fetched, rotated, could not be fetched, serves beyond its age or no longer. */
	readonly onKeys?: KeysListener;
	/**
	 * Keeps the verdicts of this many tokens that passed, so that the same token costs no signature check again
	 * until its keys are fetched anew. `exp` and all that time can change are judged each time. Default: none.
	 * For the time that they are kept, the tokens' texts and claims stay in memory. Of a guard, not beside `onVerdict`.
	 */
	readonly verdictCache?: { readonly maxEntries: number };
}
