// Times of tokens, as people read them.

/** The claims that are times. */
const TIMES = ["auth_time", "iat", "nbf", "exp"];
const UNITS = [
	["day", 86400],
	["hour", 3600],
	["minute", 60],
] as const;
/** Beyond it, `Date` has no words. */
const LAST = 253_402_300_799;

/** A time in words: `2027-01-15 08:00:00 UTC`. */
export function date(seconds: number): string | undefined {
	if (!(seconds >= 0 && seconds <= LAST)) return undefined;
	return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** How far a time is from now: `in 5 minutes`, `2 hours ago`. */
export function distance(seconds: number, now: number): string {
	const apart = Math.abs(Math.floor(seconds) - Math.floor(now));
	const [unit, size] = UNITS.find(([, least]) => apart >= least) ?? ["second", 1];
	const count = Math.floor(apart / size);
	const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
	if (apart === 0) return "now";
	return seconds > now ? `in ${words}` : `${words} ago`;
}

/** A line for each time among claims. */
export function times(claims: Readonly<Record<string, unknown>>, now: number): string[] {
	return TIMES.flatMap((name) => {
		const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
		const words = typeof value === "number" ? date(value) : undefined;
		return words === undefined ? [] : [`${name.padEnd(9)} ${value}  ${words}, ${distance(value as number, now)}`];
	});
}

/** A text with the date beside each of its times. */
export function withDates(text: string): string {
	return text.replaceAll(/(?<![\w.-])\d{9,12}(\.\d+)?(?![\w-])/g, (digits) => {
		const words = date(Number(digits));
		return words === undefined ? digits : `${digits} (${words})`;
	});
}
