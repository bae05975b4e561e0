import { ask } from "./engine.js";
import { JWK_THUMBPRINT, JWK_THUMBPRINT_URI } from "./operations.js";
import { snapshot } from "./options.js";
import type { Jwk } from "./types.js";

/** The SHA-256 thumbprint of a key, in base64url. RFC 7638 §3 */
export function jwkThumbprint(jwk: Jwk): string {
	return ask(JWK_THUMBPRINT, snapshot(jwk, "jwk"));
}

/** The thumbprint as a URI: `urn:ietf:params:oauth:jwk-thumbprint:sha-256:…`. RFC 9278 §3 */
export function jwkThumbprintUri(jwk: Jwk): string {
	return ask(JWK_THUMBPRINT_URI, snapshot(jwk, "jwk"));
}
