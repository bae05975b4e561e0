/**
 * Every reason for a refusal. Stable: a code is never renamed, and none changes its meaning.
 */
export type ErrorCode =
	| "token_missing"
	| "token_too_large"
	| "token_malformed"
	| "token_encrypted"
	| "base64url_invalid"
	| "utf8_invalid"
	| "json_invalid"
	| "json_duplicate_member"
	| "json_too_deep"
	| "header_invalid"
	| "alg_missing"
	| "alg_none"
	| "alg_unsupported"
	| "alg_not_allowed"
	| "crit_invalid"
	| "crit_unsupported"
	| "b64_unsupported"
	| "typ_mismatch"
	| "keys_not_loaded"
	| "keys_unavailable"
	| "key_not_found"
	| "key_unsuitable"
	| "key_invalid"
	| "key_weak"
	| "key_private"
	| "signature_missing"
	| "signature_invalid"
	| "claims_invalid"
	| "claim_missing"
	| "claim_invalid"
	| "claim_forbidden"
	| "token_expired"
	| "token_not_yet_valid"
	| "token_issued_in_future"
	| "token_too_old"
	| "issuer_mismatch"
	| "audience_mismatch"
	| "subject_mismatch"
	| "authorized_party_mismatch"
	| "nonce_mismatch"
	| "at_hash_mismatch"
	| "c_hash_mismatch"
	| "auth_time_too_old"
	| "acr_mismatch"
	| "insufficient_scope"
	| "request_invalid"
	| "metadata_invalid"
	| "metadata_unavailable"
	| "state_missing"
	| "state_mismatch"
	| "response_invalid"
	| "response_issuer_mismatch"
	| "access_denied"
	| "authorization_error"
	| "token_response_invalid"
	| "token_request_failed"
	| "login_required"
	| "session_ended"
	| "dpop_invalid"
	| "dpop_method_mismatch"
	| "dpop_url_mismatch"
	| "dpop_expired"
	| "dpop_nonce_mismatch"
	| "dpop_replayed"
	| "dpop_token_mismatch"
	| "dpop_key_mismatch"
	| "token_bound"
	| "pkce_verifier_invalid"
	| "pkce_challenge_invalid"
	| "pkce_method_unsupported"
	| "internal";

/** A refusal as the core tells it. */
export interface ErrorData {
	readonly code: ErrorCode;
	readonly message: string;
	readonly claim?: string | undefined;
	readonly found?: string | undefined;
	readonly expected?: string | undefined;
	readonly spec?: string | undefined;
	readonly status: number;
	readonly challenge?: string | undefined;
}

/**
 * A refusal. It says what failed, what was found, what was wanted and where an RFC says so; never the
 * token and never a secret, and its text is bounded in length.
 */
export class TokenError extends Error {
	override readonly name: "TokenError" = "TokenError";
	/** The reason, stable across versions. */
	readonly code: ErrorCode;
	/** The claim or header member concerned. */
	readonly claim: string | undefined;
	/** What was found, shortened. */
	readonly found: string | undefined;
	/** What was wanted. */
	readonly expected: string | undefined;
	/** The rule, for example `RFC 7519 §4.1.4`. */
	readonly spec: string | undefined;
	/** The HTTP status with which a resource server answers: 400, 401, 403; 503 where the fault is not the token's. */
	readonly status: number;
	/** The `WWW-Authenticate` value of that answer (RFC 6750 §3); empty when none is due. */
	readonly challenge: string;

	constructor(data: ErrorData, cause?: unknown) {
		super(data.message, cause === undefined ? undefined : { cause });
		this.code = data.code;
		this.claim = data.claim;
		this.found = data.found;
		this.expected = data.expected;
		this.spec = data.spec;
		this.status = data.status;
		this.challenge = data.challenge ?? "";
	}
}
