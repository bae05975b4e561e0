// Asks the shop API for the user's purchases, page after page, and records what crossed.
import type { ApiInit, Login } from "countersign/login";
import { config } from "./config.js";
import type { OrderDetails } from "./order.js";
import type { Purchase } from "./orders.js";
import { type Check, record } from "./record.js";
import { placeOfRequest } from "./story.js";

const PAGE = 10;

/** What the API adds to its answers for the diagram, because it is asked to; see www/shop-api/src/demo.ts. */
interface Demo {
	explanation: { valid: boolean; code: string | null; checks: Check[] } | null;
}

export interface Answer extends Partial<OrderDetails> {
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

/** Asks the shop API by a `fetch`, which may bring access token and proof itself. */
export async function askApi(
	fetch: Login["fetch"],
	url: URL,
	signal: AbortSignal,
	init: ApiInit = {},
): Promise<[Response, Answer]> {
	return answerOf(fetch(url.href, { ...init, signal }), signal);
}

/** An answer of the API's, read. */
export async function answerOf(asked: Promise<Response>, signal: AbortSignal): Promise<[Response, Answer]> {
	const response = await asked.catch((error) => {
		throw error instanceof TypeError ? new NoAnswer(error.message) : error;
	});
	const answer = await readAnswer(response);
	signal.throwIfAborted(); // the user may have signed out meanwhile
	return [response, answer];
}

export const readAnswer = (response: Response): Promise<Answer> => response.json().catch(() => ({}));

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
	const placed = (step: 6 | 7 | 8) => placeOfRequest(response.url, step);
	const isDemand = answer.error === "insufficient_user_authentication"; // what step 10 is there for
	const decided = response.ok || response.status === 401 || response.status === 403;
	if (demo?.explanation) {
		record({
			step: placed(6),
			...which,
			checks: demo.explanation.checks,
			refused: !demo.explanation.valid && !isDemand,
		});
	}
	if (decided) {
		record({
			step: placed(7),
			...which,
			refused: !response.ok && !isDemand,
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
			step: placed(8),
			...which,
			messages: [
				{
					line: `HTTP ${response.status}`,
					fields: answer.purchases
						? [
								["purchases", String(answer.purchases.length)],
								["next", answer.next ?? "none: this is the last page"],
							]
						: [["order", answer.orderNumber ?? "none"]],
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
