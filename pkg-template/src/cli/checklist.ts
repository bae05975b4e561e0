// An explanation as a list to read.

import type { ErrorData } from "../error.js";
import type { Check, Explanation } from "../verifier/explanation.js";
import { withDates } from "./dates.js";
import { printable } from "./terminal.js";

const MARKS = { passed: "✓", failed: "✗", "not reached": "·" } as const;
const COLOURS = { passed: 32, failed: 31, "not reached": 90 } as const;
/** The checks that compare times. */
const TIMES = ["expiration", "not before", "issued at and age", "authentication time"];

/** One line a check, the verdict last: the explanation's own, or another one. */
export function checklist({ checks, valid, error }: Explanation, colours: boolean, verdict?: string): string {
	const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
	const wide = Math.max(...checks.map(({ name }) => name.length));
	const lines = checks.map((check) => {
		const { name, spec, status } = check;
		const parts = [name.padEnd(wide), ...(status === "not reached" ? ["not reached"] : facts(check))].join("  ");
		return `${paint(COLOURS[status], MARKS[status])} ${parts}  ${paint(90, spec)}`;
	});
	if (verdict !== undefined) return [...lines, "", verdict].join("\n");
	const own = valid ? [paint(32, "valid")] : refusal(error as ErrorData, paint);
	return [...lines, "", ...own].join("\n");
}

function refusal(error: ErrorData, paint: (code: number, text: string) => string): string[] {
	return [paint(31, `refused: ${error.code}`), reasonOf(error), `See ${error.help}`];
}

function facts({ name, found, expected }: Check): string[] {
	const dated = (text: string) => (TIMES.includes(name) ? withDates(printable(text)) : printable(text));
	return [
		...(found === null ? [] : [`found ${dated(found)}`]),
		...(expected === null ? [] : [`expected ${dated(expected)}`]),
	];
}

/** Why a token is refused, with dates beside its times. */
export function reasonOf({ message, claim }: ErrorData): string {
	const text = printable(message);
	return ["exp", "nbf", "iat"].includes(claim as string) ? withDates(text) : text;
}
