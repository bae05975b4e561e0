// The purchase history as a table.
import { byId, h } from "./dom.js";
import { money } from "./money.js";
import { detailsView, type OrderDetails } from "./order.js";
import { button, show } from "./shop.js";

export interface Purchase {
	orderNumber: string;
	orderedAt: string;
	items: { name: string; quantity: number; cents: number }[];
	totalCents: number;
	currency: string;
	status: string;
}

const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

function row(
	{ orderNumber, orderedAt, items, totalCents, currency, status }: Purchase,
	open: (number: string) => void,
): HTMLTableRowElement {
	// Roles are spelled out because the narrow layout takes `display: table` away.
	return h(
		"tr",
		{ role: "row" },
		h(
			"th",
			{ scope: "row", role: "rowheader" },
			h("button", { type: "button", class: "order-number", click: () => open(orderNumber) }, orderNumber),
		),
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

/** Where there is one column, the first orders are enough at first: the diagram comes after them (see style.css). */
const FIRST = 2;

function showAll(body: HTMLTableSectionElement): HTMLElement {
	const label = `Show all ${body.rows.length} orders`;
	const all = button({
		label,
		run: () => {
			body.classList.add("all");
			const next = body.rows[FIRST] as HTMLTableRowElement;
			next.tabIndex = -1;
			next.focus();
			all.remove();
		},
	});
	all.classList.add("more");
	return all;
}

export interface PurchaseTable {
	add(purchases: Purchase[]): void;
	/** Shows the details of an order below it, in the place of another's. */
	open(number: string, details: Promise<OrderDetails>): void;
	/** All are there, and `trials` can be made with them. */
	finish(trials: Node): void;
}

export function showPurchases(refresh: () => void, details: (number: string) => Promise<OrderDetails>): PurchaseTable {
	const body = h("tbody", { role: "rowgroup" });
	const count = h("p", { class: "muted count", role: "status" }, "Reading …");
	const foot = h("div", { class: "table-foot" }, count, button({ label: "Refresh", run: refresh }));
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
		foot,
	);
	let pages = 0;
	let opened: HTMLTableRowElement | undefined;
	const orderButton = (number: string) =>
		[...body.querySelectorAll<HTMLButtonElement>("button.order-number")].find(
			({ textContent }) => textContent === number,
		);
	const open = (number: string, details: Promise<OrderDetails>) => {
		opened?.remove();
		const from = orderButton(number);
		const order = from?.closest("tr");
		if (!from || !order) return;
		if (order.classList.contains("later")) body.classList.add("all");
		const close = () => {
			opened?.remove();
			from.focus();
		};
		const view = detailsView(number, details, close);
		opened = h("tr", { role: "row", class: "details" }, h("td", { role: "cell", colspan: columns.length }, view));
		order.after(opened);
		view.querySelector("h2")?.focus();
	};
	return {
		open,
		add(purchases) {
			pages += 1;
			const rows = purchases.map((purchase) => row(purchase, (number) => open(number, details(number))));
			body.append(...rows);
			for (const later of [...body.rows].slice(FIRST)) later.classList.add("later");
			count.textContent = `Reading … ${body.rows.length} orders so far`;
		},
		finish(trials) {
			const orders = body.rows.length;
			count.textContent =
				orders === 0
					? "No orders yet."
					: `${orders} ${orders === 1 ? "order" : "orders"}, read in ${pages} ${pages === 1 ? "page" : "pages"}. Choose an order’s number for its details.`;
			if (orders > FIRST) count.after(showAll(body));
			byId("trials").append(trials);
		},
	};
}
