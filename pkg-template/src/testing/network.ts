// The issuer as a `fetch` sees it: its documents at their addresses, and its outages.

import type { Outage, TestFetch } from "./types.js";

/** The documents by their addresses, when they are asked for. */
export type Documents = () => ReadonlyMap<string, object>;

/** Answers requests, or fails as it is told to. */
export class Network {
	readonly requests: string[] = [];
	outage: Outage | undefined;
	readonly #documents: Documents;
	readonly #fallback: TestFetch | undefined;

	constructor(documents: Documents, fallback: TestFetch | undefined) {
		this.#documents = documents;
		this.#fallback = fallback;
	}

	/** A `fetch` for the issuer's addresses. */
	readonly fetch: TestFetch = async (input, init) => {
		const url = addressOf(input);
		const documents = this.#documents();
		const isOurs = [...documents.keys()].some((known) => new URL(known).origin === url.origin);
		const document = documents.get(url.href);
		if (document === undefined && (!isOurs || this.#fallback)) return this.#pass(url, input, init);
		this.requests.push(url.href);
		const signal: AbortSignal | undefined = init?.signal ?? input?.signal;
		signal?.throwIfAborted();
		if (this.outage === "unreachable") throw new TypeError(`${url.origin}: connection refused (issuer.down())`);
		if (this.outage === "hanging") return hang(signal);
		if (this.outage !== undefined) return answer({ error: "issuer.down()" }, this.outage);
		return document ? answer(document, 200) : answer({ error: `no such address: ${url.pathname}` }, 404);
	};

	#pass(url: URL, input: unknown, init: unknown): Promise<unknown> {
		if (this.#fallback) return this.#fallback(input, init);
		const known = [...this.#documents().keys()].join(", ");
		throw new TypeError(`${url.href}: no address of this test issuer, and it has no fallback; it answers at ${known}`);
	}
}

function addressOf(input: unknown): URL {
	const url = new URL(
		typeof input === "object" && input !== null && "url" in input ? String(input.url) : String(input),
	);
	url.hash = "";
	return url;
}

function answer(document: object, status: number): Response {
	const body = [204, 205, 304].includes(status) ? null : JSON.stringify(document);
	return new Response(body, { status, headers: { "content-type": "application/json" } });
}

function hang(signal: AbortSignal | undefined): Promise<never> {
	return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
