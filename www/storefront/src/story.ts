// Turns what the login library and the OAuth server report into what the diagram shows.
import type { LoginStep, TokenError } from "countersign/login";
import { config } from "./config.js";
import {
	type Crossing,
	type DecodedToken,
	hasHappened,
	isAbout,
	type Message,
	record,
	sameFlow,
	startOver,
} from "./record.js";

/** The steps of an order's details. */
const [ASKED, DEMANDED, CONFIRMED, RETURNED] = [9, 10, 11, 12] as const;

let isConfirming = false;

/** The step at which one of a login's has its place: a login that the API has asked for is a step of its own. */
const placeOf = (step: number): number => (isConfirming && step <= 4 ? CONFIRMED : step);

/** The step at which a request to the API has its place, or what it decides, or what it answers. */
export function placeOfRequest(url: string, step: 5 | 6 | 7 | 8): number {
	if (!isOrder(url)) return step;
	if (step === 8 || hasHappened(CONFIRMED)) return RETURNED;
	return step === 5 ? ASKED : DEMANDED;
}

export const isOrder = (url: string): boolean => new URL(url).pathname.startsWith("/purchases/");

/** An answer to this page has come: to a login, or to one that the API has asked for. Tells which. */
export function beginReturn(state: string | null): boolean {
	isConfirming = state !== null && isAbout(CONFIRMED, state);
	if (isConfirming) startOver(RETURNED);
	else startOver(2);
	return isConfirming;
}

export function endReturn(): void {
	isConfirming = false;
}

export function recordStep(step: LoginStep): void {
	if (step.step === 8) return; // the page records the answer itself, with what it read
	if (step.step === 1) {
		// RFC 9470 §4: what an API demands is in the request.
		isConfirming = step.request?.body?.acr_values !== undefined;
		if (!isConfirming) startOver();
	}
	const { token } = step;
	const shown = toCrossing(step);
	const place = step.step === 5 ? placeOfRequest(step.request?.url ?? "", 5) : placeOf(step.step);
	const crossing = { ...shown, step: place, at: Date.now() };
	const isSame = sameFlow();
	if (token === undefined) record(crossing);
	else decoded(token).then((tokens) => isSame() && record({ ...crossing, tokens }));
}

/** The API wants a nonce of its own in each proof: the request is made again with it. RFC 9449 §9 */
export function recordNonce(url: string, nonce: string): void {
	record({
		step: placeOfRequest(url, 5),
		title: "the API wants its nonce in the proof",
		messages: [{ line: "HTTP 401, use_dpop_nonce", fields: [["DPoP-Nonce", nonce]] }],
	});
}

/** The proof that goes with a request to the API, or for tokens. RFC 9449 §4.2 */
export async function recordProof(url: string, isForApi: boolean, proof: string): Promise<void> {
	const at = Date.now();
	const isSame = sameFlow();
	const step = isForApi ? placeOfRequest(url, 5) : placeOf(4);
	const { decodeUnverified, jwkThumbprint } = await import("countersign");
	const { header, claims } = decodeUnverified(proof);
	const jkt = jwkThumbprint(header.jwk as Parameters<typeof jwkThumbprint>[0]);
	if (!isSame()) return;
	record({
		step,
		at,
		title: `proof of the key${claims.nonce === undefined ? "" : ", with the API's nonce"}`,
		messages: [{ line: `jkt ${jkt}`, fields: [] }],
		tokens: [{ label: "DPoP proof, decoded", header, claims }],
	});
}

/** The session is an earlier page's, or another tab's: what led to it has not happened here. */
export function recordEarlierSteps(): void {
	for (const step of [1, 2, 3, 4]) {
		if (!hasHappened(step)) record({ step, at: 0, title: EARLIER, earlier: true });
	}
}

const EARLIER = "Happened before: this browser was signed in already, and this tab took the session up";

function toCrossing({ step, name, request, response, explanation, error }: LoginStep): Omit<Crossing, "at"> {
	const messages: Message[] = [];
	if (request) {
		const { origin, pathname, searchParams } = new URL(request.url);
		const fields = [...searchParams, ...members(request.headers), ...members(request.body)];
		messages.push({ line: `${request.method} ${origin}${pathname}`, fields });
	}
	if (response) {
		messages.push({
			line: `HTTP ${response.status}`,
			fields: [...members(response.headers), ...members(response.body)],
		});
	}
	if (error) messages.push(refusal(error));
	return {
		step,
		title: name,
		messages,
		checks: [...(explanation?.checks ?? [])],
		refused: error !== undefined || explanation?.valid === false,
	};
}

// By `import()`, as the login loads the core: a visitor who never signs in downloads neither.
export async function decoded(token: string): Promise<DecodedToken[]> {
	try {
		const { decodeUnverified } = await import("countersign");
		const { header, claims } = decodeUnverified(token);
		return [{ label: header.typ === "at+jwt" ? "Access token, decoded" : "ID token, decoded", header, claims }];
	} catch {
		return []; // altered on the way; the verdict says more
	}
}

function members(body: unknown): [string, string][] {
	if (typeof body !== "object" || body === null) return [];
	return Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
}

function refusal({ code, message, spec }: TokenError): Message {
	return { line: code, fields: [["what", message], ...(spec ? [["rule", spec] as [string, string]] : [])] };
}

/** The sign-in did not succeed: at the user's own word, or because the answer does not hold. */
export function recordRefusal(error: TokenError): void {
	const step = error.code === "access_denied" ? 3 : 4;
	record({ step: placeOf(step), title: error.code, refused: true, messages: [refusal(error)] });
}

interface LoginEvent {
	at: number;
	event: string;
	client?: string;
	checks?: { name: string; spec: string; found: string }[];
}

/** Steps 2 and 3 happen while this page is away. The demo's OAuth server reports what it did for this login. */
export async function recordServerSteps(state: string): Promise<void> {
	let events: LoginEvent[] = [];
	try {
		const response = await fetch(`${config.issuer}/demo/events?state=${encodeURIComponent(state)}`, {
			signal: AbortSignal.timeout(1_500),
		});
		events = await response.json();
	} catch {
		// the diagram then shows less
	}
	// A client that was verified is not what a later refusal is about.
	const isVerified = events.some(({ event }) => event === "client verified");
	for (const { at, event, checks } of events) {
		const isRefused = event === "denied" || event.startsWith("refused");
		const asUser = /^(login asked|consent asked|signed in|confirmed by PIN|consent given|denied)$/.test(event);
		record({
			step: placeOf(asUser || (isRefused && isVerified) ? 3 : 2),
			at,
			title: event,
			refused: isRefused,
			checks: checks?.map((check) => ({ ...check, status: "passed", expected: null })) ?? [],
		});
	}
}
