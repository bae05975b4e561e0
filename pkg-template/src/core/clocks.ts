// The time on two clocks: the caller's, which decides about tokens, and the machine's.

/** A moment in seconds since 1970. */
export interface Moment {
	readonly policy: number;
	readonly machine: number;
}

/** Tells the time on both clocks. */
export type Clocks = () => Moment;

/** The clocks of a policy, whose own may be the caller's or the platform's. */
export function clocksOf(now: (() => number) | null | undefined): Clocks {
	if (!now) {
		return () => {
			const machine = Date.now() / 1000;
			return { policy: Math.floor(machine), machine };
		};
	}
	// On its way into the core a text would become a number: what is none is none there, and named.
	return () => {
		const seconds: unknown = now();
		return { policy: typeof seconds === "number" ? seconds : Number.NaN, machine: Date.now() / 1000 };
	};
}
