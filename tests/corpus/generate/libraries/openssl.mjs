// OpenSSL through node:crypto, asked about signatures alone.
import { constants, createHmac, timingSafeEqual, verify } from "node:crypto";
import { candidates, headerOf } from "./material.mjs";
import { signatureAlone } from "./signature-alone.mjs";

export const name = "openssl";
export const version = process.versions.openssl;

const CURVES = { ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1", ES256K: "secp256k1" };

const holds = (alg, key, input, signature) => {
	const hash = `sha${alg.slice(2, 5)}`;
	switch (alg.slice(0, 2)) {
		case "HS": {
			if (key.type !== "secret") return false;
			const mac = createHmac(hash, key).update(input).digest();
			return mac.length === signature.length && timingSafeEqual(mac, signature);
		}
		case "RS":
			return key.asymmetricKeyType === "rsa" && verify(hash, input, key, signature);
		case "PS":
			return (
				key.asymmetricKeyType === "rsa" &&
				verify(
					hash,
					input,
					{ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
					signature,
				)
			);
		case "ES":
			return (
				key.asymmetricKeyDetails?.namedCurve === CURVES[alg] &&
				verify(hash, input, { key, dsaEncoding: "ieee-p1363" }, signature)
			);
		case "Ed":
			return key.asymmetricKeyType === "ed25519" && verify(null, input, key, signature);
		default:
			return false;
	}
};

const known = (alg) => /^(HS|RS|PS)(256|384|512)$/.test(alg) || alg in CURVES || alg === "EdDSA" || alg === "Ed25519";

export const { skips, accepts, expected } = signatureAlone({
	known,
	holds: (entry, input, signature) =>
		candidates(entry).some((key) => holds(headerOf(entry).alg, key, input, signature)),
});
