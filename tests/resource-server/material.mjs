// Tokens and proofs, made by jose.

import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";

export const issuer = "https://auth.example.com";
export const audience = "https://api.example.com";

const signing = await generateKeyPair("ES256");
/** What a guard needs to know to check the tokens. */
export const base = {
	issuer,
	audience,
	keys: { ...(await exportJWK(signing.publicKey)), kid: "k", alg: "ES256" },
};

/** An access token that is good for five minutes (RFC 9068), unless its claims say otherwise. */
export function accessToken(claims = {}) {
	const iat = Math.floor(Date.now() / 1000);
	const own = { iss: issuer, aud: audience, sub: "user-1", client_id: "shop", jti: randomUUID(), iat, exp: iat + 300 };
	return new SignJWT({ ...own, ...claims })
		.setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "k" })
		.sign(signing.privateKey);
}

/** A logout token of the same issuer (OpenID Connect Back-Channel Logout 1.0 §2.4), for the client `shop`. */
export function logoutToken(claims = {}) {
	const iat = Math.floor(Date.now() / 1000);
	const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
	return new SignJWT({ iss: issuer, aud: "shop", jti: randomUUID(), iat, exp: iat + 120, events, ...claims })
		.setProtectedHeader({ alg: "ES256", typ: "logout+jwt", kid: "k" })
		.sign(signing.privateKey);
}

/** The holder of a key that tokens are bound to. */
export async function holder() {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const jwk = await exportJWK(publicKey);
	const proof = (token, htu, claims = {}) =>
		new SignJWT({
			jti: randomUUID(),
			htm: "GET",
			htu,
			iat: Math.floor(Date.now() / 1000),
			ath: createHash("sha256").update(token).digest("base64url"),
			...claims,
		})
			.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
			.sign(privateKey);
	return { proof, cnf: { jkt: await calculateJwkThumbprint(jwk) } };
}
