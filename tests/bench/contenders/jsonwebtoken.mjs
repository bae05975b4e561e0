// jsonwebtoken with a KeyObject made beforehand. It knows no EdDSA, and has no option for `typ`.

import { createPublicKey, createSecretKey } from "node:crypto";
import jwt from "jsonwebtoken";

export const jsonwebtoken = {
	name: "jsonwebtoken",
	prepare({ alg, issuer, audience, jwk }) {
		if (alg === "EdDSA") return null;
		const key =
			jwk.kty === "oct"
				? createSecretKey(Buffer.from(jwk.k, "base64url"))
				: createPublicKey({ key: jwk, format: "jwk" });
		const options = { issuer, audience, algorithms: [alg] };
		return { sync: true, check: (token) => jwt.verify(token, key, options) };
	},
};
