// The ID token's verdict. Every rule of it is the core's; here it only gets what it needs to know.

import type { Fetch, KeyCache } from "../core/fetch-types.js";
import { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import type { ClientVerifierOptions } from "../verifier/client-verifier.js";
import type { Explanation } from "../verifier/explanation.js";
import type { Connection } from "./authorization-server.js";
import { stripSignature } from "./redact.js";
import type { StepReporter } from "./step-reporter.js";
import type { TokenResponse } from "./token-response.js";
import type { StoredSession } from "./token-store.js";
import type { Transaction } from "./transaction-store.js";
import type { LoginOptions } from "./types.js";

/** Checks the ID tokens of one client at one issuer. */
export class IdTokens {
	readonly #policy: ClientVerifierOptions;

	constructor(
		{ issuer, clientId, trustedAudiences, clockTolerance, timeout }: LoginOptions,
		fetch: Fetch,
		now: () => number,
	) {
		const keySets = timeout === undefined ? undefined : { timeout };
		this.#policy = { issuer, clientId, trustedAudiences, clockTolerance, keySets, fetch, now, cache: memory() };
	}

	/** The claims of the ID token in a response; none where it has none. Rejects with a `TokenError`. */
	async verifyResponse(
		reporter: StepReporter,
		connection: Connection,
		{ idToken, accessToken }: TokenResponse,
		asked?: Pick<Transaction, "nonce" | "maxAge" | "acr">,
	): Promise<Claims> {
		if (idToken === null) return {};
		const report = (explanation: Explanation): void =>
			reporter.step(() => ({ step: 4, name: "the ID token's verdict", ...stripSignature(idToken), explanation }));
		const { nonce, maxAge, acr } = asked ?? NOTHING;
		const expected = { accessToken, nonce: nonce ?? undefined, maxAge: maxAge ?? undefined, acr: acr ?? undefined };
		return this.#verify(connection, idToken, expected, reporter.listens ? report : undefined);
	}

	// A stored ID token was good when it was stored; by now it may have expired, which ends no session.
	async verifyStored(connection: Connection, stored: StoredSession | undefined): Promise<Claims> {
		if (!stored?.idToken) return {};
		return this.#verify(connection, stored.idToken, { now: () => stored.checkedAt });
	}

	async #verify(
		{ core, metadata }: Connection,
		idToken: string,
		expected: Pick<ClientVerifierOptions, "nonce" | "accessToken" | "maxAge" | "acr" | "now">,
		report?: (explanation: Explanation) => void,
	): Promise<Claims> {
		const jwksUri = metadata.jwksUri ?? undefined;
		const verifier = core.verifierForClient({ ...this.#policy, jwksUri, ...expected });
		try {
			if (!report) return (await verifier.verify(idToken)).claims;
			// One run of the checks gives both: whoever listens pays for no second signature check.
			const explanation = await verifier.explain(idToken);
			report(explanation);
			if (explanation.error) throw new TokenError(explanation.error);
			return explanation.claims ?? {};
		} finally {
			verifier.dispose();
		}
	}
}

/** Of a renewal: not even what it might inherit. */
const NOTHING: Pick<Transaction, "nonce" | "maxAge" | "acr"> = Object.create(null);

// One key request a page, not one a token.
function memory(): KeyCache {
	const entries = new Map<string, string>();
	return {
		get: (url) => entries.get(url),
		set: (url, entry) => void entries.set(url, entry),
	};
}
