// Compact tokens from parts, each of which a case can replace by raw text or bytes.
import { usualAlgorithm } from "./keys.mjs";
import { beginToken, sign } from "./sign.mjs";

export const NOW = 1_800_000_000;
export const ISSUER = "https://auth.example.com";
export const AUDIENCE = "https://api.shop.example.com";

export const CLAIMS = { iss: ISSUER, sub: "user-1", aud: AUDIENCE, exp: NOW + 300, iat: NOW - 10 };

export const base64url = (data) => Buffer.from(data).toString("base64url");

/** An object becomes JSON, text its UTF-8, bytes stay. */
export const bytes = (part) => {
	if (Buffer.isBuffer(part)) return part;
	return Buffer.from(typeof part === "string" ? part : JSON.stringify(part));
};

/** The JSON text of the usual claims with raw JSON texts put in: `{ exp: "1e400" }`. */
export const claimsText = (texts, claims = CLAIMS) => {
	const members = Object.entries(claims).map(([name, value]) => [name, JSON.stringify(value)]);
	const all = { ...Object.fromEntries(members), ...texts };
	const written = Object.entries(all).filter(([, text]) => text !== undefined);
	return `{${written.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
};

const isPlain = (value) =>
	typeof value === "object" && value !== null && !Buffer.isBuffer(value) && !Array.isArray(value);

/**
 * A token. `header` and `payload` are added to the usual members when they are objects, and taken
 * as they are otherwise. `segments` alters the encoded header and payload before signing, `signature`
 * alters or replaces the signature, `after` alters the token once it is signed.
 */
export const mint = ({ key = "es256", alg, header, payload, claims = CLAIMS, segments, signature, after, signAs }) => {
	const algorithm = alg ?? usualAlgorithm(key);
	const usual = { alg: algorithm, typ: "JWT", kid: key };
	const headerPart = header === undefined || isPlain(header) ? { ...usual, ...header } : header;
	const payloadPart = payload === undefined || isPlain(payload) ? { ...claims, ...payload } : payload;
	let encoded = [base64url(bytes(headerPart)), base64url(bytes(payloadPart))];
	if (segments) encoded = segments(...encoded);
	const input = encoded.join(".");
	beginToken(input);
	let signed;
	if (typeof signature === "string") signed = signature;
	else {
		const made = Buffer.isBuffer(signature)
			? signature
			: signAs
				? signAs(Buffer.from(input))
				: sign(algorithm, key, input);
		const altered = typeof signature === "function" ? signature(made, input) : made;
		signed = typeof altered === "string" ? altered : base64url(altered);
	}
	const token = `${input}.${signed}`;
	return after ? after(token) : token;
};
