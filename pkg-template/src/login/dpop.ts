// Requests with a DPoP proof, where the login's tokens are bound to a key. What a proof says, and when one more is worth it,
// is the core's.

import type { LoginClient } from "countersign:bindings";
import type { CoreObject } from "../core/core-object.js";
import type { ResponseLike } from "../core/fetch-types.js";
import type { Answer } from "../jwks/http.js";
import { within } from "../jwks/within.js";
import { challengeOf } from "./challenge.js";
import type { Context } from "./context.js";
import { type DpopKey, DpopKeys } from "./dpop-keys.js";
import { loadCore } from "./load-core.js";

/** What a proof is for. */
export interface ProvedRequest {
	readonly method: string;
	readonly url: string;
	readonly accessToken?: string;
	/** Its body can be sent once only. */
	readonly isOnce?: boolean;
}

type Headers = Readonly<Record<string, string>>;
type Send<A> = (headers: Headers) => Promise<readonly [A, number]>;

/** The proofs of one login; there are none without `dpop: true`. */
export class Dpop {
	readonly #context: Context;
	readonly #keys: DpopKeys | undefined;

	constructor(context: Context) {
		this.#context = context;
		if (context.options.dpop) this.#keys = new DpopKeys(context.name);
	}

	/** Throws where this browser lacks what proofs need. */
	check(): void {
		this.#keys?.check();
	}

	/** The key of a new request for tokens, or the one of this thumbprint. Rejects with a `TokenError` where that is gone. */
	async key(jkt: string | null = null): Promise<DpopKey | undefined> {
		this.check();
		if (jkt === null) return this.#inTime((keys) => keys.current());
		return this.#keys && ((await this.#inTime((keys) => keys.find(jkt))) ?? this.#missing());
	}

	/** The key of this thumbprint, which a token of the session is bound to. Where it is gone, so is the session. */
	async sessionKey(jkt: string | null): Promise<DpopKey | undefined> {
		return jkt ? ((await this.#inTime((keys) => keys.find(jkt))) ?? this.#missing(jkt)) : undefined;
	}

	/** A browser's store may hang. */
	async #inTime<R>(work: (keys: DpopKeys) => Promise<R>): Promise<R | undefined> {
		const keys = this.#keys;
		if (!keys) return undefined;
		const seconds = (await this.#context.server.client()).use(({ storeTimeout }) => storeTimeout);
		const late = () => new TypeError("dpop: IndexedDB did not answer in time");
		return within(seconds, late, () => work(keys));
	}

	async #missing(jkt?: string): Promise<never> {
		const machine = await this.#context.machine();
		return machine.use((session) => session.keyMissing(jkt)) as never;
	}

	forget(): void {
		this.#keys?.forget().catch(() => {});
	}

	/**
	 * Sends a request by a key; without one, as it is. An answer that asks for another proof (for a nonce, at most) is
	 * followed by one repetition. `send` is given the headers, and resolves to the answer and to by how many seconds it has put
	 * the clock right.
	 */
	async send<A extends ResponseLike | Answer>(
		client: CoreObject<LoginClient>,
		key: DpopKey | undefined,
		request: ProvedRequest,
		send: Send<A>,
	): Promise<A> {
		if (!key) return (await send(authorization("Bearer", request)))[0];
		const [first, mayRepeat] = await this.#attempt(client, key, request, send);
		return mayRepeat && !request.isOnce ? (await this.#attempt(client, key, request, send))[0] : first;
	}

	async #attempt<A extends ResponseLike | Answer>(
		client: CoreObject<LoginClient>,
		{ jwk, pair }: DpopKey,
		request: ProvedRequest,
		send: Send<A>,
	): Promise<readonly [A, boolean]> {
		const { withInstance } = await loadCore();
		const { method, url, accessToken } = request;
		const now = this.#context.clock.now();
		const { input, nonce } = client.use((client) => client.unsignedProof({ method, url, jwk, accessToken }, now));
		const signature = await withInstance(({ core }) => core.signDpopProof(pair, input));
		const proof = withInstance(({ core }) => core.dpopProof(input, new Uint8Array(signature as ArrayBuffer)));
		const [answer, corrected] = await send({ dpop: proof, ...authorization("DPoP", request) });
		const { status, headers, text } = answer;
		const told = { challenge: challengeOf(answer), nonce: headers.get("dpop-nonce") ?? undefined, corrected };
		const answered = {
			url,
			status,
			text: typeof text === "string" ? text : undefined,
			sent: nonce ?? undefined,
			...told,
		};
		return [answer, client.use((client) => client.proofAnswered(answered))];
	}
}

function authorization(scheme: string, { accessToken }: ProvedRequest): Headers {
	return accessToken === undefined ? {} : { authorization: `${scheme} ${accessToken}` };
}
