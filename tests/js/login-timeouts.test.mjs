// timeout: each request to the authorization server ends in time, which is 5 seconds, and 20 for tokens, or what the option says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer } from "./helpers.mjs";
import { browser, loggedIn, loginAt, server } from "./login-kit.mjs";

const discovery = ["oauth-authorization-server", "openid-configuration"].map((name) => `${issuer}/.well-known/${name}`);
const pushes = { pushed_authorization_request_endpoint: `${issuer}/par` };

/** A server that never answers at `silent`: there the time that is given to it is over at once. */
function impatient(t, silent, metadata = {}) {
	const { setTimeout } = globalThis;
	let runOut;
	globalThis.setTimeout = (work, ...more) => {
		runOut = work;
		return setTimeout(work, ...more);
	};
	t.after(() => {
		globalThis.setTimeout = setTimeout;
	});
	const op = server({ metadata });
	let hangs = false;
	const fetch = (input, init) => {
		if (!hangs || !silent.includes(String(input.url ?? input))) return op.fetch(input, init);
		setImmediate(runOut);
		return new Promise(() => {});
	};
	return {
		...op,
		fetch,
		hang: () => {
			hangs = true;
		},
	};
}

/** What is rejected, and within how many seconds there was no answer, as its message has it. */
async function givenUp(work) {
	const error = await work.then(
		() => assert.fail("answered"),
		(error) => error,
	);
	const said = `${error.message} ${error.cause?.message}`;
	return [error.code, Number(/no complete answer within ([\d.]+) s/.exec(said)?.[1] ?? Number.NaN)];
}

for (const [timeout, request, tokens] of [
	[undefined, 5, 20],
	[7, 7, 7],
]) {
	const options = { timeout };
	const title = `timeout: ${timeout}`;

	test(`${title}: metadata`, async (t) => {
		const op = impatient(t, discovery);
		op.hang();
		browser().tab("https://shop.example.com/");
		assert.deepEqual(await givenUp(loginAt(op, options).start()), ["metadata_unavailable", request]);
	});

	test(`${title}: a pushed request, without which it goes on unless the server insists`, async (t) => {
		const op = impatient(t, [`${issuer}/par`], pushes);
		op.hang();
		const page = browser().tab("https://shop.example.com/");
		await loginAt(op, options).start();
		assert.ok(new URL(page.left).searchParams.has("code_challenge"));

		const strict = impatient(t, [`${issuer}/par`], { ...pushes, require_pushed_authorization_requests: true });
		strict.hang();
		browser().tab("https://shop.example.com/");
		const refused = loginAt(strict, options).start();
		await assert.rejects(refused, ({ message }) => message.includes(`${issuer}/par`));
		assert.deepEqual(await givenUp(refused), ["token_request_failed", request]);
	});

	test(`${title}: tokens`, async (t) => {
		const op = impatient(t, [`${issuer}/token`]);
		const { login } = await loggedIn({ op, options });
		op.hang();
		op.state.now += 300;
		assert.deepEqual(await givenUp(login.accessToken()), ["token_request_failed", tokens]);
	});

	test(`${title}: claims about the user`, async (t) => {
		const op = impatient(t, [`${issuer}/userinfo`], { userinfo_endpoint: `${issuer}/userinfo` });
		const { login } = await loggedIn({ op, options });
		op.hang();
		assert.deepEqual(await givenUp(login.userinfo()), ["token_request_failed", request]);
	});

	test(`${title}: keys`, async (t) => {
		const op = impatient(t, [`${issuer}/jwks`]);
		op.hang();
		assert.deepEqual(await givenUp(loggedIn({ op, options })), ["keys_unavailable", request]);
	});
}
