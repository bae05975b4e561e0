// What happened in the current login, step by step. The steps of the story are 1 to 8, those of an order's details 9 to 12. Kept in sessionStorage over the redirects; holds no secret.

export interface Check {
	name: string;
	spec: string;
	status: "passed" | "failed" | "not reached";
	found: string | null;
	expected: string | null;
}

export interface Message {
	line: string; // "POST http://…" or "HTTP 200"
	fields: [name: string, value: string][];
}

export interface DecodedToken {
	label: string;
	header: object;
	claims: object;
}

/** One thing that crossed between two parties, or that one of them did. */
export interface Crossing {
	step: number;
	at: number;
	title: string;
	refused?: boolean;
	/** Not in this tab: the session is an earlier one's. */
	earlier?: boolean;
	/** More of the same: shown closed. */
	folded?: boolean;
	messages?: Message[];
	tokens?: DecodedToken[];
	checks?: Check[];
}

const KEY = "countersign-shop.flow";
const MOST = 64;

let crossings: Crossing[] = read();
let listener: (crossings: readonly Crossing[]) => void = () => {};
let flow = 0;

function read(): Crossing[] {
	try {
		const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
		return Array.isArray(kept) ? (kept as Crossing[]) : [];
	} catch {
		return [];
	}
}

function changed(): void {
	try {
		sessionStorage.setItem(KEY, JSON.stringify(crossings));
	} catch {
		// full or forbidden: the diagram then lives only as long as the page
	}
	listener(crossings);
}

export function record(crossing: Omit<Crossing, "at"> & { at?: number }): void {
	if (crossings.length >= MOST) {
		// A page that stays open renews its tokens again and again: the oldest of a step makes room.
		const oldest = crossings.findIndex(({ step }) => step === crossing.step);
		crossings.splice(Math.max(oldest, 0), 1);
	}
	crossings.push({ at: Date.now(), ...crossing });
	crossings.sort((a, b) => a.at - b.at);
	changed();
}

/** Forgets the steps from this one on: they are about to happen again, or are nobody's business any more. */
export function startOver(fromStep = 1, toStep = Number.POSITIVE_INFINITY): void {
	if (fromStep === 1) flow += 1;
	crossings = crossings.filter(({ step }) => step < fromStep || step > toStep);
	changed();
}

/** Tells later whether what is recorded is still about the same visit. */
export function sameFlow(): () => boolean {
	const then = flow;
	return () => flow === then;
}

/** Whether a step was about something with this value. */
export const isAbout = (step: number, value: string): boolean =>
	crossings.some(
		(crossing) =>
			crossing.step === step && crossing.messages?.some(({ fields }) => fields.some(([, is]) => is === value)),
	);

export const hasHappened = (step: number): boolean => crossings.some((crossing) => crossing.step === step);

export function onRecord(tell: (crossings: readonly Crossing[]) => void): void {
	listener = tell;
	tell(crossings);
}
