import { enter } from "./engine.js";
import { snapshot } from "./options.js";
import type { Jwk } from "./types.js";

/** The SHA-256 thumbprint of a key, in base64url. RFC 7638 §3 */
export function jwkThumbprint(jwk: Jwk): string {
	const key = snapshot(jwk, "jwk");
	return enter(({ glue }) => glue.jwkThumbprint(key));
}

/** The thumbprint as a URI: `urn:ietf:params:oauth:jwk-thumbprint:sha-256:…`. RFC 9278 §3 */
export function jwkThumbprintUri(jwk: Jwk): string {
	const key = snapshot(jwk, "jwk");
	return enter(({ glue }) => glue.jwkThumbprintUri(key));
}
