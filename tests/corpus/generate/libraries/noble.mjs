// noble, in JavaScript throughout, asked about signatures alone.

import { createPublicKey } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { headerOf, keysOf } from "./material.mjs";
import { signatureAlone } from "./signature-alone.mjs";

export const name = "noble";
export const package_ = "@noble/curves";

const CURVES = {
	ES256: [p256, "P-256", 32],
	ES384: [p384, "P-384", 48],
	ES512: [p521, "P-521", 66],
	ES256K: [secp256k1, "secp256k1", 32],
};
const LATTICES = { "ML-DSA-44": ml_dsa44, "ML-DSA-65": ml_dsa65, "ML-DSA-87": ml_dsa87 };
const octets = (text) => new Uint8Array(Buffer.from(text, "base64url"));

const holds = (alg, key, input, signature) => {
	try {
		if (alg in CURVES) {
			const [curve, crv, length] = CURVES[alg];
			if (key.crv !== crv) return false;
			const point = Uint8Array.from([
				4,
				...Buffer.concat(
					[key.x, key.y].map((member) => Buffer.concat([Buffer.alloc(length), octets(member)]).subarray(-length)),
				),
			]);
			return curve.verify(signature, input, point, { lowS: false });
		}
		if (alg in LATTICES) return key.alg === alg && LATTICES[alg].verify(signature, input, octets(key.pub));
		return key.crv === "Ed25519" && ed25519.verify(signature, input, octets(key.x), { zip215: false });
	} catch {
		return false;
	}
};

const jwks = (entry) => {
	const keys = keysOf(entry);
	if (typeof keys === "string") return [createPublicKey(keys).export({ format: "jwk" })];
	const { kid } = headerOf(entry);
	return (Array.isArray(keys?.keys) ? keys.keys : [keys]).filter(
		(key) => kid === undefined || key?.kid === undefined || key?.kid === kid,
	);
};

const judge = signatureAlone({
	known: (alg) => alg in CURVES || alg in LATTICES || alg === "EdDSA" || alg === "Ed25519",
	holds: (entry, input, signature) =>
		jwks(entry).some((key) => holds(headerOf(entry).alg, key, new Uint8Array(input), new Uint8Array(signature))),
});

export const { accepts, expected } = judge;

// It is slow, and thousands of cases differ in their claims alone.
const ABOUT_CLAIMS = /^(json|numeric-date|claims|issuer-audience|access-token|id-token|logout-token|order)\//;

export const skips = (entry) =>
	ABOUT_CLAIMS.test(entry.name) && headerOf(entry).alg === "ES256" ? "the claims are the subject" : judge.skips(entry);
