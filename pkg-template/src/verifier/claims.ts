// Claims, headers and what has been verified. No type here needs DOM types.

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };

/** The claims of a token (RFC 7519 §4). Times are seconds since 1970 (NumericDate). */
export interface Claims {
	readonly iss?: string;
	readonly sub?: string;
	readonly aud?: string | string[];
	/** Seconds since 1970. */
	readonly exp?: number;
	/** Seconds since 1970. */
	readonly nbf?: number;
	/** Seconds since 1970. */
	readonly iat?: number;
	readonly jti?: string;
	readonly [claim: string]: unknown;
}

/** The JOSE header of a token (RFC 7515 §4). */
export interface Header {
	readonly alg: string;
	readonly kid?: string;
	readonly typ?: string;
	readonly cty?: string;
	readonly crit?: string[];
	readonly [member: string]: unknown;
}

/** A token whose every check has passed. */
export interface Verified<C extends object = Claims> {
	readonly claims: C;
	readonly header: Header;
}
