// The addresses of the three parts. Everything that needs one takes it from here.

export const DEFAULT_PORT = 4100;

/** The storefront's port decides the others: the API is one up, the OAuth server two. */
export function addresses(port = Number(process.env.PORT ?? DEFAULT_PORT)) {
	if (!Number.isInteger(port) || port < 1 || port > 65533) {
		throw new RangeError(`PORT must be a whole number from 1 to 65533, not ${process.env.PORT ?? port}`);
	}
	return {
		ports: { storefront: port, shopApi: port + 1, oauthServer: port + 2 },
		storefront: `http://localhost:${port}`,
		shopApi: `http://localhost:${port + 1}`,
		oauthServer: `http://localhost:${port + 2}`,
	};
}

/** Only this machine may reach the demo. */
export const HOST = "127.0.0.1";

export const CLIENT_ID = "storefront";
export const API_SCOPE = "purchases:read";

/** The authentication context of a login that the user has confirmed by their PIN: what the details of an order need. */
export const CONFIRMED = "urn:countersign:demo:confirmed";
