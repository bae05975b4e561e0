// DPoP at the stories' server (RFC 9449), by jose: proofs with nonces that change with each answer to a token request.

import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";

/** The proofs that one server has seen. */
export class Proofs {
	/** The thumbprints of all keys. */
	keys = new Set();
	#used = new Set();
	#nonce = randomUUID();
	/** The one before is good as well: two tabs may have been given it at once (RFC 9449 §8.2). */
	#earlier;

	/** The headers that go with each answer. */
	get headers() {
		return { "dpop-nonce": this.#nonce };
	}

	/** The thumbprint of the key that a request is proved by; none where it needs the nonce. Rejects bad proofs. */
	async check({ method, headers }, url, accessToken) {
		const { payload, protectedHeader } = await jwtVerify(headers.dpop, EmbeddedJWK, {
			typ: "dpop+jwt",
			algorithms: ["ES256"],
			requiredClaims: ["jti", "iat"],
		});
		const { htm, htu, ath, nonce, jti } = payload;
		if (nonce !== this.#nonce && nonce !== this.#earlier) return undefined;
		if (!accessToken) [this.#earlier, this.#nonce] = [this.#nonce, randomUUID()];
		const hash = accessToken && createHash("sha256").update(accessToken).digest("base64url");
		if (htm !== method || htu !== url || ath !== hash || this.#used.has(jti))
			throw new Error("a proof of something else");
		if (Object.keys(protectedHeader.jwk).sort().join() !== "crv,kty,x,y") throw new Error("more than a public key");
		this.#used.add(jti);
		const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk);
		this.keys.add(thumbprint);
		return thumbprint;
	}
}
