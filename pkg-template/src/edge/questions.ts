// What only a store of the caller's knows: the core says what to ask it, and what comes of the reply.

import type { Bindings } from "countersign:bindings";
import { reasonOf, within } from "../core.js";
import type { GuardSettings } from "./settings.js";

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
export async function ask(settings: GuardSettings, question: Question): Promise<Reply> {
	const late = new Error();
	try {
		return {
			how: "Said",
			what: await within(
				question.atMost,
				() => late,
				() => said(settings, question),
			),
		};
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

async function said(settings: GuardSettings, { kind, key, jti, until, sessions }: Question): Promise<unknown> {
	const { replay, seen, revoked } = settings;
	if (kind === "revoked") return revoked?.ended(sessions);
	return replay ? replay.use(key, until) : !(await seen?.(jti, until));
}
