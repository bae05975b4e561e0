// What may reach a terminal, and how.

/** Characters that steer a terminal or turn the writing around: controls, formats, line and paragraph separators. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value of a token, on one line, without power over the terminal. */
export function printable(value: string): string {
	return value.replace(STEERING, "\ufffd");
}

/** A value as JSON to read: the same characters stand escaped in it. */
export function json(value: unknown): string {
	return JSON.stringify(value, null, 2).replace(STEERING, (character) =>
		character === "\n" // Of the layout: one inside a string is escaped already.
			? character
			: Array.from({ length: character.length }, (_, i) => escaped(character.charCodeAt(i))).join(""),
	);
}

function escaped(unit: number): string {
	return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** What a caller typed, for a message: never a token, as messages end up in logs. */
export function shown(typed: string): string {
	if (/^eyJ|^[^\s/\\:]*\.[^\s/\\:]*\.[^\s/\\:]*$/.test(typed)) return "what looks like a token";
	const clean = printable(typed);
	return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}

/** Whether to colour: on a terminal that can, which Node.js denies where NO_COLOR is set, or as FORCE_COLOR says. */
export function colours(): boolean {
	const { FORCE_COLOR: forced } = process.env;
	if (forced !== undefined) return forced !== "0" && forced !== "false";
	return process.stdout.hasColors?.() === true;
}
