// The login, in a page made of nothing but what it touches, at an authorization server that fits in one file.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { audience, createLogin, halfHash, issuer, json, network, refusal, signer, start } from "./helpers.mjs";

const redirectUri = "https://shop.example.com/callback";
const key = signer("k1");

class FakeStorage extends Map {
	getItem = (name) => this.get(name) ?? null;
	setItem = (name, value) => void this.set(name, String(value));
	removeItem = (name) => void this.delete(name);
}

/** A browser: pages come and go, `localStorage` stays, and each tab has a `sessionStorage`. */
function browser() {
	const shared = new FakeStorage();
	return {
		shared,
		tab(href, sessionStorage = new FakeStorage()) {
			const listeners = [];
			const page = {
				left: undefined,
				sessionStorage,
				localStorage: shared,
				location: {
					href,
					assign: (url) => {
						page.left = url;
					},
				},
				history: {
					state: null,
					replaceState: (_state, _title, url) => {
						page.location.href = new URL(url, page.location.href).href;
					},
				},
				addEventListener: (_name, listener) => listeners.push(listener),
				storageChanged: (event) => {
					for (const listener of listeners) listener(event);
				},
			};
			globalThis.window = page;
			return page;
		},
	};
}

/** An authorization server, and the API beside it. `tamper` alters what it says. */
function server({ tamper = {}, lifetime = 300 } = {}) {
	const state = { now: start, codes: new Map(), refreshTokens: new Set(), revoked: [], access: new Set(), used: 0 };
	const grant = (nonce) => {
		const accessToken = `at-${randomUUID()}`;
		const refreshToken = `rt-${randomUUID()}`;
		state.refreshTokens.add(refreshToken);
		state.access.add(accessToken);
		const claims = { aud: "shop", nonce, iat: state.now, exp: state.now + 300, at_hash: halfHash(accessToken) };
		return json({
			access_token: accessToken,
			token_type: "Bearer",
			expires_in: lifetime,
			refresh_token: refreshToken,
			scope: "openid purchases:read",
			id_token: (tamper.signer ?? key).token({ ...claims, ...tamper.claims }),
			...tamper.response,
		});
	};
	const refused = (error) => json({ error }, { status: 400 });
	const net = network({
		[`${issuer}/.well-known/oauth-authorization-server`]: () =>
			json({
				issuer,
				authorization_endpoint: `${issuer}/authorize`,
				token_endpoint: `${issuer}/token`,
				jwks_uri: `${issuer}/jwks`,
				end_session_endpoint: `${issuer}/logout`,
				revocation_endpoint: `${issuer}/revoke`,
				code_challenge_methods_supported: ["S256"],
				authorization_response_iss_parameter_supported: true,
			}),
		[`${issuer}/jwks`]: () => json({ keys: [key.jwk] }),
		[`${issuer}/token`]: async (request) => {
			const form = new URLSearchParams(await request.text());
			if (state.hang) return new Promise(() => {});
			if (form.get("grant_type") === "refresh_token") {
				const token = form.get("refresh_token");
				state.used++;
				if (!state.refreshTokens.delete(token)) return refused("invalid_grant");
				return grant(undefined);
			}
			const flight = state.codes.get(form.get("code"));
			state.codes.delete(form.get("code"));
			const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
			return flight?.challenge === challenge ? grant(flight.nonce) : refused("invalid_grant");
		},
		[`${issuer}/revoke`]: async (request) => {
			state.revoked.push(new URLSearchParams(await request.text()).get("token"));
			return new Response("");
		},
		[`${audience}/purchases`]: (request) =>
			state.access.has(request.headers.get("authorization")?.slice(7))
				? json({ purchases: [] })
				: new Response("", { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } }),
	});
	return {
		...net,
		state,
		/** The user agrees: where the server sends the browser. */
		agree(url) {
			const { searchParams } = new URL(url);
			const code = randomUUID();
			state.codes.set(code, { challenge: searchParams.get("code_challenge"), nonce: searchParams.get("nonce") });
			return answer(searchParams, { code });
		},
		deny: (url, error) => answer(new URL(url).searchParams, { error }),
	};
}

function answer(asked, parameters) {
	const url = new URL(asked.get("redirect_uri"));
	for (const [name, value] of Object.entries({ ...parameters, state: asked.get("state"), iss: issuer })) {
		url.searchParams.set(name, value);
	}
	return url;
}

function loginAt(op, options = {}) {
	return createLogin({
		issuer,
		clientId: "shop",
		redirectUri,
		postLogoutRedirectUri: "https://shop.example.com/",
		scope: "openid purchases:read",
		resource: audience,
		fetch: op.fetch,
		now: () => op.state.now,
		...options,
	});
}

/** Logs in; resolves to all that took part. */
async function loggedIn({ op = server(), options = {}, machine = browser() } = {}) {
	const first = machine.tab("https://shop.example.com/cart");
	await loginAt(op, options).start();
	const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
	const login = loginAt(op, options);
	return { op, machine, page, login, finished: await login.finish() };
}

test("start asks with PKCE, state, nonce and resource; finish gives the session and cleans the address", async () => {
	const machine = browser();
	const op = server();
	const page = machine.tab("https://shop.example.com/cart");
	await loginAt(op).start({ loginHint: "ada@example.com" });
	const asked = new URL(page.left).searchParams;
	assert.equal(asked.get("response_type"), "code");
	assert.equal(asked.get("code_challenge_method"), "S256");
	assert.equal(asked.get("resource"), audience);
	assert.equal(asked.get("login_hint"), "ada@example.com");
	for (const name of ["state", "nonce", "code_challenge"]) assert.match(asked.get(name), /^[\w-]{43}$/);

	const back = machine.tab(op.agree(page.left).href, page.sessionStorage);
	const login = loginAt(op);
	const changes = [];
	login.onChange((session) => changes.push(session?.claims.sub ?? null));
	const promise = login.finish();
	assert.equal(back.location.href, redirectUri, "cleaned before anything else happens");
	assert.equal(login.finish(), promise, "StrictMode");
	const { session, returnTo } = await promise;
	assert.equal(login.finish(), promise);
	assert.equal(returnTo, "https://shop.example.com/cart");
	assert.equal(session.claims.sub, "user-1");
	assert.equal(session.expiresAt, start + 300);
	assert.deepEqual(changes, ["user-1"]);
	assert.match(await login.accessToken(), /^at-/);
	assert.equal(op.count("/.well-known/"), 1, "metadata survives the redirect");
	assert.equal([...back.sessionStorage.values()].join().includes("at-"), false);
});

test("an address that is no answer is none", async () => {
	const op = server();
	for (const href of ["https://shop.example.com/", redirectUri, "https://shop.example.com/other?code=x&state=y"]) {
		browser().tab(href);
		assert.equal(await loginAt(op).finish(), null);
	}
});

test("a tampered answer is refused by its code, and starts no request", async (t) => {
	const cases = {
		state_mismatch: (url) => url.searchParams.set("state", "x".repeat(43)),
		response_issuer_mismatch: (url) => url.searchParams.set("iss", "https://evil.example"),
		response_invalid: (url) => url.searchParams.append("code", "two"),
		token_request_failed: (url) => url.searchParams.set("code", "stolen"),
	};
	for (const [expected, tamper] of Object.entries(cases)) {
		await t.test(expected, async () => {
			const machine = browser();
			const op = server();
			const page = machine.tab("https://shop.example.com/");
			await loginAt(op).start();
			const url = op.agree(page.left);
			tamper(url);
			const back = machine.tab(url.href, page.sessionStorage);
			const login = loginAt(op);
			assert.equal(await refusal(() => login.finish()), expected);
			assert.equal(login.session, null);
			assert.equal(back.location.href, redirectUri);
			assert.equal(op.count("/token"), expected === "token_request_failed" ? 1 : 0);
		});
	}
	await t.test("iss missing although announced", async () => {
		const machine = browser();
		const op = server();
		const page = machine.tab("https://shop.example.com/");
		await loginAt(op).start();
		const url = op.agree(page.left);
		url.searchParams.delete("iss");
		machine.tab(url.href, page.sessionStorage);
		assert.equal(await refusal(() => loginAt(op).finish()), "response_issuer_mismatch");
	});
});

test("a tampered ID token is refused by its code", async (t) => {
	const cases = {
		nonce_mismatch: { claims: { nonce: "another" } },
		at_hash_mismatch: { claims: { at_hash: halfHash("another") } },
		audience_mismatch: { claims: { aud: "another" } },
		issuer_mismatch: { claims: { iss: "https://evil.example" } },
		token_expired: { claims: { exp: start - 1 } },
		signature_invalid: { signer: signer("k1") },
		key_not_found: { signer: signer("k2") },
		token_response_invalid: { response: { token_type: "mac" } },
		authorized_party_mismatch: { claims: { aud: ["shop", "other"], azp: "other" } },
	};
	for (const [expected, tamper] of Object.entries(cases)) {
		await t.test(expected, async () => {
			const op = server({ tamper });
			const machine = browser();
			const page = machine.tab("https://shop.example.com/");
			await loginAt(op).start();
			machine.tab(op.agree(page.left).href, page.sessionStorage);
			const login = loginAt(op);
			assert.equal(await refusal(() => login.finish()), expected);
			assert.equal(login.session, null);
		});
	}
});

test("the callback's address visited again: state_missing, and a new start works", async () => {
	const { op, machine, page } = await loggedIn();
	const again = new URL(redirectUri);
	again.search = `?code=x&state=${"s".repeat(43)}&iss=${encodeURIComponent(issuer)}`;
	const back = machine.tab(again.href, page.sessionStorage);
	const login = loginAt(op);
	assert.equal(await refusal(() => login.finish()), "state_missing");
	await login.start();
	assert.ok(back.left.startsWith(`${issuer}/authorize?`));
});

test("another tab's answer is not mine; each tab finishes its own", async () => {
	const machine = browser();
	const op = server();
	const one = machine.tab("https://shop.example.com/one");
	await loginAt(op).start();
	const two = machine.tab("https://shop.example.com/two");
	await loginAt(op).start();
	machine.tab(op.agree(one.left).href, two.sessionStorage);
	assert.equal(await refusal(() => loginAt(op).finish()), "state_mismatch");
	machine.tab(op.agree(two.left).href, two.sessionStorage);
	assert.equal((await loginAt(op).finish()).returnTo, "https://shop.example.com/two");
	machine.tab(op.agree(one.left).href, one.sessionStorage);
	assert.equal((await loginAt(op).finish()).returnTo, "https://shop.example.com/one");
});

test("denied: access_denied", async () => {
	const machine = browser();
	const op = server();
	const page = machine.tab("https://shop.example.com/");
	await loginAt(op).start();
	machine.tab(op.deny(page.left, "access_denied").href, page.sessionStorage);
	assert.equal(await refusal(() => loginAt(op).finish()), "access_denied");
});

test("renewal: before expiry, once for all callers, with rotation", async () => {
	const { op, login } = await loggedIn();
	const first = await login.accessToken();
	op.state.now += 200;
	assert.equal(await login.accessToken(), first);
	op.state.now += 80;
	const all = await Promise.all(Array.from({ length: 20 }, () => login.accessToken()));
	assert.equal(new Set(all).size, 1);
	assert.notEqual(all[0], first);
	assert.equal(op.state.used, 1);
	op.state.now += 280;
	await login.accessToken();
	assert.equal(op.state.used, 2);
});

test("renewal: another user's ID token is refused", async () => {
	const tamper = {};
	const { op, login } = await loggedIn({ op: server({ tamper }) });
	tamper.claims = { sub: "user-2" };
	op.state.now += 400;
	assert.equal(await refusal(() => login.accessToken()), "subject_mismatch");
});

test("a session ended at the server ends here, and says so", async () => {
	const { op, login } = await loggedIn();
	const changes = [];
	login.onChange((session) => changes.push(session));
	op.state.refreshTokens.clear();
	op.state.now += 400;
	assert.equal(await refusal(() => login.accessToken()), "session_ended");
	assert.equal(login.session, null);
	assert.deepEqual(changes, [null]);
	assert.equal(await refusal(() => login.accessToken()), "login_required");
});

test("a server that never answers holds nobody; a token with time left is given meanwhile", {
	timeout: 20_000,
}, async () => {
	const { op, login } = await loggedIn();
	const first = await login.accessToken();
	op.state.hang = true;
	op.state.now += 290;
	assert.equal(await login.accessToken(), first);
	op.state.now += 20;
	assert.equal(await refusal(() => login.accessToken()), "token_request_failed");
});

test("fetch: the token goes to the API's origin and to no other; a refused token is renewed once", async () => {
	const { op, login } = await loggedIn();
	assert.equal((await login.fetch(`${audience}/purchases`)).status, 200);
	for (const url of [
		"https://evil.example/",
		"http://api.shop.example.com/",
		"https://api.shop.example.com:8443/",
		issuer,
	]) {
		await assert.rejects(login.fetch(url), { name: "TypeError", message: /may not see the access token/ });
	}
	assert.equal(op.count("evil"), 0);
	op.state.access.clear();
	const response = await login.fetch(`${audience}/purchases`, { method: "POST", body: "x" });
	assert.equal(response.status, 200);
	assert.equal(op.state.used, 1);
});

test("restore: nothing, a kept refresh token, or a silent redirect", async () => {
	const op = server();
	browser().tab("https://shop.example.com/");
	assert.equal(await loginAt(op).restore(), null);

	const kept = await loggedIn({ options: { storage: "session" } });
	kept.machine.tab("https://shop.example.com/", kept.page.sessionStorage);
	const reloaded = loginAt(kept.op, { storage: "session" });
	const [one, two] = await Promise.all([reloaded.restore(), reloaded.restore()]);
	assert.equal(one.claims.sub, "user-1");
	assert.equal(one, two);
	assert.equal(kept.op.state.used, 1);

	const silent = await loggedIn();
	const page = silent.machine.tab("https://shop.example.com/orders", silent.page.sessionStorage);
	const promise = loginAt(silent.op).restore();
	while (!page.left) await new Promise((resolve) => setTimeout(resolve, 5));
	assert.equal(new URL(page.left).searchParams.get("prompt"), "none");
	const back = silent.machine.tab(silent.op.agree(page.left).href, page.sessionStorage);
	assert.equal((await loginAt(silent.op).restore()).claims.sub, "user-1");
	assert.equal(back.location.href, "https://shop.example.com/orders");
	const gone = silent.machine.tab(silent.op.deny(page.left, "login_required").href, page.sessionStorage);
	silent.machine.shared.set("x", "y");
	void promise;
	void gone;
});

test("restore: nobody logged in at the server is an answer, and is asked once", async () => {
	const { op, machine, page } = await loggedIn();
	const tab = machine.tab("https://shop.example.com/orders", page.sessionStorage);
	loginAt(op).restore();
	while (!tab.left) await new Promise((resolve) => setTimeout(resolve, 5));
	const back = machine.tab(op.deny(tab.left, "login_required").href, tab.sessionStorage);
	const login = loginAt(op);
	assert.equal(await login.finish(), null);
	assert.equal(back.location.href, "https://shop.example.com/orders");
	assert.equal(await login.restore(), null);
	assert.equal(back.left, undefined);
});

test("logout: revokes, forgets, leaves for the server; other tabs hear of it", async () => {
	const { op, page, login, machine } = await loggedIn({ options: { storage: "session" } });
	const idToken = login.session.idToken;
	await login.logout();
	assert.equal(login.session, null);
	assert.equal(op.state.revoked.length, 1);
	const left = new URL(page.left);
	assert.equal(left.href.split("?")[0], `${issuer}/logout`);
	assert.equal(left.searchParams.get("id_token_hint"), idToken);
	assert.equal(left.searchParams.get("post_logout_redirect_uri"), "https://shop.example.com/");
	assert.equal([...page.sessionStorage.values(), ...machine.shared.values()].join().includes("rt-"), false);

	const other = await loggedIn();
	const [mark] = other.machine.shared.keys();
	other.page.storageChanged({ key: mark, newValue: null });
	assert.equal(other.login.session, null);
});

test("steps and errors show no secret", async () => {
	const steps = [];
	const { op, login } = await loggedIn({ options: { onStep: (step) => steps.push(step) } });
	const token = await login.accessToken();
	await login.fetch(`${audience}/purchases`);
	op.state.refreshTokens.clear();
	op.state.now += 400;
	const error = await login.accessToken().catch((reason) => reason);
	const told = JSON.stringify(steps) + JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error.cause);
	for (const secret of [token, ...told.matchAll(/rt-[\w-]{20,}|at-[\w-]{20,}/g)].map(String)) {
		assert.equal(told.includes(secret), false, secret);
	}
	assert.deepEqual([...new Set(steps.map(({ step }) => step))], [1, 3, 4, 5, 8]);
	assert.ok(steps.some(({ explanation }) => explanation?.valid));
});
