// The issuer's metadata, and where it is.

import { merge } from "./options.js";
import type { Shape } from "./shape.js";
import type { TestAlgorithm } from "./types.js";

/** Where an issuer's metadata is. RFC 8414 §3.1, OpenID Connect Discovery §4 */
export function discoveryUrls(issuer: string): string[] {
	const { origin, pathname } = new URL(issuer);
	const path = pathname.replace(/\/$/, "");
	return [
		`${origin}/.well-known/oauth-authorization-server${path}`,
		`${origin}${path}/.well-known/openid-configuration`,
	];
}

/** The metadata. RFC 8414 §2 */
export function metadataOf(
	issuer: string,
	alg: TestAlgorithm,
	{ keys }: Shape,
	more: object | undefined,
): Record<string, unknown> {
	const at = (path: string) => issuer.replace(/\/$/, "") + path;
	const defaults = {
		issuer,
		jwks_uri: keys.startsWith("/") ? at(keys) : new URL(keys, issuer).href,
		authorization_endpoint: at("/authorize"),
		token_endpoint: at("/token"),
		response_types_supported: ["code"],
		grant_types_supported: ["authorization_code", "client_credentials", "refresh_token"],
		token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
		subject_types_supported: ["public"],
		id_token_signing_alg_values_supported: [alg],
		code_challenge_methods_supported: ["S256"],
		authorization_response_iss_parameter_supported: true,
	};
	return merge(defaults, more);
}
