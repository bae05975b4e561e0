// The platform's signature check alone, by node:crypto, without a promise: the token is split and decoded beforehand.

import { constants, createHmac, createPublicKey, createSecretKey, timingSafeEqual, verify } from "node:crypto";

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const flat = { dsaEncoding: "ieee-p1363" };
const KINDS = {
	RS256: ["sha256"],
	PS256: ["sha256", pss],
	ES256: ["sha256", flat],
	ES384: ["sha384", flat],
	ES512: ["sha512", flat],
	EdDSA: [null],
};

const item = (token) => {
	const at = token.lastIndexOf(".");
	return { data: Buffer.from(token.slice(0, at)), signature: Buffer.from(token.slice(at + 1), "base64url") };
};

export const rawNode = {
	name: "raw",
	prepare({ alg, jwk }) {
		if (alg === "HS256") {
			const secret = createSecretKey(Buffer.from(jwk.k, "base64url"));
			const check = ({ data, signature }) =>
				timingSafeEqual(createHmac("sha256", secret).update(data).digest(), signature);
			return { sync: true, claimless: true, item, check };
		}
		const [hash, options] = KINDS[alg];
		const key = { key: createPublicKey({ key: jwk, format: "jwk" }), ...options };
		const check = ({ data, signature }) => verify(hash, data, key, signature);
		return { sync: true, claimless: true, item, check };
	},
};
