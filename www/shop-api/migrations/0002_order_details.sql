-- What only a user who has confirmed their login may see of an order.
CREATE TABLE order_details (
	order_number TEXT PRIMARY KEY REFERENCES purchases (order_number),
	recipient    TEXT NOT NULL,
	street       TEXT NOT NULL,
	city         TEXT NOT NULL,
	paid_with    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
