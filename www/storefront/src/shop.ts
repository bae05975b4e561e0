// The shop's side of the page: what the visitor sees in each state, always with a way on.
import { byId, h } from "./dom.js";

export interface Problem {
	title: string;
	text: string;
	/** The refusal's stable code and facts, where there is one. */
	code?: string | undefined;
	facts?: [name: string, value: string | undefined][];
}

interface Action {
	label: string;
	run: () => void;
	primary?: boolean;
}

export function button({ label, run, primary }: Action): HTMLButtonElement {
	return h("button", { type: "button", class: primary ? "primary" : "secondary", click: run }, label);
}

export function show(...children: Node[]): void {
	byId("shop").replaceChildren(...children);
	byId("trials").replaceChildren(); // they belong to the orders
}

export function showWho(name: string | null, signOut: () => void): void {
	byId("who").replaceChildren(
		...(name === null ? [] : [h("span", { class: "name" }, name), button({ label: "Sign out", run: signOut })]),
	);
}

export function showWelcome(start: () => void, note?: string): void {
	show(
		...(note ? [h("p", { class: "note", role: "status" }, note)] : []),
		h("h2", { class: "hero" }, "Your orders, and nobody else’s."),
		h(
			"p",
			{ class: "lead" },
			"Sign in at the OAuth server and allow the shop to read your purchase history. The shop never sees your password.",
		),
		h("div", { class: "actions" }, button({ label: "My purchases", run: start, primary: true })),
	);
}

export function showBusy(text: string): void {
	show(h("p", { class: "busy", role: "status" }, text));
}

export function showProblem({ title, text, code, facts = [] }: Problem, actions: Action[]): void {
	const heading = h("h2", { tabindex: "-1" }, title);
	const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
	show(
		h(
			"div",
			{ class: "trouble" },
			h("div", { role: "alert" }, heading, h("p", {}, text), code && h("p", { class: "code" }, h("code", {}, code))),
			known.length > 0 && factsView(known),
		),
		h("div", { class: "actions" }, actions.map(button)),
	);
	heading.focus({ preventScroll: true });
}

function factsView(facts: [name: string, value: string][]): HTMLElement {
	return h(
		"details",
		{},
		h("summary", {}, "What exactly"),
		h(
			"dl",
			{},
			facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
		),
	);
}
