// The ID token's verdict. Every rule of it is the core's; here it only gets what it needs to know.

import type { Fetch } from "../core/fetch-types.js";
import { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import type { ClientVerifierOptions } from "../verifier/client-verifier.js";
import type { Explanation } from "../verifier/explanation.js";
import type { Verifier } from "../verifier/types.js";
import type { Connection } from "./authorization-server.js";
import type { Core } from "./load-core.js";
import { stripSignature } from "./redact.js";
import type { StepReporter } from "./step-reporter.js";
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
		// By this one function all its verifiers share a key set: one key request a page, not one a token.
		this.#policy = { issuer, clientId, trustedAudiences, clockTolerance, keySets, fetch, now };
	}

	/** The claims of the ID token in a response; none where it has none. Rejects with a `TokenError`. */
	async verifyResponse(
		reporter: StepReporter,
		connection: Connection,
		{ idToken, accessToken }: { readonly idToken: string | null; readonly accessToken: string | null },
		asked?: Pick<Transaction, "nonce" | "maxAge" | "acr">,
	): Promise<Claims> {
		if (idToken === null) return {};
		const report = (explanation: Explanation): void =>
			reporter.step(() => ({ step: 4, name: "the ID token's verdict", ...stripSignature(idToken), explanation }));
		const { nonce, maxAge, acr } = asked ?? NOTHING;
		const expected = {
			accessToken: accessToken ?? undefined,
			nonce: nonce ?? undefined,
			maxAge: maxAge ?? undefined,
			acr: acr ?? undefined,
		};
		return this.#verify(connection, idToken, expected, reporter.listens ? report : undefined);
	}

	/** Checks an ID token as of a moment in seconds since 1970, or as of now, with the access token that came with it. */
	async check(
		reporter: StepReporter,
		connection: Connection,
		{ idToken, accessToken, asOf }: { idToken: string; accessToken: string | null; asOf: number | null },
	): Promise<Claims> {
		if (asOf !== null) return this.#verify(connection, idToken, { now: () => asOf });
		return this.verifyResponse(reporter, connection, { idToken, accessToken });
	}

	/** The claims of a signed answer of the userinfo endpoint. */
	async verifyUserinfo({ core, metadata }: Pick<Connection, "core" | "metadata">, signed: string): Promise<Claims> {
		const jwksUri = metadata.jwksUri ?? undefined;
		const { trustedAudiences, ...policy } = this.#policy;
		const verifier = core.verifierForClient({ ...policy, jwksUri, userinfo: true });
		try {
			return (await verifier.verify(signed)).claims;
		} finally {
			verifier.dispose();
		}
	}

	/** The claims of an ID token that was checked here, or by the tab or the page that it comes from. */
	claimsOf(core: Core, idToken: string | null): Claims {
		if (idToken === null) return {};
		return core.decodeUnverified(idToken).claims;
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
			return report ? await explained(verifier, idToken, report) : (await verifier.verify(idToken)).claims;
		} finally {
			verifier.dispose();
		}
	}
}

/** Of a renewal: not even what it might inherit. */
const NOTHING: Pick<Transaction, "nonce" | "maxAge" | "acr"> = Object.create(null);

// One run of the checks gives both: whoever listens pays for no second signature check.
async function explained(
	verifier: Verifier<Claims>,
	idToken: string,
	report: (explanation: Explanation) => void,
): Promise<Claims> {
	const explanation = await verifier.explain(idToken);
	report(explanation);
	if (explanation.error) throw new TokenError(explanation.error);
	return explanation.claims ?? {};
}
