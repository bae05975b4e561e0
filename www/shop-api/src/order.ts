// Reads what only a confirmed login may see of an order: where it went, and how it was paid.

export interface OrderDetails {
	orderNumber: string;
	recipient: string;
	street: string;
	city: string;
	paidWith: string;
}

/** The order of this user; somebody else's is none. */
export async function orderOf(sub: string, orderNumber: string, db: D1Database): Promise<OrderDetails | null> {
	return db
		.prepare(
			`SELECT order_number AS orderNumber, recipient, street, city, paid_with AS paidWith
			 FROM order_details JOIN purchases USING (order_number) WHERE sub = ?1 AND order_number = ?2`,
		)
		.bind(sub, orderNumber)
		.first<OrderDetails>();
}
