// The eight steps of the story, as the diagram draws them.

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
		about: "The shop trades the code and its PKCE verifier for tokens. The ID token is checked here, in WebAssembly.",
	},
	{
		title: "Request the purchases",
		from: 0,
		to: 3,
		about: "The shop asks its API for your purchases and shows the access token.",
	},
	{
		title: "Validate the token",
		from: 3,
		to: 3,
		about:
			"The API, a worker, checks the access token with the same WebAssembly as this page, and the server's public keys.",
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
];
