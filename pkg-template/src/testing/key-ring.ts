// The issuer's keys: those that it has had, those that it publishes, and the one that signs.

import type { JwkSet } from "../verifier/keys.js";
import { SigningKey } from "./signing-key.js";
import type { TestAlgorithm } from "./types.js";

export class KeyRing {
	readonly #alg: TestAlgorithm;
	readonly #all: SigningKey[];
	#published: SigningKey[];
	current: SigningKey;

	constructor(alg: TestAlgorithm, first: SigningKey) {
		this.#alg = alg;
		this.#all = [first];
		this.#published = [first];
		this.current = first;
	}

	/** The published set, with secrets of HMAC. */
	get jwks(): JwkSet {
		return { keys: this.#published.map(({ jwk }) => jwk) };
	}

	/** The set as everybody may see it. */
	get publicJwks(): JwkSet {
		return { keys: this.jwks.keys.filter(({ kty }) => kty !== "oct") };
	}

	/** The key of a name, else the one that signs. */
	find(kid: unknown): SigningKey {
		return this.#all.find((key) => key.kid === kid) ?? this.current;
	}

	/** Signs with a new key. */
	async rotate(withdraw: boolean): Promise<string> {
		const key = await SigningKey.generate(this.#alg, `key-${this.#all.length + 1}`);
		this.current = key;
		this.#all.push(key);
		this.#published = withdraw ? [key] : [...this.#published, key];
		return key.kid;
	}
}
