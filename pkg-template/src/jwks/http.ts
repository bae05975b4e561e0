// One HTTP exchange that always ends: within a time, within a size, and never through a redirect.

import type { Fetch, ResponseLike } from "../core/fetch-types.js";
import { encoding } from "../core/text-encoding.js";
import { within } from "./within.js";

/** Seconds until an exchange is given up, where nothing else is said. */
const PATIENCE = 5;
/** Bytes of a body that are read at most. */
export const MAX_BODY = 1_048_576;

/** An answer, read to its end. */
export interface Answer {
	readonly status: number;
	readonly headers: { get(name: string): string | null };
	readonly text: string;
}

/** The platform's `fetch`, looked up at each call so that it may be replaced at run time. */
export const platformFetch: Fetch = (url, init) => globalThis.fetch(url, init);

/** Asks `url` and reads the answer. Rejects with a plain `Error` that says why; takes no more than so many seconds. */
export async function exchange(
	fetch: Fetch,
	url: string,
	init: Parameters<Fetch>[1],
	seconds: number = PATIENCE,
): Promise<Answer> {
	const controller = new AbortController();
	const late = () => {
		controller.abort();
		return new Error(`no complete answer within ${seconds} s`);
	};
	return within(seconds, late, async () => {
		// Metadata, keys and tokens come from where the policy says, not from where a redirect points.
		const response = await fetch(url, { ...init, redirect: "manual", signal: controller.signal });
		return { status: response.status, headers: response.headers, text: await readBody(response) };
	});
}

/** Reads a body to its end, within a size. */
export async function readBody(response: Pick<ResponseLike, "body" | "text">): Promise<string> {
	const tooLong = (): Error => new Error(`the answer is longer than ${MAX_BODY} bytes`);
	const stream = response.body as ReadableStream<Uint8Array> | null | undefined;
	if (typeof stream?.getReader !== "function") {
		const text = await response.text();
		if (text.length > MAX_BODY) throw tooLong();
		return text;
	}
	const reader = stream.getReader();
	const decoder = new encoding.TextDecoder("utf-8", { fatal: true });
	let text = "";
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return text + decoder.decode();
		length += value.length;
		if (length > MAX_BODY) {
			reader.cancel().catch(() => {});
			throw tooLong();
		}
		text += decoder.decode(value, { stream: true });
	}
}
