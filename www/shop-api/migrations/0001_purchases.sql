-- Whose purchase it is: the `sub` of the OAuth server's tokens.
CREATE TABLE purchases (
	order_number TEXT PRIMARY KEY,
	sub          TEXT NOT NULL,
	ordered_at   TEXT NOT NULL, -- RFC 3339, UTC
	items        TEXT NOT NULL CHECK (json_valid(items)), -- [{ name, quantity, cents }]
	total_cents  INTEGER NOT NULL CHECK (total_cents >= 0),
	currency     TEXT NOT NULL CHECK (length(currency) = 3),
	status       TEXT NOT NULL CHECK (status IN ('processing', 'shipped', 'delivered', 'returned', 'cancelled'))
) STRICT, WITHOUT ROWID;

CREATE INDEX purchases_of_user ON purchases (sub, ordered_at DESC, order_number DESC);
