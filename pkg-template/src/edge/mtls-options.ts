/** Where the certificate of a client's connection is found: exactly one place. RFC 8705 §3 */
export interface MtlsOptions {
	/**
	 * `"allowed"`: tokens that are bound to a certificate pass over a connection by it, others as ever. `"required"`: no other
	 * token passes. Default `"allowed"`.
	 */
	readonly mode?: "allowed" | "required";
	/**
	 * The header by which a proxy hands on the certificate that it has verified, and which it takes from every request that
	 * has none: `Client-Cert` (RFC 9440 §2.2), or PEM with percent-encoding, as nginx gives `$ssl_client_escaped_cert`.
	 */
	readonly header?: string;
	/** In `request.cf.tlsClientAuth`, where Cloudflare says that it has verified one. */
	readonly cloudflare?: boolean;
}
