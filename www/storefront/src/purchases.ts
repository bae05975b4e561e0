// Asks the shop API for the user's purchases, page after page, and records what crossed.
import type { Login } from "countersign/login";
import { config } from "./config.js";
import type { Purchase } from "./orders.js";
import { type Check, record } from "./record.js";

const PAGE = 10;

/** What the API adds to its answers for the diagram, because it is asked to; see www/shop-api/src/demo.ts. */
interface Demo {
	explanation: { valid: boolean; code: string | null; checks: Check[] } | null;
}

export interface Answer {
	purchases?: Purchase[];
	next?: string | null;
	error?: string;
	error_description?: string;
	code?: string;
	claim?: string;
	found?: string;
	expected?: string;
	spec?: string;
	demo?: Demo;
}

export class ApiRefusal extends Error {
	constructor(
		readonly status: number,
		readonly answer: Answer,
	) {
		super(answer.error_description ?? `the shop API answered ${status}`);
	}
}

/** The request got no answer at all. */
export class NoAnswer extends Error {}

/** The address of a page of purchases; `null` is the first. */
export function purchasesUrl(cursor: string | null): URL {
	const url = new URL("/purchases", config.shopApi);
	url.searchParams.set("limit", String(PAGE));
	if (cursor !== null) url.searchParams.set("cursor", cursor);
	return url;
}

/** Asks the shop API by a `fetch`, which may bring the access token itself. */
export async function askApi(
	fetch: Login["fetch"],
	url: URL,
	signal: AbortSignal,
	token?: string,
): Promise<[Response, Answer]> {
	const headers = { "x-demo-explain": "1", ...(token && { authorization: `Bearer ${token}` }) };
	const response = await fetch(url.href, { headers, signal }).catch((error) => {
		throw error instanceof TypeError ? new NoAnswer(error.message) : error;
	});
	const answer: Answer = await response.json().catch(() => ({}));
	signal.throwIfAborted(); // the user may have signed out meanwhile
	return [response, answer];
}

export async function* readPurchases(login: Login, signal: AbortSignal): AsyncGenerator<Purchase[]> {
	let cursor: string | null = null;
	for (let page = 1; page === 1 || cursor !== null; page += 1) {
		const [response, answer] = await askApi(login.fetch, purchasesUrl(cursor), signal);
		recordAnswer({ title: `Page ${page}`, folded: page > 1 }, response, answer);
		if (!response.ok) throw new ApiRefusal(response.status, answer);
		yield answer.purchases ?? [];
		cursor = answer.next ?? null;
	}
}

/** Shows in the diagram what the API has decided, and why. */
export function recordAnswer(
	which: { title: string; folded?: boolean },
	response: Response,
	{ demo, ...answer }: Answer,
): void {
	const challenge = response.headers.get("www-authenticate");
	const code = answer.code ?? answer.error;
	const decided = response.ok || response.status === 401 || response.status === 403;
	if (demo?.explanation) {
		record({ step: 6, ...which, checks: demo.explanation.checks, refused: !demo.explanation.valid });
	}
	if (decided) {
		record({
			step: 7,
			...which,
			refused: !response.ok,
			messages: [
				{
					line: response.ok ? "Verdict: valid" : `Verdict: refused, HTTP ${response.status}`,
					fields: response.ok
						? [["scope needed", "purchases:read"]]
						: [["code", String(code)], ...(challenge ? [["WWW-Authenticate", challenge] as [string, string]] : [])],
				},
			],
		});
	}
	if (response.ok) {
		record({
			step: 8,
			...which,
			messages: [
				{
					line: `HTTP ${response.status}`,
					fields: [
						["purchases", String(answer.purchases?.length ?? 0)],
						["next", answer.next ?? "none: this is the last page"],
					],
				},
			],
		});
	}
}

export async function workerWasm(): Promise<string> {
	const response = await fetch(new URL("/demo/wasm", config.shopApi));
	const { sha256 }: { sha256: string } = await response.json();
	return sha256;
}
