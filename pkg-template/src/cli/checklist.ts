// An explanation as a list to read.

import type { Explanation } from "../verifier/explanation.js";
import { printable } from "./terminal.js";

const MARKS = { passed: "✓", failed: "✗", "not reached": "·" } as const;
const COLOURS = { passed: 32, failed: 31, "not reached": 90 } as const;

/** One line a check, the verdict last. */
export function checklist({ checks, valid, error }: Explanation, colours = false): string {
	const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
	const wide = Math.max(...checks.map(({ name }) => name.length));
	const lines = checks.map(({ name, spec, status, found, expected }) => {
		const facts = [
			found !== null && `found ${printable(found)}`,
			expected !== null && `expected ${printable(expected)}`,
		];
		const parts = [name.padEnd(wide), ...(status === "not reached" ? ["not reached"] : facts.filter(Boolean))].join(
			"  ",
		);
		return `${paint(COLOURS[status], MARKS[status])} ${parts}  ${paint(90, spec)}`;
	});
	const verdict = valid ? paint(32, "valid") : paint(31, `refused: ${error?.code}`);
	return [...lines, "", verdict, ...(error ? [printable(error.message), `See ${error.help}`] : [])].join("\n");
}
