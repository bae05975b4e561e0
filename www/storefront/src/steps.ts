// The eight steps of the story, and four more for the details of an order, as the diagram draws them.

/** The four parties. */
export const LANES = [
	{ name: "Storefront", does: "this page" },
	{ name: "You", does: "at the screen" },
	{ name: "OAuth server", does: "knows you" },
	{ name: "Shop API", does: "has your orders" },
] as const;

export interface Step {
	title: string;
	from: number; // lanes
	to: number; // the same lane: something that party does by itself
	about: string;
	/** What begins with this step. */
	chapter?: string;
}

export const STEPS: readonly Step[] = [
	{
		title: "Request an access token",
		from: 0,
		to: 2,
		about:
			"The shop sends your browser to the OAuth server with a PKCE challenge, a state and a nonce. The secret behind the challenge stays here.",
	},
	{
		title: "Verify the client",
		from: 2,
		to: 2,
		about:
			"The server knows this client, its exact redirect address and the resource it asks for, and insists on PKCE.",
	},
	{
		title: "Sign in and consent",
		from: 1,
		to: 2,
		about: "You prove who you are to the server, not to the shop, and decide what the shop may do.",
	},
	{
		title: "Access token returned",
		from: 2,
		to: 0,
		about:
			"The shop trades the code and its PKCE verifier for tokens, and proves that it has a key. The access token names that key (cnf.jkt): it is of no use without it. The ID token is checked here, in WebAssembly.",
	},
	{
		title: "Request the purchases",
		from: 0,
		to: 3,
		about:
			"The shop asks its API for your purchases, with the access token and a fresh proof of the key that the token is bound to. The API has given a nonce for it, so no proof can be made ahead.",
	},
	{
		title: "Validate the token",
		from: 3,
		to: 3,
		about:
			"The API, a worker, checks access token and proof with the same WebAssembly as this page, and the server's public keys. A proof that was used before is refused, wherever in the world it was used.",
	},
	{
		title: "Decide",
		from: 3,
		to: 3,
		about: "Signature, issuer, audience, expiry and scope together give one verdict. A refusal names its reason.",
	},
	{
		title: "Purchase history returned",
		from: 3,
		to: 0,
		about: "Only rows that belong to the token's subject leave the database.",
	},
	{
		chapter: "The details of an order ask for more",
		title: "Request the details",
		from: 0,
		to: 3,
		about:
			"Where an order went, and how it was paid, is nobody else's business. The shop asks as before, with token and proof.",
	},
	{
		title: "Ask for a stronger login",
		from: 3,
		to: 0,
		about:
			"The token is valid, but a login by password is not enough here. The API says which login is: confirmed by your PIN, within five minutes.",
	},
	{
		title: "Confirm that it is you",
		from: 1,
		to: 2,
		about:
			"The shop sends you to the OAuth server with the API's demand. You enter your PIN there, and a new token says so.",
	},
	{
		title: "Details returned",
		from: 3,
		to: 0,
		about: "The same request with the new token: how you logged in (acr) and when (auth_time) now fit.",
	},
];
