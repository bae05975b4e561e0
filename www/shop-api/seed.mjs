// Purchases of the demo accounts, and where they went: made up, and the same on every machine.
import { readFile } from "node:fs/promises";

const GOODS = JSON.parse(await readFile(new URL("../goods.json", import.meta.url), "utf8"));
const DAY = 24 * 60 * 60 * 1000;
const NEWEST = Date.UTC(2026, 10, 20, 9, 30);

/** mulberry32: a small generator with a fixed sequence for each seed. */
function numbers(text) {
	let state = [...text].reduce((sum, character) => Math.imul(sum ^ character.codePointAt(0), 0x01000193), 0x811c9dc5);
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % below;
	};
}

function statusAt(age, number) {
	if (age === 0) return "processing";
	if (age === 1) return "shipped";
	return ["delivered", "delivered", "delivered", "delivered", "delivered", "delivered", "returned", "cancelled"][
		number(8)
	];
}

/** Rows of the table `purchases`, newest first for each account. */
export function seedRows(accounts) {
	return accounts.flatMap(({ sub, orders }, user) => {
		const number = numbers(sub);
		let time = NEWEST - number(3 * DAY);
		return Array.from({ length: orders }, (_, age) => {
			const first = number(GOODS.length);
			const apart = 1 + number(6); // so that no order has the same thing twice
			const items = Array.from({ length: 1 + number(3) }, (_, i) => {
				const { name, cents } = GOODS[(first + i * apart) % GOODS.length];
				return { name, quantity: 1 + (number(4) === 0 ? 1 : 0), cents };
			});
			const row = {
				order_number: `CS-${String(10_000 + (orders - age) * 37 + user * 2_311 + number(30))}`,
				sub,
				ordered_at: new Date(time).toISOString(),
				items: JSON.stringify(items),
				total_cents: items.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0),
				currency: "EUR",
				status: statusAt(age, number),
			};
			time -= 4 * DAY + number(24 * DAY);
			return row;
		});
	});
}

const STREETS = ["Mill Lane", "Harbour Street", "Orchard Road", "Station Square"];
const CITIES = ["Utrecht", "Gothenburg", "Leeds", "Lyon"];

/** Rows of the table `order_details`, for rows of `purchases`. */
export function seedDetails(accounts, purchases) {
	return purchases.map(({ order_number, sub }) => {
		const number = numbers(sub); // people move seldom: one address for each account
		return {
			order_number,
			recipient: accounts.find((account) => account.sub === sub).name,
			street: `${STREETS[number(STREETS.length)]} ${1 + number(80)}`,
			city: CITIES[number(CITIES.length)],
			paid_with: `card ending in ${1000 + number(9000)}`,
		};
	});
}
