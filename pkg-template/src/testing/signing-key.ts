// A key of the issuer: what it signs, and the JWK that checks it.

import type { Jwk } from "../verifier/keys.js";
import { ALGORITHMS } from "./algorithms.js";
import { base64url, utf8 } from "./encoding.js";
import { subtle } from "./platform.js";
import type { TestAlgorithm } from "./types.js";

/** The members of a JWK that are secret. RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 9964 §3 */
const SECRET_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

/** A key, and its JWK as it is published. */
export class SigningKey {
	readonly kid: string;
	/** With the secret of an HMAC algorithm, else with public members alone. */
	readonly jwk: Jwk;
	readonly #alg: TestAlgorithm;
	readonly #private: CryptoKey;

	private constructor(alg: TestAlgorithm, kid: string, key: CryptoKey, jwk: Jwk) {
		this.#alg = alg;
		this.#private = key;
		this.kid = kid;
		const own = Object.entries(jwk).filter(([name]) => !["key_ops", "ext", ...SECRET_MEMBERS].includes(name));
		this.jwk = { ...Object.fromEntries(own), kid, alg, use: "sig" };
	}

	/** Makes a new key. Throws a TypeError where this runtime cannot. */
	static async generate(alg: TestAlgorithm, kid: string): Promise<SigningKey> {
		const web = subtle();
		const made = await web.generateKey(ALGORITHMS[alg].key, true, ["sign", "verify"]).catch((cause: unknown) => {
			throw new TypeError(`alg: this runtime's WebCrypto makes no keys for ${alg}; ES256 is everywhere`, { cause });
		});
		const key = "privateKey" in made ? made.privateKey : made;
		return new SigningKey(alg, kid, key, await exported(key));
	}

	/** Takes a private JWK. Throws a TypeError for what is none of the algorithm. */
	static async from(alg: TestAlgorithm, kid: string, jwk: Jwk): Promise<SigningKey> {
		const { alg: _, use: __, key_ops: ___, kid: ____, ...members } = jwk;
		// Keys of ML-DSA need the member, and RSA and EdDSA have several names for what is one key.
		const given = jwk.kty === "AKP" ? { ...members, alg } : members;
		const work = () => subtle().importKey("jwk", given as JsonWebKey, ALGORITHMS[alg].key as Algorithm, true, ["sign"]);
		const key = await work().catch((cause: unknown) => {
			throw new TypeError(`signingKey: expected a private JWK for ${alg}`, { cause });
		});
		return new SigningKey(alg, kid, key, members);
	}

	/** The compact form of a token. Without a signature where the header says `none`. RFC 7515 §7.1 */
	async sign(header: object, claims: object): Promise<string> {
		const input = `${part(header)}.${part(claims)}`;
		if ((header as { alg?: unknown }).alg === "none") return `${input}.`;
		const signature = await subtle().sign(ALGORITHMS[this.#alg].signature, this.#private, utf8(input));
		return `${input}.${base64url(new Uint8Array(signature))}`;
	}

	/** The private JWK. */
	async export(): Promise<Jwk> {
		const { key_ops: _, ext: __, ...members } = await exported(this.#private);
		return { ...members, kid: this.kid, alg: this.#alg };
	}
}

const part = (value: object): string => base64url(utf8(JSON.stringify(value)));

async function exported(key: CryptoKey): Promise<Jwk> {
	return { ...(await subtle().exportKey("jwk", key)) };
}
