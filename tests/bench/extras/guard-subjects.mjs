// What guards are given: tokens, and tokens that are bound to a key, each with a proof of its own.

import { createHash, randomUUID } from "node:crypto";
import { claims, mintJws, mintKey, mintToken, subjectOf } from "../tokens.mjs";

export const KINDS = ["ES256", "RS256"];
const TOKENS = { quick: 512, full: 4096 };

/** The subject of bearer tokens and the one of bound tokens; `items` and `refused` of both have tokens and their proofs. */
export function guardSubjects(algorithm, { quick }) {
	const key = mintKey(algorithm);
	const tokens = (changes) =>
		Array.from({ length: quick ? TOKENS.quick : TOKENS.full }, () => mintToken(key, claims(changes)));
	const bearer = subjectOf(key, tokens());
	const holder = mintKey("ES256");
	const bound = subjectOf(key, tokens({ cnf: { jkt: thumbprint(holder.jwk) } }));
	const madeAt = Math.floor(Date.now() / 1000);
	const proved = (token, by = holder, changes = {}) => ({
		token,
		proof: proofOf(token, by, { iat: madeAt, ...changes }),
	});
	const [token, another] = bound.tokens;
	return {
		bearer: withItems(bearer, (token) => ({ token })),
		bound: withItems({ ...bound, madeAt }, (token) => proved(token), {
			"another token's proof": { token, proof: proved(another).proof },
			"another key's proof": proved(token, mintKey("ES256")),
			"another method's proof": proved(token, holder, { htm: "POST" }),
			"an old proof": proved(token, holder, { iat: madeAt - 3600 }),
		}),
	};
}

function withItems({ tokens, refused, ...subject }, item, worse = {}) {
	const bad = Object.fromEntries(Object.entries(refused).map(([reason, token]) => [reason, item(token)]));
	return { ...subject, items: tokens.map(item), refused: { ...bad, ...worse } };
}

/** A DPoP proof. RFC 9449 §4.2 */
function proofOf(token, holder, changes) {
	const { kty, crv, x, y } = holder.jwk;
	const ath = createHash("sha256").update(token).digest("base64url");
	const payload = { jti: randomUUID(), htm: "GET", htu: "https://api.shop.example.com/purchases", ath, ...changes };
	return mintJws(holder, { typ: "dpop+jwt", jwk: { kty, crv, x, y } }, payload);
}

/** RFC 7638 §3.2 */
const thumbprint = ({ crv, kty, x, y }) =>
	createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
