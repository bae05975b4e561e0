// Our side: a key and its checks through the package, as an application makes them.
//
// A key earns its table by use, and the first table of a curve brings that of the base point. So a run begins with
// verifySignature alone, which reads the key anew each time and has no table at all, and goes on with one verifier a
// key, beside which verifySignature now and then has the base point's table alone.

/** With the check of this number a curve's key has its table; src/kernels/high has it. An RSA key has its own at once. */
const EARNED = 24;

const claims = { iss: "https://issuer.example", aud: "https://audience.example", exp: 4_000_000_000 };

/** What is signed: a header and claims with some text. */
export function signingInput(alg, text) {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	return `${part({ alg })}.${part({ ...claims, jti: text })}`;
}

export class Subject {
	#ours;
	#jwk;
	#options;
	#verifier;
	#tally;
	#rsa;
	#cold;
	#checks = 0;

	/** Throws a TokenError if ours is no key. */
	constructor(ours, tally, jwk, algorithms, cold) {
		this.#ours = ours;
		this.#jwk = jwk;
		this.#options = { algorithms };
		this.#tally = tally;
		this.#cold = cold;
		this.#rsa = jwk.kty === "RSA";
		this.#verifier = ours.createVerifier({ issuer: claims.iss, audience: claims.aud, keys: jwk, algorithms });
	}

	/** Our verdict on a token. The ways to it must agree. */
	verifies(token) {
		if (this.#cold) return this.#once(token, "withoutTable");
		const found = this.#verdict(() => this.#verifier.verifySync(token));
		this.#checks += 1;
		this.#tally[this.#rsa || this.#checks >= EARNED ? "withTable" : "withGenerator"] += 1;
		if (this.#checks % 8 === 0 && this.#once(token, "withGenerator") !== found) {
			this.#tally.disagreement(`verifySync ${found}, verifySignature ${!found}: ${JSON.stringify(this.#jwk)} ${token}`);
		}
		return found;
	}

	dispose() {
		this.#verifier.dispose();
	}

	#once(token, column) {
		this.#tally[this.#rsa ? "withTable" : column] += 1;
		return this.#verdict(() => this.#ours.verifySignature(token, this.#jwk, this.#options));
	}

	#verdict(check) {
		try {
			check();
			return true;
		} catch (error) {
			if (error.code === "signature_invalid") return false;
			throw error;
		}
	}
}
