/** Which tokens a guard takes, and how opaque ones are judged. */
export interface OpaqueTokenOptions {
	/**
	 * `"jwt"`: the guard judges tokens by their signature. `"opaque"`: it asks their issuer about each (RFC 7662), JWTs as
	 * well. `"both"`: what is a JWT of a trusted issuer is judged as one, and refused as one; all else is asked about.
	 * Default `"jwt"`. Whatever the issuer says is judged by the same options as a JWT's claims; of an answer `iss`,
	 * `sub`, `client_id`, `iat` and `jti` are required only by `requiredClaims`.
	 */
	readonly tokens?: "jwt" | "opaque" | "both";
	/** Whom to ask about opaque tokens, and how. Required with `tokens: "opaque"` and `"both"`, and of no effect without. */
	readonly introspection?: IntrospectionOptions;
}

/** How a guard asks an issuer about opaque tokens. */
export interface IntrospectionOptions {
	/** The identifier of this API at the issuer. RFC 7662 §2.1 */
	readonly clientId: string;
	/** Its secret. Either this or `privateKey`. RFC 6749 §2.3.1 */
	readonly clientSecret?: string;
	/** How the secret is sent. Default `"client_secret_basic"`. OpenID Connect Core §9 */
	readonly clientAuthentication?: "client_secret_basic" | "client_secret_post";
	/**
	 * The private key that signs an assertion for each request (`private_key_jwt`): a JWK, whose `kid` goes along; a
	 * `CryptoKey` with the usage `sign`; PEM (PKCS #8), or a `KeyObject` of Node.js. ES256, ES384, ES512, EdDSA, RS256 to RS512,
	 * PS256 to PS512. What a key does not say stands beside it, `{ key, alg, kid }`: `alg` with an RSA key in PEM. RFC 7523 §2.2
	 */
	readonly privateKey?: string | object;
	/** The address to ask. Default: `introspection_endpoint` of the issuer's metadata, looked up each hour. RFC 8414 §2 */
	readonly endpoint?: string;
	/** Of several trusted issuers, the one to ask: no other's tokens can be opaque. Default: the only one. */
	readonly issuer?: string;
	/** `true`: asks for answers that the issuer has signed with its keys, and takes no others. Default `false`. RFC 9701 */
	readonly signedAnswers?: boolean;
	/**
	 * For how many seconds an answer serves: so long a token that was revoked may still pass. `exp` is judged each time.
	 * 0: for nobody but those who ask at the same time. At most 300. Default 30.
	 */
	readonly cacheFor?: number;
	/** The same for a token that is not active. At most 60. Default 5, or `cacheFor` if that is less. */
	readonly inactiveFor?: number;
	/** Seconds that one request may take, 0.1 to 60. Default 5. */
	readonly timeout?: number;
	/** How many answers are kept, by the SHA-256 of their token; as many again about tokens that are not active. Default 1000. */
	readonly maxEntries?: number;
}
