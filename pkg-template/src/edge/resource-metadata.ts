/**
 * What the metadata of a resource says besides what follows from other options: `resource`, `authorization_servers`,
 * `dpop_signing_alg_values_supported`, `dpop_bound_access_tokens_required`,
 * `tls_client_certificate_bound_access_tokens`. RFC 9728 §2
 */
export interface ResourceMetadata {
	/** A name for users. */
	readonly resource_name?: string;
	/** The address of a page for developers. */
	readonly resource_documentation?: string;
	/** The address of a page about how clients may use the data. */
	readonly resource_policy_uri?: string;
	/** The address of a page with the terms of service. */
	readonly resource_tos_uri?: string;
	/** The address of the keys by which the resource signs its answers. */
	readonly jwks_uri?: string;
	/** The members as a JWT that somebody has signed, passed on as it is. */
	readonly signed_metadata?: string;
	/** Scopes besides those of `scope`, for example those of single routes. */
	readonly scopes_supported?: readonly string[];
	/** How tokens may be sent. Default `["header"]`. */
	readonly bearer_methods_supported?: readonly ("header" | "body" | "query")[];
	/** The algorithms by which the resource signs its answers. */
	readonly resource_signing_alg_values_supported?: readonly string[];
	/** The types of authorization details that it understands. RFC 9396 */
	readonly authorization_details_types_supported?: readonly string[];
}
