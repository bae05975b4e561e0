// The issuer as a `fetch` sees it: what answers at its addresses, and its outages.

import { respond } from "./platform.js";
import type { Outage, TestFetch } from "./types.js";

/** Answers a request by its method and the parameters of its query or form. */
export type Endpoint = (parameters: URLSearchParams) => Response | Promise<Response>;

/** An endpoint that shows a document. */
export function showing(document: () => object): Endpoint {
	return () => answer(document(), 200);
}

/** Answers requests, or fails as it is told to. */
export class Network {
	readonly requests: string[] = [];
	outage: Outage | undefined;
	readonly #endpoints: ReadonlyMap<string, Endpoint>;
	readonly #fallback: TestFetch | undefined;

	constructor(endpoints: ReadonlyMap<string, Endpoint>, fallback: TestFetch | undefined) {
		this.#endpoints = endpoints;
		this.#fallback = fallback;
	}

	/** A `fetch` for the issuer's addresses. */
	readonly fetch: TestFetch = async (input, init) => {
		const url = addressOf(input);
		const endpoint = this.#endpoints.get(url.origin + url.pathname);
		const isOurs = [...this.#endpoints.keys()].some((known) => new URL(known).origin === url.origin);
		if (endpoint === undefined && (this.#fallback || !isOurs)) return this.#pass(url, input, init);
		this.requests.push(url.href);
		const signal: AbortSignal | undefined = init?.signal ?? input.signal;
		signal?.throwIfAborted();
		if (this.outage === "unreachable") throw new TypeError(`${url.origin}: connection refused (issuer.down())`);
		if (this.outage === "hanging") return hang(signal);
		if (this.outage !== undefined) return answer({ error: "issuer.down()" }, this.outage);
		if (endpoint) return endpoint(await parametersOf(url, input, init));
		return answer({ error: `no such address: ${url.pathname}` }, 404);
	};

	#pass(url: URL, input: unknown, init: unknown): Promise<unknown> {
		if (this.#fallback) return this.#fallback(input, init);
		const known = [...this.#endpoints.keys()].join(", ");
		throw new TypeError(`${url.href}: no address of this test issuer, and it has no fallback; it answers at ${known}`);
	}
}

/** Of a request, a URL or a text. */
function addressOf(input: Parameters<TestFetch>[0]): URL {
	return new URL(input.url ?? input);
}

/** Of the query, and of a form that is sent, with the client that its header names. RFC 6749 §2.3.1 */
async function parametersOf(url: URL, input: Parameters<TestFetch>[0], init: Parameters<TestFetch>[1]) {
	const method: string = init?.method ?? input.method ?? "GET";
	if (method === "GET" || method === "HEAD") return url.searchParams;
	const form = new URLSearchParams(init?.body === undefined ? await input.text?.() : String(init.body));
	const header = headerOf(init?.headers ?? input.headers, "authorization");
	const basic = /^Basic +(\S+)$/i.exec(String(header))?.[1];
	if (basic) form.set("client_id", String(new URLSearchParams(`id=${atob(basic).split(":")[0]}`).get("id")));
	return form;
}

/** Of `Headers`, of an object, or of a list of names and values. */
function headerOf(headers: { get?(name: string): string | null } | undefined, name: string): string | null {
	if (typeof headers?.get === "function") return headers.get(name);
	const pairs: [string, unknown][] = Array.isArray(headers) ? headers : Object.entries(headers ?? {});
	const found = pairs.find(([own]) => own.toLowerCase() === name);
	return found === undefined ? null : String(found[1]);
}

function answer(document: object, status: number): Response {
	const body = [204, 205, 304].includes(status) ? null : JSON.stringify(document);
	return respond(body, status, { "content-type": "application/json" });
}

function hang(signal: AbortSignal | undefined): Promise<never> {
	return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}
