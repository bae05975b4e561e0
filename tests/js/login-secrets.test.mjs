// What onStep shows of secrets: six characters of each, and how long it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { audience } from "./helpers.mjs";
import { browser, loggedIn, server } from "./login-kit.mjs";

const cut = (secret) => `${secret.slice(0, 6)}… (${secret.length} characters)`;

/** A user who is logged in, and all steps. */
async function watched(tamper, { machine, ...options } = {}) {
	const steps = [];
	const user = await loggedIn({
		op: server({ tamper }),
		machine,
		options: { onStep: (step) => steps.push(step), ...options },
	});
	return { ...user, steps };
}

// Not within a test: mutants in what is made once, as the names of secrets are, get a process each for it.
const { login, steps } = await watched({});

test("secrets in the address of a request are cut short, by their names in OAuth; all else is shown", async () => {
	const names = [
		...["access_token", "authorization", "code", "code_verifier"],
		...["id_token", "id_token_hint", "refresh_token", "token"],
	];
	const address = new URL(`${audience}/purchases`);
	for (const name of names) address.searchParams.set(name, `secret-${name}`);
	address.searchParams.set("page", "page-number-2");
	await login.fetch(address);
	const expected = [...names.map((name) => [name, cut(`secret-${name}`)]), ["page", "page-number-2"]];
	for (const number of [5, 8]) {
		const { request } = steps.find(({ step }) => step === number);
		assert.deepEqual([...new URL(request.url).searchParams], expected);
	}
});

test("of an access token without parts nothing is shown", async () => {
	const { steps } = await watched({ response: { access_token: ".secret", id_token: undefined } }, { scope: "read" });
	const granted = steps.find(({ name }) => name === "code for tokens: granted");
	assert.deepEqual([granted.token, granted.response.body.access_token], [undefined, cut(".secret")]);
});

test("a proof is cut short like the token that it goes with", async () => {
	const machine = browser();
	const { tab } = machine;
	const indexedDB = new IDBFactory();
	machine.tab = (...all) => Object.assign(tab(...all), { indexedDB });
	const { login, steps } = await watched({ response: { token_type: "DPoP" } }, { machine, dpop: true });
	const token = await login.accessToken();
	await login.fetch(`${audience}/purchases`);
	const { request } = steps.find(({ step }) => step === 5);
	assert.equal(request.headers.authorization, `DPoP ${cut(token)}`);
	assert.match(request.headers.dpop, /^eyJ[\w-]{3}… \(\d+ characters\)$/);
});
