// Reads one user's purchases, a page at a time, newest first.

export interface Item {
	name: string;
	quantity: number;
	cents: number;
}

export interface Purchase {
	orderNumber: string;
	orderedAt: string;
	items: Item[];
	totalCents: number;
	currency: string;
	status: string;
}

export interface Page {
	purchases: Purchase[];
	/** Give it back as `cursor` for the next page; null on the last one. */
	next: string | null;
}

interface Row {
	order_number: string;
	ordered_at: string;
	items: string;
	total_cents: number;
	currency: string;
	status: string;
}

export class BadQuery extends Error {}

const LIMIT = 50;
const MOST = 100;

/** The last row of a page: where the next one goes on. */
type Position = [orderedAt: string, orderNumber: string];

function readLimit(value: string | null): number {
	if (value === null) return LIMIT;
	const limit = /^\d{1,3}$/.test(value) ? Number(value) : 0;
	if (limit < 1 || limit > MOST) throw new BadQuery(`limit must be a whole number from 1 to ${MOST}`);
	return limit;
}

function readCursor(value: string | null): Position | null {
	if (value === null) return null;
	try {
		const position: unknown = JSON.parse(atob(value));
		if (Array.isArray(position) && position.length === 2 && position.every((part) => typeof part === "string")) {
			return position as Position;
		}
	} catch {
		// not one of ours
	}
	throw new BadQuery("cursor must be the `next` of an earlier page");
}

const writeCursor = (row: Row): string => btoa(JSON.stringify([row.ordered_at, row.order_number] satisfies Position));

export async function purchasesOf(sub: string, query: URLSearchParams, db: D1Database): Promise<Page> {
	const limit = readLimit(query.get("limit"));
	const [orderedAt, orderNumber] = readCursor(query.get("cursor")) ?? ["9999", ""];
	const { results } = await db
		.prepare(
			`SELECT order_number, ordered_at, items, total_cents, currency, status FROM purchases
			 WHERE sub = ?1 AND (ordered_at, order_number) < (?2, ?3)
			 ORDER BY ordered_at DESC, order_number DESC LIMIT ?4`,
		)
		.bind(sub, orderedAt, orderNumber, limit + 1)
		.all<Row>();

	const page = results.slice(0, limit);
	const last = page.at(-1);
	return {
		purchases: page.map((row) => ({
			orderNumber: row.order_number,
			orderedAt: row.ordered_at,
			items: JSON.parse(row.items) as Item[],
			totalCents: row.total_cents,
			currency: row.currency,
			status: row.status,
		})),
		next: last && results.length > limit ? writeCursor(last) : null,
	};
}
