// The logins of docs/providers, as they stand: there and back by the test issuer over HTTP, and the access token passes the
// guard of the same page.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { browser, leaving } from "../js/login-kit.mjs";
import { openRecipe, openWorld } from "./matrix.mjs";
import { recipeOf } from "./recipes.mjs";

const world = await openWorld();
after(() => world.close());

const rows = world.rows.filter(({ at = 0 }) => at === 0);
for (const row of rows) {
	const { login: block } = await recipeOf(row);
	if (!block) continue;
	test(`${row.page}: a login, and a call of the API`, async () => {
		const machine = browser();
		const page = machine.tab("https://shop.example.com/cart");
		const { login, logIn = () => login.start() } = await world.place.load(block);
		const url = new URL(await leaving(page, logIn()));
		const asked = (name) => url.searchParams.get(name);
		assert.equal(url.href.split("?")[0], row.issuer.metadata.authorization_endpoint);
		assert.deepEqual([asked("code_challenge_method"), asked("client_id")], ["S256", row.issuer.clientId]);
		const redirect = await globalThis.fetch(url, { redirect: "manual" });
		assert.equal(redirect.status, 302);
		machine.tab(redirect.headers.get("location"), page.sessionStorage);
		// The page is loaded again.
		const { login: back } = await world.place.load(block);
		const { session } = await back.finish();
		assert.equal(session.claims.aud, row.issuer.clientId);
		const recipe = await openRecipe(world, row);
		try {
			assert.equal((await recipe.ask(await back.accessToken())).status, 200);
		} finally {
			await recipe.close();
		}
	});
}

test("the pages with a login are those whose servers are RFC 6749's for pages", async () => {
	const logins = [];
	for (const row of rows) if ((await recipeOf(row)).login) logins.push(row.page);
	assert.deepEqual(logins.sort(), ["auth0", "cognito", "entra", "keycloak", "okta", "rfc9068"]);
});
