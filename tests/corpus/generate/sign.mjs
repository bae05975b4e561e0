// Signatures, by OpenSSL through node:crypto, by noble where OpenSSL lacks the algorithm.
import {
	constants,
	createHash,
	createHmac,
	sign as opensslSign,
	verify as opensslVerify,
	privateEncrypt,
} from "node:crypto";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { member, privateJwk, privateKey, publicKey } from "./keys.mjs";

const mlDsa = { "ML-DSA-44": ml_dsa44, "ML-DSA-65": ml_dsa65, "ML-DSA-87": ml_dsa87 };

// Signatures of the committed corpus by signing input. ECDSA and PSS are randomised: an old
// signature that still verifies is kept, so that minting again changes only what has to change.
const known = new Map();

export const rememberToken = (token) => {
	const dot = token.lastIndexOf(".");
	const input = token.slice(0, dot);
	if (!known.has(input)) known.set(input, []);
	known.get(input).push(Buffer.from(token.slice(dot + 1), "base64url"));
};

let signingInput = "";

/** Says which token is being signed. */
export const beginToken = (input) => {
	signingInput = input;
};

const kept = (verifies, make) => {
	const text = signingInput;
	if (!known.has(text)) known.set(text, []);
	const signatures = known.get(text);
	const old = signatures.find(verifies);
	if (old) return old;
	const made = make();
	signatures.push(made);
	return made;
};

/** The signature of `input` by a test key. */
export const sign = (alg, keyName, input) => {
	const data = Buffer.from(input);
	const hash = `sha${alg.slice(2, 5)}`;
	switch (alg.slice(0, 2)) {
		case "HS":
			return createHmac(hash, member(keyName, "k")).update(data).digest();
		case "RS":
			return opensslSign(hash, data, privateKey(keyName));
		case "PS":
			return signPss(keyName, data, hash, Number(alg.slice(2)) / 8);
		case "ES":
			return signEcdsa(keyName, data, hash);
		case "Ed":
			return opensslSign(null, data, privateKey(keyName));
		case "ML":
			return signMlDsa(keyName, data);
		default:
			throw new Error(`no signer for ${alg}`);
	}
};

export const signEcdsa = (keyName, data, hash) => {
	const options = { dsaEncoding: "ieee-p1363" };
	return kept(
		(signature) => opensslVerify(hash, data, { key: publicKey(keyName), ...options }, signature),
		() => opensslSign(hash, data, { key: privateKey(keyName), ...options }),
	);
};

/** An ECDSA signature that also has the looks that a case wants. */
export const signWhere = (keyName, data, hash, looks = () => true) => {
	const key = { dsaEncoding: "ieee-p1363" };
	const verifies = (signature) =>
		looks(signature) && opensslVerify(hash, data, { key: publicKey(keyName), ...key }, signature);
	return kept(verifies, () => {
		for (;;) {
			const made = opensslSign(hash, data, { key: privateKey(keyName), ...key });
			if (looks(made)) return made;
		}
	});
};

export const signPss = (keyName, data, hash, saltLength) => {
	const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
	return kept(
		(signature) => opensslVerify(hash, data, { key: publicKey(keyName), ...options }, signature),
		() => opensslSign(hash, data, { key: privateKey(keyName), ...options }),
	);
};

export const signMlDsa = (keyName, data, context) => {
	const { alg, priv } = privateJwk(keyName);
	const { secretKey } = mlDsa[alg].keygen(new Uint8Array(Buffer.from(priv, "base64url")));
	// Deterministic (FIPS 204 §3.4), so that it stays the same.
	return Buffer.from(mlDsa[alg].sign(new Uint8Array(data), secretKey, { extraEntropy: false, context }));
};

export const hmac = (hash, secret, input) => createHmac(hash, secret).update(input).digest();

/** RSA with the encoded message given: for encodings that no library makes. */
export const rsaRaw = (keyName, encoded) =>
	privateEncrypt({ key: privateKey(keyName), padding: constants.RSA_NO_PADDING }, encoded);

export const digest = (hash, data) => createHash(hash).update(data).digest();
