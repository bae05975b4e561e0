// One thing that a session has under way: performs the steps that the core names, and tells it how each ended.

import { within } from "../jwks/within.js";
import type { Context } from "./context.js";
import { takeLock } from "./lock.js";
import type { Machine } from "./machine.js";
import { revoke } from "./revocation.js";
import { renewTokens } from "./token-request.js";

/** What the core wants done next. */
interface Action {
	readonly kind: "lock" | "read-store" | "write-store" | "ask-tabs" | "renew" | "check-id-token" | "revoke";
	/** Seconds. */
	readonly timeout: number;
	readonly entry: string | null;
	readonly lineage: string;
	readonly message: string;
	readonly refreshToken: string;
	/** The thumbprint of the key that it is bound to. */
	readonly jkt: string | null;
	readonly idToken: string;
	readonly accessToken: string | null;
	/** Seconds since 1970. */
	readonly asOf: number | null;
}

/** How a flight ended that did not fail. */
export interface Landing {
	/** Of the session that was ended, or is over. */
	readonly idToken: string | null;
}

/** Performs a flight. Rejects with the `TokenError` that it failed with. */
export async function perform(context: Context, machine: Machine, flight: number): Promise<Landing> {
	let release: (() => void) | undefined;
	try {
		for (;;) {
			const action = machine.use((session) => session.next(flight)) as Action | undefined;
			if (!action) return machine.use((session) => session.landing(flight));
			if (action.kind === "lock") release = await lock(context, machine, flight, action);
			else await PERFORMERS[action.kind](context, machine, flight, action);
		}
	} finally {
		release?.();
	}
}

type Performer = (context: Context, machine: Machine, flight: number, action: Action) => Promise<void>;

const PERFORMERS: Record<Exclude<Action["kind"], "lock">, Performer> = {
	"read-store": readStore,
	"write-store": writeStore,
	"ask-tabs": askTabs,
	renew: renewTokens,
	"check-id-token": checkIdToken,
	revoke: revokeToken,
};

async function lock(context: Context, machine: Machine, flight: number, { timeout }: Action) {
	const release = await takeLock(`${context.name}:refresh`, timeout);
	machine.use((session) => session.locked(flight, release !== undefined, context.now()));
	return release;
}

const late = () => new Error();

async function readStore({ store }: Context, machine: Machine, flight: number, { timeout }: Action): Promise<void> {
	let entry: string | undefined;
	let failed = false;
	try {
		entry = await within(timeout, late, () => store.read());
	} catch {
		failed = true;
	}
	machine.use((session) => session.storeRead(flight, entry, failed));
}

async function writeStore(
	{ store }: Context,
	machine: Machine,
	flight: number,
	{ entry, timeout }: Action,
): Promise<void> {
	try {
		await within(timeout, late, () => store.write(entry ?? undefined));
	} catch {
		// Then the session lives as long as this page.
	}
	machine.use((session) => session.storeWritten(flight));
}

async function askTabs({ tabs, now }: Context, machine: Machine, flight: number, action: Action): Promise<void> {
	const answered = (message: string): boolean => {
		machine.use((session) => session.tabAnswered(flight, message, now()));
		return (machine.use((session) => session.next(flight)) as Action | undefined)?.kind !== "ask-tabs";
	};
	await tabs.ask(action.lineage, action.message, action.timeout, answered);
	machine.use((session) => session.tabAnswered(flight, undefined, now()));
}

async function checkIdToken(context: Context, machine: Machine, flight: number, action: Action): Promise<void> {
	try {
		const connection = await context.server.connect();
		const claims = await context.idTokens.check(context.reporter, connection, action);
		const nonce = typeof claims.nonce === "string" ? claims.nonce : undefined;
		machine.use((session) => session.idTokenPassed(flight, claims.sub, nonce, context.clock.now()));
	} catch (error) {
		// Whatever it is: a flight that nobody tells about would hold up all that follow.
		machine.use((session) => session.idTokenRefused(flight, error, context.now()));
	}
}

async function revokeToken(context: Context, machine: Machine, flight: number, action: Action): Promise<void> {
	await revoke(context, action.refreshToken, action.timeout);
	machine.use((session) => session.revoked(flight));
}
