// New keys. Not what generateKeyPairSync gives by itself: Node.js 20 waits for itself for ever where a key of any type is
// exported as a JWK while the job that generated it is collected as garbage. What jose generates is safe from that.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

/** A private RSA key of so many bits as a JWK. */
export function rsaJwk(modulusLength = 2048) {
	const encoding = { format: "jwk" };
	const options = { modulusLength, privateKeyEncoding: encoding, publicKeyEncoding: encoding };
	return generateKeyPairSync("rsa", options).privateKey;
}

/** A key pair of any type as `KeyObject`s. */
export function keyPair(type, options) {
	const privateKeyEncoding = { format: "pem", type: "pkcs8" };
	const pem = generateKeyPairSync(type, { ...options, privateKeyEncoding });
	const privateKey = createPrivateKey(pem.privateKey);
	return { privateKey, publicKey: createPublicKey(privateKey) };
}
