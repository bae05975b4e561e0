// The tables in the terminal.

import { againstRows, verdict } from "./against.mjs";
import { CONTENDERS } from "./contenders/names.mjs";
import { spread } from "./figures.mjs";

const DASH = "–";
const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const grouped = (value) => String(value).replaceAll(/\B(?=(\d{3})+$)/g, " ");
const measured = (figure, scale = 1) =>
	figure?.median > 0 ? `${digits(figure.median * scale)} ±${spread(figure).toFixed(0).padStart(2)}%` : DASH;

/** How figures are told. */
export const format = {
	us: (figure) => measured(figure),
	ms: (figure) => measured(figure),
	times: (value) => (Number.isFinite(value) ? `${value.toFixed(2)}×` : DASH),
	off: (percent) => (Number.isFinite(percent) ? `${percent.toFixed(0).padStart(2)}%` : DASH),
	kib: (bytes) => grouped(Math.round(bytes / 1024)),
	bytes: grouped,
};

/** A runtime's algorithms: a column each; below, the quotients. */
export function printRuntime(runtime) {
	const { name, version, algorithms } = runtime;
	const columns = Object.entries(algorithms);
	if (columns.length === 0) return;
	const hasFigure = (one) => columns.some(([, { contenders }]) => contenders[one.name]);
	const rows = CONTENDERS.filter((one) => !one.optional || hasFigure(one)).map((one) => [
		one.label,
		...columns.map(([, { contenders }]) => format.us(contenders[one.name])),
	]);
	const quotients = new Set(columns.flatMap(([, { ratios }]) => Object.keys(ratios)));
	for (const quotient of quotients) {
		rows.push([quotient, ...columns.map(([, { ratios }]) => format.times(ratios[quotient]))]);
	}
	console.log(`\n${name} ${version}: µs per token, median ± half the interquartile range`);
	print([["", ...columns.map(([algorithm]) => algorithm)], ...rows]);
	const held = againstRows(runtime, format);
	if (held.length === 0) return;
	console.log(`\n${name} ${version}: against the build before, quotients of the same rounds`);
	print(held);
}

/** An extra measurement in one runtime. */
export function printExtra({ title, columns, row }, where, results) {
	console.log(`\n${title}${where ? `, ${where}` : ""}`);
	print([columns, ...results.map((result) => row(result, format))]);
	for (const { note, name } of results) if (note) console.log(`  ! ${name ? `${name}: ` : ""}${note}`);
}

export function printVerdict({ runtimes }) {
	const told = verdict(runtimes);
	if (told) console.log(`\nverifySync / jose against the build before: ${told}`);
}

export function printMachine({ machine, versions, runtimes }) {
	const { cpu, cores, memory, system } = machine;
	const told = (entries) => entries.map(([name, version]) => `${name} ${version}`).join(", ");
	console.log(`\nmachine     ${cpu}, ${cores} cores, ${memory}, ${system}`);
	if (runtimes.length > 0) console.log(`runtimes    ${told(runtimes.map(({ name, version }) => [name, version]))}`);
	console.log(`contenders  ${told(Object.entries(versions))}`);
}

function print(rows) {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	for (const row of rows) {
		const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
		console.log(`  ${cells.join("  ")}`.trimEnd());
	}
}
