// The figures as one SVG file: a panel for each runtime, a group of bars for each algorithm. Bars start at zero and
// are to scale within their group, whose longest fills the width; across groups the numbers compare.

import { CONTENDERS } from "./contenders/names.mjs";

const WIDTH = 900;
const LEFT = 240;
const RIGHT = 90;
const BAR = 14;
const STEP = 18;
const GROUP = 14;
const TITLE = 34;

const STYLE = `
.back { fill: #ffffff }
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.panel { font-size: 16px; font-weight: 600 }
.group { font-weight: 600 }
.note, .value { fill: #59636e }
.ours { fill: #0969da }
.before { fill: #80b9f5 }
.theirs { fill: #afb8c1 }
.raw { fill: #d4a72c }
.line { stroke: #59636e }
@media (prefers-color-scheme: dark) {
	.back { fill: #0d1117 }
	text { fill: #e6edf3 }
	.note, .value { fill: #9198a1 }
	.ours { fill: #4493f8 }
	.before { fill: #2a5a99 }
	.theirs { fill: #656c76 }
	.raw { fill: #bb8009 }
	.line { stroke: #9198a1 }
}`;

const KIND = {
	verifySync: "ours",
	verify: "ours",
	"verifySync, before": "before",
	"verify, before": "before",
	raw: "raw",
};
const safe = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** The whole file. */
export function chart({ runtimes, machine, versions, quick }) {
	const parts = [];
	let y = 22;
	const text = (x, at, kind, content, anchor = "start") =>
		parts.push(`<text x="${x}" y="${at}" class="${kind}" text-anchor="${anchor}">${safe(content)}</text>`);
	text(0, y, "note", "µs per token, less is better; median and quartiles of rounds in which all take turns");
	for (const { name, version, algorithms } of runtimes) {
		if (Object.keys(algorithms).length === 0) continue;
		y += TITLE;
		text(0, y, "panel", `${name} ${version}`);
		for (const [algorithm, { contenders }] of Object.entries(algorithms)) {
			y += GROUP;
			const bars = CONTENDERS.filter((one) => contenders[one.name]);
			const longest = Math.max(...bars.map((one) => contenders[one.name].high));
			const scale = (value) => (value / longest) * (WIDTH - LEFT - RIGHT);
			text(0, y + BAR - 2, "group", algorithm);
			for (const one of bars) {
				bar(parts, text, y, one, contenders[one.name], scale);
				y += STEP;
			}
		}
	}
	y += 28;
	text(
		0,
		y,
		"note",
		`${machine.cpu}, ${machine.cores} cores, ${machine.system}${quick ? "; a quick run, rough figures" : ""}`,
	);
	y += STEP;
	text(
		0,
		y,
		"note",
		Object.entries(versions)
			.map((pair) => pair.join(" "))
			.join(", "),
	);
	const size = `viewBox="-10 0 ${WIDTH + 20} ${y + 12}" width="${WIDTH + 20}" height="${y + 12}"`;
	const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Verification time per token">`;
	// Of its own, so that the text stays readable on a page of the other scheme.
	const back = '<rect x="-10" width="100%" height="100%" class="back"/>';
	return `${head}\n<style>${STYLE}\n</style>\n${back}\n${parts.join("\n")}\n</svg>\n`;
}

function bar(parts, text, y, { name, label }, { median, low, high }, scale) {
	const kind = KIND[name] ?? "theirs";
	const at = (value) => (LEFT + scale(value)).toFixed(1);
	const middle = y + BAR / 2;
	text(LEFT - 8, y + BAR - 3, "label", label, "end");
	parts.push(`<rect x="${LEFT}" y="${y}" width="${scale(median).toFixed(1)}" height="${BAR}" class="${kind}"/>`);
	parts.push(`<path d="M${at(low)} ${middle}H${at(high)}" class="line"/>`);
	text(Number(at(high)) + 6, y + BAR - 3, "value", digits(median));
}
