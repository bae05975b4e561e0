/** What metadata is read for: the members that have to be there. */
export type MetadataPurpose = "keys" | "introspection" | "login" | "openid-login";

/** Authorization server metadata (RFC 8414 §2), as far as it is read here. */
export interface Metadata {
	readonly issuer: string;
	readonly authorizationEndpoint: string | null;
	readonly tokenEndpoint: string | null;
	readonly jwksUri: string | null;
	readonly endSessionEndpoint: string | null;
	readonly userinfoEndpoint: string | null;
	readonly introspectionEndpoint: string | null;
	readonly revocationEndpoint: string | null;
	readonly pushedAuthorizationRequestEndpoint: string | null;
	readonly requirePushedAuthorizationRequests: boolean;
	readonly authorizationResponseIssParameterSupported: boolean;
}
