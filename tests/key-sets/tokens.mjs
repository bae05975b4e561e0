// Keys, and tokens signed by them or by nobody.

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export const audience = "https://api.shop.example.com";
/** The moment at which everything begins, in seconds since 1970. */
export const start = 1_800_000_000;

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
let made = 0;

/** A signing key. */
export function signer(kid) {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	return {
		jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" },
		/** An access token, good for a day from `start` unless told otherwise. */
		token(issuer, claims = {}) {
			const input = unsigned(issuer, kid, claims);
			const key = { key: privateKey, dsaEncoding: "ieee-p1363" };
			return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
		},
	};
}

/** An access token that nobody has signed. */
export const forgery = (issuer, kid) => `${unsigned(issuer, kid)}.${randomBytes(64).toString("base64url")}`;

function unsigned(issuer, kid, claims) {
	const times = { iat: start, exp: start + 86_400 };
	const all = { iss: issuer, aud: audience, sub: "user-1", client_id: "shop", jti: `${++made}`, ...times, ...claims };
	return `${part({ alg: "ES256", typ: "at+jwt", kid })}.${part(all)}`;
}
