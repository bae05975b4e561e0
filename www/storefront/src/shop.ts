// The shop's side of the page: what the visitor sees in each state, always with a way on.
import { byId, h } from "./dom.js";

export interface Purchase {
	orderNumber: string;
	orderedAt: string;
	items: { name: string; quantity: number; cents: number }[];
	totalCents: number;
	currency: string;
	status: string;
}

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

function button({ label, run, primary }: Action): HTMLButtonElement {
	return h("button", { type: "button", class: primary ? "primary" : "secondary", click: run }, label);
}

function show(...children: (Node | string)[]): void {
	byId("shop").replaceChildren(...children);
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
			{ class: "trouble", role: "alert" },
			heading,
			h("p", {}, text),
			code ? h("p", { class: "code" }, h("code", {}, code)) : "",
			known.length > 0
				? h(
						"dl",
						{},
						known.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
					)
				: "",
		),
		h("div", { class: "actions" }, actions.map(button)),
	);
	heading.focus({ preventScroll: true });
}

const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const money = (cents: number, currency: string) =>
	new Intl.NumberFormat("en-IE", { style: "currency", currency }).format(cents / 100);

function row({ orderNumber, orderedAt, items, totalCents, currency, status }: Purchase): HTMLTableRowElement {
	// Roles are spelled out because the narrow layout takes `display: table` away.
	return h(
		"tr",
		{ role: "row" },
		h("th", { scope: "row", role: "rowheader" }, orderNumber),
		h("td", { role: "cell", class: "date" }, h("time", { datetime: orderedAt }, date.format(new Date(orderedAt)))),
		h(
			"td",
			{ role: "cell", class: "items" },
			items.map(({ name, quantity }) => h("span", {}, quantity > 1 ? `${quantity} × ${name}` : name)),
		),
		h("td", { role: "cell", class: "status" }, h("span", { "data-status": status }, status)),
		h("td", { role: "cell", class: "total" }, money(totalCents, currency)),
	);
}

export interface PurchaseTable {
	add(purchases: Purchase[]): void;
	finish(): void;
}

export function showPurchases(refresh: () => void): PurchaseTable {
	const body = h("tbody", { role: "rowgroup" });
	const count = h("p", { class: "muted count", role: "status" }, "Reading …");
	const columns = ["Order", "Date", "Items", "Status", "Total"];
	show(
		h(
			"table",
			{ role: "table" },
			h("caption", {}, "Purchase history"),
			h(
				"thead",
				{ role: "rowgroup" },
				h(
					"tr",
					{ role: "row" },
					columns.map((name) => h("th", { scope: "col", role: "columnheader", class: name.toLowerCase() }, name)),
				),
			),
			body,
		),
		h("div", { class: "table-foot" }, count, button({ label: "Refresh", run: refresh })),
	);
	let pages = 0;
	return {
		add(purchases) {
			pages += 1;
			body.append(...purchases.map(row));
			count.textContent = `Reading … ${body.rows.length} orders so far`;
		},
		finish() {
			const orders = body.rows.length;
			count.textContent =
				orders === 0
					? "No orders yet."
					: `${orders} ${orders === 1 ? "order" : "orders"}, read in ${pages} ${pages === 1 ? "page" : "pages"}`;
		},
	};
}
