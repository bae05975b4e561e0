// The keys and tokens of these tests. `good` is the key that the issuer means; `evil` has its identifier.

import { randomUUID, sign } from "node:crypto";
import { keyPair, rsaJwk } from "../keys.mjs";

export const audience = "https://api.shop.example.com";
/** The moment at which every scene begins, in seconds since 1970. */
export const start = 1_800_000_000;
const YEAR = 31_536_000;

function signer(kid) {
	const { privateKey, publicKey } = keyPair("ec", { namedCurve: "P-256" });
	const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
	return { kid, privateKey, jwk };
}

export const [good, second, evil] = [signer("k1"), signer("k2"), signer("k1")];
export const others = Array.from({ length: 17 }, (_, at) => signer(`other-${at}`).jwk);
/** The private key beside its public members. */
export const privateJwk = { ...good.jwk, d: good.privateKey.export({ format: "jwk" }).d };
export const x25519 = { ...keyPair("x25519").publicKey.export({ format: "jwk" }), kid: "k1" };
const { kty, n, e } = rsaJwk(1024);
export const rsa1024 = { kty, n, e, kid: "k1" };
export const goodSet = { keys: [good.jwk] };
export const evilSet = { keys: [evil.jwk, { ...evil.jwk, kid: "evil" }] };

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An access token of an issuer, good for years around `start`. */
export function token(issuer, { privateKey, kid } = good, header = {}) {
	const times = { iat: start - YEAR, exp: start + 50 * YEAR };
	const claims = { iss: issuer, aud: audience, sub: "user-1", client_id: "shop", jti: randomUUID(), ...times };
	const input = `${part({ alg: "ES256", typ: "at+jwt", kid, ...header })}.${part(claims)}`;
	const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}
