// What the shop sells. It is part of the page, so that it is there whatever a server does.
import goods from "../../goods.json";
import { byId, h } from "./dom.js";
import { money } from "./money.js";

export function showGoods(): void {
	byId("goods").replaceChildren(
		h("h2", { id: "goods-title" }, "In the shop"),
		h(
			"ul",
			{},
			goods.map(({ name, about, cents }) =>
				h(
					"li",
					{},
					h("span", { class: "good" }, name),
					h("span", { class: "price" }, money(cents, "EUR")),
					h("span", { class: "muted" }, about),
				),
			),
		),
	);
}
