// The platform's signature check alone, by WebCrypto, each awaited: the token is split and decoded beforehand.

const ec = (namedCurve, hash) => ({ name: "ECDSA", namedCurve, hash });
const KINDS = {
	HS256: { name: "HMAC", hash: "SHA-256" },
	RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
	PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
	ES256: ec("P-256", "SHA-256"),
	ES384: ec("P-384", "SHA-384"),
	ES512: ec("P-521", "SHA-512"),
	EdDSA: { name: "Ed25519" },
};

const item = (token) => {
	const at = token.lastIndexOf(".");
	const binary = atob(
		token
			.slice(at + 1)
			.replaceAll("-", "+")
			.replaceAll("_", "/"),
	);
	return {
		data: new TextEncoder().encode(token.slice(0, at)),
		signature: Uint8Array.from(binary, (character) => character.charCodeAt(0)),
	};
};

export const rawWeb = {
	name: "raw",
	async prepare({ alg, jwk: { alg: _, ...jwk } }) {
		const kind = KINDS[alg];
		let key;
		try {
			key = await crypto.subtle.importKey("jwk", jwk, kind, false, ["verify"]);
		} catch (error) {
			if (error.name === "NotSupportedError") return null;
			throw error;
		}
		const check = ({ data, signature }) => crypto.subtle.verify(kind, key, signature, data);
		return { sync: false, claimless: true, item, check };
	},
};
