// What a login asks its server for: each thing once, and nothing of a server that has no place for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer, json } from "./helpers.mjs";
import { browser, loggedIn, loginAt, server } from "./login-kit.mjs";

const oauth = `${issuer}/.well-known/oauth-authorization-server`;
const openid = `${issuer}/.well-known/openid-configuration`;
const url = `${issuer}/userinfo`;
const document = {
	issuer,
	authorization_endpoint: `${issuer}/authorize`,
	token_endpoint: `${issuer}/token`,
	jwks_uri: `${issuer}/jwks`,
};

/** A server whose answers at some addresses are others; `asked` has all that came, in order. */
function overheard(metadata, answers = {}) {
	const op = server({ metadata });
	const asked = [];
	const fetch = async (input, init) => {
		const address = String(input?.url ?? input);
		asked.push(address);
		return answers[address] ? answers[address]() : op.fetch(input, init);
	};
	return { ...op, fetch, asked };
}

test("a server without a place for pushed requests gets none, whatever it says of them", async () => {
	for (const metadata of [{}, { require_pushed_authorization_requests: true }]) {
		const op = overheard(metadata);
		const page = browser().tab("https://shop.example.com/");
		await loginAt(op).start();
		assert.ok(page.left.startsWith(`${issuer}/authorize?`));
		assert.deepEqual(op.asked, [oauth]);
	}
});

test("a document that names all places is the only one that is asked for", async () => {
	const op = overheard({ userinfo_endpoint: url }, { [url]: () => json({ sub: "user-1" }) });
	const { login } = await loggedIn({ op });
	assert.equal((await login.userinfo()).sub, "user-1");
	await login.logout();
	assert.deepEqual(op.asked, [oauth, `${issuer}/token`, `${issuer}/jwks`, url, `${issuer}/revoke`]);
});

/** Without places for the end of a session. */
const WITHOUT = { end_session_endpoint: undefined, revocation_endpoint: undefined };

test("where the other document is not there, or is the one that is known, a session ends here and stays on the page", async () => {
	const down = () => Promise.reject(new TypeError("fetch failed"));
	for (const [answers, expected] of [
		[{ [openid]: down }, [oauth, openid]],
		[{ [openid]: () => new Response("not found", { status: 404 }) }, [oauth, openid]],
		[{ [oauth]: down, [openid]: () => json(document) }, [oauth, openid]],
	]) {
		const op = overheard(WITHOUT, answers);
		const { login, page } = await loggedIn({ op });
		await login.logout();
		assert.deepEqual([login.session, page.left], [null, undefined]);
		assert.deepEqual(
			op.asked.filter((address) => address !== `${issuer}/token` && address !== `${issuer}/jwks`),
			expected,
		);
	}
});

test("metadata by hand is all that is known: no document is asked for, and no place that it does not name", async () => {
	const op = overheard({});
	const { login, page } = await loggedIn({ op, options: { metadata: document } });
	await assert.rejects(login.userinfo(), { name: "TypeError", message: /has no userinfo_endpoint/ });
	await login.logout();
	assert.deepEqual([login.session, page.left], [null, undefined]);
	assert.deepEqual(op.asked, [`${issuer}/token`, `${issuer}/jwks`]);
});
