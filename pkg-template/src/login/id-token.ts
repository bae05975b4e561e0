// The ID token's verdict. Every rule of it is the core's; here it only gets what it needs to know.

import {
	type Claims,
	createVerifier,
	type Explanation,
	type Fetch,
	type KeyCache,
	type VerifierOptions,
} from "../core.js";

/** What an ID token must agree with, beyond issuer and client. */
export type Expected = Pick<VerifierOptions, "nonce" | "accessToken" | "subject" | "now">;

/** Checks the ID tokens of one client at one issuer (OpenID Connect Core §3.1.3.7). */
export class IdTokens {
	readonly #policy: Pick<VerifierOptions, "issuer" | "audience" | "fetch" | "now">;
	readonly #cache: KeyCache = memory();

	constructor(issuer: string, clientId: string, fetch: Fetch, now: () => number) {
		this.#policy = { issuer, audience: clientId, fetch, now };
	}

	/** Rejects with a `TokenError`. `onExplanation`, if given, is told every check, whatever the verdict. */
	async check(
		idToken: string,
		jwksUri: string | undefined,
		expected: Expected,
		onExplanation?: (explanation: Explanation) => void,
	): Promise<Claims> {
		const verifier = createVerifier({
			...this.#policy,
			profile: "id-token",
			cache: this.#cache,
			...(jwksUri !== undefined && { jwksUri }),
			...expected,
		});
		try {
			if (onExplanation) onExplanation(await verifier.explain(idToken));
			return (await verifier.verify(idToken)).claims;
		} finally {
			verifier.dispose();
		}
	}
}

// One key request a page, not one a token.
function memory(): KeyCache {
	const entries = new Map<string, string>();
	return {
		get: (url) => entries.get(url),
		set: (url, entry) => void entries.set(url, entry),
	};
}
