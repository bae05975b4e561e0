// For how long a key set that was fetched is fresh, and how long after a failure it is let alone.

// All in seconds.
const DEFAULT_AGE = 600;
const MIN_AGE = 60;
const MAX_AGE = 86_400;
/** How long past its age a key set still serves while its issuer cannot be reached (RFC 5861 §4). */
export const STALE_IF_ERROR = 86_400;
/** The least time between two refreshes that unknown key ids ask for. */
export const COOLDOWN = 30;

/** A moment on two clocks: the caller's, which decides about tokens, and the machine's. */
export interface Moment {
	readonly policy: number;
	readonly machine: number;
}

/** The two clocks. */
export class Clocks {
	readonly #now: () => number;

	constructor(now: () => number) {
		this.#now = now;
	}

	moment(): Moment {
		return { policy: this.#now(), machine: Date.now() / 1000 };
	}

	// A policy's clock may stand still (tests) and a machine's may be set back: the longer time counts.
	since(moment: Moment): number {
		return Math.max(this.#now() - moment.policy, Date.now() / 1000 - moment.machine);
	}
}

/** For how many seconds an answer is fresh (RFC 9111 §4.2), within our bounds. */
export function ageOf(headers: { get(name: string): string | null }): number {
	const control = headers.get("cache-control") ?? "";
	if (/(^|[\s,])no-(store|cache)\b/i.test(control)) return MIN_AGE;
	const given = /(?:^|[\s,])max-age="?(\d{1,10})/i.exec(control)?.[1];
	if (given === undefined) return DEFAULT_AGE;
	return clampAge(Number(given) - (Number(headers.get("age")) || 0));
}

export function clampAge(seconds: number): number {
	return Math.min(MAX_AGE, Math.max(MIN_AGE, seconds));
}

/** For how many seconds after its start a failed attempt rests: the first is retried at once; then 1, 2, 4 … 30. */
export function restAfter(failures: number): number {
	return failures < 2 ? 0 : Math.min(COOLDOWN, 2 ** (failures - 2));
}
