// One load of a key set: performs the steps that the core names, and tells it how each ended.

import type { RemoteKeySet } from "countersign:bindings";
import type { Clocks } from "../core/clocks.js";
import type { CoreObject } from "../core/core-object.js";
import type { Fetch, KeyCache } from "../core/fetch-types.js";
import { reasonOf } from "./fetch-error.js";
import { exchange } from "./http.js";
import { within } from "./within.js";

/** What the core wants done next. */
interface Action {
	readonly kind: "read-store" | "fetch" | "write-store";
	readonly name: string;
	readonly url: string;
	readonly entry: string;
	/** Seconds. */
	readonly ttl: number;
	/** Seconds. */
	readonly timeout: number;
}

/** What a flight is performed with. */
export interface FlightIo {
	readonly core: CoreObject<RemoteKeySet>;
	readonly fetch: Fetch;
	readonly cache: KeyCache | undefined;
	readonly clocks: Clocks;
	/** Keeps the key set's entry. */
	readonly keep: (entry: string) => void;
	/** Called after each step. */
	readonly stepped: () => void;
}

const HEADERS = { accept: "application/jwk-set+json, application/json" };

/** Performs a flight. Never rejects: failures are the core's to judge. */
export async function perform(flight: number, io: FlightIo): Promise<void> {
	const next = () => tell(io, (core, ...at) => core.next(flight, ...at)) as Action | undefined;
	for (let action = next(); action; action = next()) {
		if (action.kind === "fetch") await fetchKeys(flight, action, io);
		else if (action.kind === "read-store") await readStore(flight, action, io);
		else await writeStore(action, io);
		io.stepped();
	}
}

async function fetchKeys(flight: number, { url, timeout }: Action, io: FlightIo): Promise<void> {
	try {
		const { status, headers, text } = await exchange(io.fetch, url, { headers: HEADERS }, timeout);
		const control = headers.get("cache-control") ?? undefined;
		const age = headers.get("age") ?? undefined;
		tell(io, (core, ...at) => core.answered(flight, status, control, age, text, ...at));
	} catch (error) {
		tell(io, (core, ...at) => core.failed(flight, reasonOf(error), ...at));
	}
}

async function readStore(flight: number, { name, timeout }: Action, { cache, ...io }: FlightIo): Promise<void> {
	let entry: unknown;
	try {
		entry = await within(timeout, late, () => cache?.get(name));
	} catch {
		// A store that fails costs a request, not a verdict.
	}
	const text = typeof entry === "string" ? entry : undefined;
	const isTaken = tell(io, (core, ...at) => core.storeAnswered(flight, text, ...at));
	if (isTaken) io.keep(text as string);
}

async function writeStore({ name, entry, ttl, timeout }: Action, { cache, keep, stepped }: FlightIo): Promise<void> {
	keep(entry);
	stepped(); // The keys are there: nobody waits for the store.
	try {
		await within(timeout, late, () => cache?.set(name, entry, ttl));
	} catch {
		// As above.
	}
}

/** Nobody hears of it. */
const late = () => new Error();

function tell<R>(
	{ core, clocks }: Pick<FlightIo, "core" | "clocks">,
	what: (core: RemoteKeySet, policy: number, machine: number) => R,
): R {
	const { policy, machine } = clocks();
	return core.use((set) => what(set, policy, machine));
}
