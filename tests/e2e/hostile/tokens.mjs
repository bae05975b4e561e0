// Keys, and tokens that are put together by hand: whatever is wrong with one is wanted.

import { createHmac, sign } from "node:crypto";
import { keyPair } from "../../keys.mjs";

function pair(kid, kind, options, alg) {
	const { privateKey, publicKey } = keyPair(kind, options);
	return { privateKey, publicKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" } };
}

/** `other` and `weak` are in no honest key set. */
export const KEYS = {
	ec: pair("e1", "ec", { namedCurve: "P-256" }, "ES256"),
	rsa: pair("r1", "rsa", { modulusLength: 2048 }, "RS256"),
	other: pair("e1", "ec", { namedCurve: "P-256" }, "ES256"),
	weak: pair("w1", "rsa", { modulusLength: 1024 }, "RS256"),
};

export const part = (value) =>
	Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

const SIGNERS = {
	ES256: (input, { privateKey }) => sign("sha256", input, { key: privateKey, dsaEncoding: "ieee-p1363" }),
	RS256: (input, { privateKey }) => sign("sha256", input, privateKey),
	HS256: (input, secret) => createHmac("sha256", secret).update(input).digest(),
};

/** A token of these parts: objects, or texts as they are. Whatever its header says, the algorithm is the last argument. */
export function signed(header, claims, key, alg = "ES256") {
	const input = `${part(header)}.${part(claims)}`;
	return `${input}.${SIGNERS[alg](Buffer.from(input), key).toString("base64url")}`;
}

/** The same with one part changed: a text, or what a function makes of the object. */
export function altered(token, index, change) {
	const parts = token.split(".");
	const value = index === 2 ? parts[2] : JSON.parse(Buffer.from(parts[index], "base64url"));
	const changed = change(value);
	parts[index] = index === 2 ? changed : part(changed);
	return parts.join(".");
}

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
export const headerOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url"));
/** Signs the claims of a token once more, below another header. */
export const again = (header, key, alg) => (token) =>
	signed({ ...headerOf(token), ...header }, claimsOf(token), key, alg);
