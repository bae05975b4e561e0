/** A token response as the core reads it: what it may leave out is filled in. */
export interface TokenResponse {
	readonly accessToken: string;
	readonly tokenType: string;
	/** Seconds. */
	readonly expiresIn: number | null;
	readonly refreshToken: string | null;
	readonly scope: string;
	readonly idToken: string | null;
}
