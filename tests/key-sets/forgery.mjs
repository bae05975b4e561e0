// Tokens that nobody has signed, which cost little to make.

import { randomBytes } from "node:crypto";
import { audience, start } from "./material.mjs";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
let made = 0;

/** An access token of an issuer with a key's identifier and a signature that is none. */
export function forgery(issuer, kid) {
	const times = { iat: start, exp: start + 86_400 };
	const claims = { iss: issuer, aud: audience, sub: "admin", client_id: "shop", jti: `${++made}`, ...times };
	return [part({ alg: "ES256", typ: "at+jwt", kid }), part(claims), randomBytes(64).toString("base64url")].join(".");
}
