// Turns what the login library and the OAuth server report into what the diagram shows.
import type { LoginStep, TokenError } from "countersign/login";
import { config } from "./config.js";
import { type Crossing, type DecodedToken, hasHappened, type Message, record, sameFlow, startOver } from "./record.js";

export function recordStep(step: LoginStep): void {
	if (step.step === 8) return; // the page records the answer itself, with what it read
	if (step.step === 1) startOver();
	const { token } = step;
	const crossing = { ...toCrossing(step), at: Date.now() };
	const isSame = sameFlow();
	if (token === undefined) record(crossing);
	else decoded(token).then((tokens) => isSame() && record({ ...crossing, tokens }));
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
	record({ step, title: error.code, refused: true, messages: [refusal(error)] });
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
		const asUser = /^(login asked|consent asked|signed in|consent given|denied)$/.test(event);
		record({
			step: asUser || (isRefused && isVerified) ? 3 : 2,
			at,
			title: event,
			refused: isRefused,
			checks: checks?.map((check) => ({ ...check, status: "passed", expected: null })) ?? [],
		});
	}
}
