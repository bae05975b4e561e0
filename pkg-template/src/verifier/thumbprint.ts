import { withInstance } from "../core/instance.js";
import { snapshot } from "../core/snapshot.js";
import type { Jwk } from "./keys.js";

/** The SHA-256 thumbprint of a key, in base64url. RFC 7638 §3 */
export function jwkThumbprint(jwk: Jwk): string {
	const given = snapshot(jwk, "jwk");
	return withInstance(({ core }) => core.jwkThumbprint(given));
}

/** The thumbprint as a URI: `urn:ietf:params:oauth:jwk-thumbprint:sha-256:…`. RFC 9278 §3 */
export function jwkThumbprintUri(jwk: Jwk): string {
	const given = snapshot(jwk, "jwk");
	return withInstance(({ core }) => core.jwkThumbprintUri(given));
}
