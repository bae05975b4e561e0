// ID tokens that come from a store, and signed claims: by which moment and by which keys they are judged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer, signer } from "./helpers.mjs";
import { FakeStorage, key, loggedIn, loginAt, server } from "./login-kit.mjs";

const home = "https://shop.example.com/";

/** A session in a store, whose server gives no ID token again, and a page that takes it up a day later. */
async function aDayLater(change = (entry) => entry) {
	const storage = new FakeStorage();
	const op = server({ tamper: { renewed: { id_token: undefined } } });
	const { machine } = await loggedIn({ op, options: { storage } });
	const [[name, text]] = storage;
	storage.set(name, JSON.stringify(change(JSON.parse(text))));
	op.state.now += 86_400;
	machine.tab(home);
	return loginAt(op, { storage, silent: "never" });
}

test("an ID token that was good when the user logged in ends no session by its age", async () => {
	const login = await aDayLater();
	assert.equal((await login.restore()).claims.sub, "user-1");
	assert.match(await login.accessToken(), /^at-/);
});

test("one that never was good is no session's", async () => {
	const forged = signer("k1").token({ aud: "shop" });
	for (const change of [
		(entry) => ({ ...entry, idToken: forged }),
		(entry) => ({ ...entry, checkedAt: entry.checkedAt + 86_400 }),
	]) {
		const login = await aDayLater(change);
		await login.restore().catch(() => {});
		assert.equal(login.session, null);
	}
});

test("signed claims about the user are checked by the keys that the metadata names, of which none is looked for", async () => {
	const userinfo = `${issuer}/userinfo`;
	const metadata = {
		issuer,
		authorization_endpoint: `${issuer}/authorize`,
		token_endpoint: `${issuer}/token`,
		jwks_uri: `${issuer}/jwks`,
		userinfo_endpoint: userinfo,
	};
	const op = server();
	const jwt = key.token({ aud: "shop", email: "ada@example.com" });
	const fetch = (input, init) =>
		String(input) === userinfo
			? Promise.resolve(new Response(jwt, { headers: { "content-type": "application/jwt" } }))
			: op.fetch(input, init);
	const { login } = await loggedIn({ op: { ...op, fetch }, options: { metadata } });
	assert.equal((await login.userinfo()).email, "ada@example.com");
	assert.deepEqual([op.count("/.well-known/"), op.count("/jwks")], [0, 1]);
});
