// The live sequence diagram beside the shop: a step lights up when it has really happened, and opens to show
// what crossed. Everything in it comes from the record.
import { byId, h } from "./dom.js";
import { type Check, type Crossing, type DecodedToken, type Message, onRecord } from "./record.js";
import { LANES, STEPS, type Step } from "./steps.js";

type State = "waiting" | "earlier" | "done" | "refused";

const SAID: Record<State, string> = { waiting: "not yet", earlier: "earlier", done: "done", refused: "refused" };

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
		const [source, target] = [LANES[from], LANES[to]].map((lane) => lane?.name);
		const way = from === to ? source : `${source} to ${target}`;
		this.#button = h(
			"button",
			{ type: "button", "aria-expanded": "false", "aria-controls": id, click: () => this.#toggle() },
			h("span", { class: "number" }, String(index + 1)),
			h("span", { class: "title" }, step.title, h("span", { class: "hidden" }, `, ${way}, `), this.#state),
			this.#time,
			arrow,
		);
		this.#panel = h("div", { class: "panel", id, hidden: true });
		const { chapter } = step;
		this.item = h(
			"li",
			{ class: "step" },
			chapter && h("p", { class: "chapter" }, chapter),
			h("h3", {}, this.#button),
			this.#panel,
		);
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
		const state = stateOf(crossings);
		this.item.dataset.state = state;
		this.#state.textContent = SAID[state];
		const first = crossings.find(({ earlier }) => !earlier);
		this.#time.textContent = first
			? `${state === "refused" ? "refused " : ""}+${span(first.at - start)}`
			: state === "earlier"
				? "earlier"
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

function stateOf(crossings: readonly Crossing[]): State {
	if (crossings.some(({ refused }) => refused)) return "refused";
	if (crossings.some(({ earlier }) => !earlier)) return "done";
	return crossings.length > 0 ? "earlier" : "waiting";
}

function span(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	if (seconds < 100) return `${seconds.toFixed(2)} s`;
	return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
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
				h("span", { "aria-hidden": "true" }, a === b ? "= " : "≠ "),
				a === b ? "equal" : "not equal",
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
			h("div", {}, h("dt", {}, "in the worker"), workerCell),
		),
		verdict,
	);
}

export function drawDiagram(page: Promise<string>, worker: Promise<string>): void {
	const views = STEPS.map((step, i) => new StepView(step, i));
	byId("flow").append(
		h("h2", { id: "flow-title" }, "What really happens"),
		h(
			"p",
			{ class: "muted" },
			"Eight steps between four parties, and four more for the details of an order. Each lights up when it has happened; open it to see what crossed.",
		),
		h(
			"div",
			{ class: "sequence" },
			h(
				"div",
				{ class: "lanes", "aria-hidden": "true" },
				LANES.map(({ name, does }) => h("span", { class: "lane" }, name, h("span", {}, does))),
			),
			h(
				"ol",
				{ class: "steps" },
				views.map(({ item }) => item),
			),
		),
		wasmView(page, worker),
	);

	onRecord((crossings) => {
		const start = crossings.find(({ earlier }) => !earlier)?.at ?? 0;
		for (const [i, view] of views.entries()) {
			view.show(
				crossings.filter(({ step }) => step === i + 1),
				start,
			);
		}
	});
}
