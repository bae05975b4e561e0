// What only a store of the caller's knows: the core says what to ask it, and what comes of the reply.

import type { Bindings } from "countersign:bindings";
import { reasonOf, within } from "../core.js";
import type { GuardSettings } from "./settings.js";
import type { RequestLike } from "./types.js";

/** A question that a decision hangs on. */
export interface Question {
	readonly kind: "replay" | "revoked";
	/** Stands for the proof. */
	readonly key: string;
	/** The proof's own identifier. */
	readonly jti: string;
	/** Seconds since 1970. */
	readonly until: number;
	/** The sessions that the token may belong to. */
	readonly sessions: readonly string[];
	/** When the token was issued, for the core. */
	readonly issued: number | null;
	/** Seconds. */
	readonly atMost: number;
}

/** What came of asking: what was said, or the reason why nothing was. */
export interface Reply {
	readonly how: keyof Bindings["Replied"];
	readonly what?: unknown;
}

/** Puts a question to whoever can answer it. Never rejects. */
export function ask(settings: GuardSettings, question: Question, request: RequestLike): Promise<Reply> {
	return replyOf(question.atMost, () => said(settings, question, request));
}

/** What comes of a call of a store that may take so many seconds. Never rejects. */
export async function replyOf(seconds: number, call: () => Promise<unknown>): Promise<Reply> {
	const late = new Error();
	try {
		return { how: "Said", what: await within(seconds, () => late, call) };
	} catch (cause) {
		return cause === late ? { how: "TimedOut" } : { how: "Failed", what: reason(cause) };
	}
}

function reason(cause: unknown): string {
	try {
		return reasonOf(cause);
	} catch {
		return ""; // What was thrown cannot be shown.
	}
}

/** Which requests' proofs have been counted, and by which store. */
const counted = new WeakMap<RequestLike, { readonly store: unknown; readonly key: string }>();

async function said(
	{ replay, seen, revoked }: GuardSettings,
	{ kind, key, jti, until, sessions }: Question,
	request: RequestLike,
): Promise<unknown> {
	if (kind === "revoked") return revoked?.ended(sessions);
	const store = replay ?? seen;
	const before = counted.get(request);
	// A request may meet two guards, a site's and a route's: that is one use.
	if (before?.store === store && before?.key === key) return true;
	const isFirst = replay ? await replay.use(key, until) : !(await seen?.(jti, until));
	if (isFirst === true) counted.set(request, { store, key });
	return isFirst;
}
