// The live sequence diagram beside the shop: a step lights up when it has really happened, and opens to show
// what crossed. Everything in it comes from the record.
import { byId, h } from "./dom.js";
import { type Check, type Crossing, type DecodedToken, type Message, onRecord } from "./record.js";
import { LANES, STEPS, type Step } from "./steps.js";

type State = "waiting" | "done" | "refused";

const SAID: Record<State, string> = { waiting: "not yet", done: "done", refused: "refused" };
const PACE_MS = 240; // so that the eye can follow steps which take a millisecond

class StepView {
	readonly item: HTMLLIElement;
	readonly #button: HTMLButtonElement;
	readonly #state = h("span", { class: "hidden" });
	readonly #time = h("span", { class: "time" });
	readonly #panel: HTMLElement;
	#crossings: readonly Crossing[] = [];

	constructor(
		readonly step: Step,
		index: number,
	) {
		const id = `step-${index + 1}`;
		const { from, to } = step;
		const arrow = h("span", {
			class: from === to ? "arrow own" : from < to ? "arrow right" : "arrow left",
			"aria-hidden": "true",
		});
		arrow.style.setProperty("--start", String(Math.min(from, to)));
		arrow.style.setProperty("--span", String(Math.abs(to - from)));
		const way = from === to ? LANES[from] : `${LANES[from]} to ${LANES[to]}`;
		this.#button = h(
			"button",
			{ type: "button", "aria-expanded": "false", "aria-controls": id, click: () => this.#toggle() },
			h("span", { class: "number" }, String(index + 1)),
			h("span", { class: "title" }, step.title, h("span", { class: "hidden" }, `, ${way}, `), this.#state),
			this.#time,
			arrow,
		);
		this.#panel = h("div", { class: "panel", id, hidden: true });
		this.item = h("li", { class: "step" }, h("h3", {}, this.#button), this.#panel);
		this.item.dataset.state = "waiting" satisfies State;
		this.#state.textContent = SAID.waiting;
	}

	#toggle(): void {
		this.#panel.hidden = !this.#panel.hidden;
		this.#button.setAttribute("aria-expanded", String(!this.#panel.hidden));
		this.#fill();
	}

	show(crossings: readonly Crossing[], start: number): void {
		if (
			crossings.length === this.#crossings.length &&
			crossings.every((crossing, i) => crossing === this.#crossings[i])
		)
			return;
		this.#crossings = crossings;
		const state: State = crossings.some(({ refused }) => refused)
			? "refused"
			: crossings.length > 0
				? "done"
				: "waiting";
		this.item.dataset.state = state;
		this.#state.textContent = SAID[state];
		const first = crossings[0];
		this.#time.textContent = first
			? `${state === "refused" ? "refused " : ""}+${((first.at - start) / 1000).toFixed(2)} s`
			: "";
		this.#fill();
	}

	/** A closed step holds nothing: what it would show is not part of the page. */
	#fill(): void {
		if (this.#panel.hidden) {
			this.#panel.replaceChildren();
			return;
		}
		const crossings = this.#crossings;
		this.#panel.replaceChildren(
			h("p", { class: "about" }, this.step.about),
			...(crossings.length === 0 ? [h("p", { class: "muted" }, "Has not happened yet.")] : []),
			...crossings.map(crossingView),
		);
	}
}

function crossingView({ title, refused, folded, messages = [], tokens = [], checks = [] }: Crossing): HTMLElement {
	const name = title.charAt(0).toUpperCase() + title.slice(1);
	const parts = [
		...messages.map(messageView),
		...tokens.map(tokenView),
		...(checks.length > 0 ? [checksView(checks)] : []),
	];
	if (parts.length === 0) return h("p", { class: "event", "data-refused": refused ?? false }, name);
	return h("details", { class: "crossing", open: !folded || (refused ?? false) }, h("summary", {}, name), ...parts);
}

function messageView({ line, fields }: Message): HTMLElement {
	return h(
		"div",
		{ class: "message" },
		h("p", { class: "line" }, line),
		fields.length > 0 &&
			h(
				"dl",
				{},
				fields.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
			),
	);
}

const TIMES = new Set(["exp", "iat", "nbf", "auth_time"]);

function tokenView({ label, header, claims }: DecodedToken): HTMLElement {
	const rows = (part: object, title: string) =>
		h(
			"div",
			{ class: "part" },
			h("p", { class: "part-title" }, title),
			h(
				"dl",
				{},
				Object.entries(part).map(([name, value]) =>
					h(
						"div",
						{},
						h("dt", {}, name),
						h("dd", {}, typeof value === "string" ? value : JSON.stringify(value), timeNote(name, value)),
					),
				),
			),
		);
	return h("div", { class: "token" }, h("p", { class: "line" }, label), rows(header, "Header"), rows(claims, "Claims"));
}

function timeNote(name: string, value: unknown): HTMLElement | false {
	if (!TIMES.has(name) || typeof value !== "number") return false;
	return h("span", { class: "muted" }, ` ${new Date(value * 1000).toLocaleTimeString()}`);
}

function checksView(checks: Check[]): HTMLElement {
	const passed = checks.filter(({ status }) => status === "passed").length;
	return h(
		"div",
		{ class: "checks" },
		h("p", { class: "line" }, `${passed} of ${checks.length} checks passed`),
		h(
			"ul",
			{},
			checks.map(({ name, spec, status, found, expected }) =>
				h(
					"li",
					{ "data-status": status },
					h("span", { class: "check-name" }, name, status !== "passed" && h("em", {}, ` ${status}`)),
					h("span", { class: "spec" }, spec),
					(found ?? expected) &&
						h(
							"span",
							{ class: "values" },
							found && h("span", {}, h("i", {}, "found "), found),
							expected && expected !== found && h("span", {}, h("i", {}, "expected "), expected),
						),
				),
			),
		),
	);
}

/** The two digests and whether they are equal, in words too. */
function wasmView(page: Promise<string>, worker: Promise<string>): HTMLElement {
	const pageCell = h("dd", {}, "not run yet");
	const workerCell = h("dd", {}, "asking");
	const verdict = h("p", { class: "verdict", role: "status" });
	page.then(
		(digest) => pageCell.replaceChildren(h("code", { class: "digest" }, digest)),
		() => pageCell.replaceChildren("unknown"),
	);
	worker.then(
		(digest) => workerCell.replaceChildren(h("code", { class: "digest" }, digest)),
		() => workerCell.replaceChildren("unknown: the API does not answer"),
	);
	Promise.all([page, worker]).then(
		([a, b]) => {
			verdict.dataset.equal = String(a === b);
			verdict.replaceChildren(
				h("span", { "aria-hidden": "true" }, a === b ? "=" : "≠"),
				a === b ? " equal" : " not equal",
			);
		},
		() => {},
	);
	return h(
		"div",
		{ class: "wasm" },
		h("h3", {}, "One verdict, the same bytes"),
		h("p", { class: "muted" }, "SHA-256 of the WebAssembly that checks tokens"),
		h(
			"dl",
			{},
			h("div", {}, h("dt", {}, "in this page"), pageCell),
			verdict && h("div", { class: "between" }, verdict),
			h("div", {}, h("dt", {}, "in the worker"), workerCell),
		),
	);
}

export function drawDiagram(page: Promise<string>, worker: Promise<string>): void {
	const views = STEPS.map((step, i) => new StepView(step, i));
	byId("flow").append(
		h("h2", { id: "flow-title" }, "What really happens"),
		h(
			"p",
			{ class: "muted" },
			"Eight steps between four parties. Each lights up when it has happened; open it to see what crossed.",
		),
		h(
			"div",
			{ class: "sequence" },
			h(
				"div",
				{ class: "lanes", "aria-hidden": "true" },
				LANES.map((lane) => h("span", { class: "lane" }, lane)),
			),
			h(
				"ol",
				{ class: "steps" },
				views.map(({ item }) => item),
			),
		),
		wasmView(page, worker),
	);

	// Steps light up one after the other, in the order they happened.
	const still = matchMedia("(prefers-reduced-motion: reduce)");
	let latest: readonly Crossing[] = [];
	let due = 0;
	let timer = 0;
	let drawn = false;

	const draw = (upTo: number) => {
		const start = latest[0]?.at ?? 0;
		for (const [i, view] of views.entries()) {
			if (i < upTo)
				view.show(
					latest.filter(({ step }) => step === i + 1),
					start,
				);
		}
	};
	const advance = () => {
		due += 1;
		draw(due);
		timer = due < views.length && latest.some(({ step }) => step > due) ? window.setTimeout(advance, PACE_MS) : 0;
	};
	onRecord((crossings) => {
		latest = crossings;
		const highest = Math.max(0, ...crossings.map(({ step }) => step));
		if (!drawn || still.matches || highest < due) {
			// The past (kept over a redirect), and steps that are taken back, need no show.
			clearTimeout(timer);
			timer = 0;
			due = highest;
			for (const [i, view] of views.entries())
				view.show(
					crossings.filter(({ step }) => step === i + 1),
					crossings[0]?.at ?? 0,
				);
			drawn = true;
			return;
		}
		draw(due);
		if (!timer && highest > due) advance();
	});
}
