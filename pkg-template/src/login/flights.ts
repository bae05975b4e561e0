// Logins that have been sent off and not come back: what only this tab may know of each.

import { tabStorage } from "./browser.js";

/** One authorization request, under way. */
export interface Flight {
	/** RFC 7636 §4.1: a secret until the code is exchanged. */
	readonly verifier: string;
	readonly nonce: string;
	readonly returnTo: string;
	/** Whether the user asked for it, or the page did (`prompt=none`). */
	readonly silent: boolean;
	/** Seconds since 1970. */
	readonly createdAt: number;
}

const AT_MOST = 8;
/** Seconds. */
const LIFETIME = 600;

/** The flights of one client at one issuer, by their state. */
export class Flights {
	readonly #name: string;
	readonly #now: () => number;

	constructor(name: string, now: () => number) {
		this.#name = `${name}:flights`;
		this.#now = now;
	}

	/** Remembers a flight; the oldest goes when there are too many. */
	add(state: string, flight: Flight): void {
		const flights = [...this.#read(), [state, flight] as const];
		this.#write(flights.slice(-AT_MOST));
	}

	/** Takes out the flight of this state: an answer is good for one use. */
	take(state: string | null): { readonly state: string; readonly flight: Flight } | undefined {
		const flights = this.#read();
		const found = flights.find(([name]) => name === state);
		if (!found) return undefined;
		this.#write(flights.filter((one) => one !== found));
		return { state: found[0], flight: found[1] };
	}

	/** The state of the latest flight: what an answer with another state is compared with. */
	latest(): string | undefined {
		return this.#read().at(-1)?.[0];
	}

	#read(): (readonly [string, Flight])[] {
		try {
			const flights = JSON.parse(tabStorage().getItem(this.#name) ?? "[]") as [string, Flight][];
			return flights.filter(([, { createdAt }]) => Math.abs(this.#now() - createdAt) < LIFETIME);
		} catch (error) {
			if (error instanceof SyntaxError || error instanceof TypeError) return [];
			throw error;
		}
	}

	#write(flights: readonly (readonly [string, Flight])[]): void {
		if (flights.length > 0) tabStorage().setItem(this.#name, JSON.stringify(flights));
		else tabStorage().removeItem(this.#name);
	}
}
