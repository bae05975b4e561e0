// The login, in a page made of nothing but what it touches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, halfHash, issuer, refusal, signer, start } from "./helpers.mjs";
import { browser, leaving, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";

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
	for (const name of ["nonce", "code_challenge"]) assert.match(asked.get(name), /^[\w-]{43}$/);
	assert.match(asked.get("state"), /^cs-[a-z0-9]{1,7}-[\w-]{43}$/, "recognizable, and as random");

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
		authorized_party_mismatch: { claims: { aud: "shop", azp: "other" } },
		"audience_mismatch, an audience that nobody trusts": { claims: { aud: ["shop", "other"] } },
	};
	for (const [expected, tamper] of Object.entries(cases)) {
		await t.test(expected, async () => {
			const op = server({ tamper });
			const machine = browser();
			const page = machine.tab("https://shop.example.com/");
			await loginAt(op).start();
			machine.tab(op.agree(page.left).href, page.sessionStorage);
			const login = loginAt(op);
			assert.equal(await refusal(() => login.finish()), expected.split(",")[0]);
			assert.equal(login.session, null);
		});
	}
});

test("trustedAudiences: audiences that an ID token may name beside the client", async () => {
	const tamper = { claims: { aud: ["shop", "reports"], azp: "shop" } };
	const options = { trustedAudiences: ["reports"] };
	const { finished } = await loggedIn({ op: server({ tamper }), options });
	assert.deepEqual(finished.session.claims.aud, ["shop", "reports"]);
	tamper.claims = { aud: ["shop", "reports", "ads"] };
	assert.equal(await refusal(() => loggedIn({ op: server({ tamper }), options })), "audience_mismatch");
	tamper.claims = { aud: ["reports"] };
	assert.equal(await refusal(() => loggedIn({ op: server({ tamper }), options })), "audience_mismatch");
	tamper.claims = { aud: ["shop", "reports"], azp: "reports" };
	assert.equal(await refusal(() => loggedIn({ op: server({ tamper }), options })), "authorized_party_mismatch");
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
	const { op, login } = await loggedIn({ options: { timeout: 1 } });
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
	await leaving(page, loginAt(silent.op).restore());
	assert.equal(new URL(page.left).searchParams.get("prompt"), "none");
	const back = silent.machine.tab(silent.op.agree(page.left).href, page.sessionStorage);
	assert.equal((await loginAt(silent.op).restore()).claims.sub, "user-1");
	assert.equal(back.location.href, "https://shop.example.com/orders");
});

test("restore: nobody logged in at the server is an answer, and is asked once", async () => {
	const { op, machine, page } = await loggedIn();
	const tab = machine.tab("https://shop.example.com/orders", page.sessionStorage);
	await leaving(tab, loginAt(op).restore());
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

test("its functions need no object: const { onChange } = login works", async () => {
	const machine = browser();
	const op = server();
	const page = machine.tab("https://shop.example.com/cart");
	const { start: begin } = loginAt(op);
	await begin();
	machine.tab(op.agree(page.left).href, page.sessionStorage);
	const { onChange, finish, restore, accessToken, fetch, logout } = loginAt(op);
	const heard = [];
	onChange((session) => heard.push(session?.claims.sub ?? null));
	await finish();
	assert.equal((await restore()).claims.sub, "user-1");
	assert.match(await accessToken(), /^at-/);
	assert.equal((await fetch(`${audience}/purchases`)).status, 200);
	await logout({ global: false });
	assert.deepEqual(heard, ["user-1", null]);
});

test("extra: further parameters, none of which takes the place of the login's own", async () => {
	const op = server();
	const asked = async (options) => {
		const page = browser().tab("https://shop.example.com/");
		await loginAt(op).start(options);
		return new URL(page.left).searchParams;
	};
	const own = [...(await asked({ prompt: "login", loginHint: "ada" }))];
	const names = own.map(([name]) => name);
	const extra = { ...Object.fromEntries(names.map((name) => [name, "evil"])), acr_values: "high" };
	const overridden = [...(await asked({ prompt: "login", loginHint: "ada", extra }))];
	assert.deepEqual(overridden.map(([name]) => name).sort(), [...names, "acr_values"].sort());
	assert.ok(overridden.every(([, value]) => value !== "evil"));
	const meant = await asked({ extra: { prompt: "consent", login_hint: "bob" } });
	assert.deepEqual([meant.getAll("prompt"), meant.getAll("login_hint")], [["consent"], ["bob"]]);
	for (const name of ["request", "request_uri"]) {
		const page = browser().tab("https://shop.example.com/");
		const started = loginAt(op).start({ extra: { [name]: "x" } });
		await assert.rejects(started, { name: "TypeError", message: new RegExp(`^extra\\.${name}: `) });
		assert.equal(page.left, undefined);
	}
});

test("a pushed request: what the browser carries, and a server that refuses", async () => {
	const metadata = { pushed_authorization_request_endpoint: `${issuer}/par` };
	const started = async (push, more) => {
		const op = server({ metadata: { ...metadata, ...more } });
		op.state.push = push;
		const page = browser().tab("https://shop.example.com/");
		const outcome = await refusal(() => loginAt(op).start());
		return { outcome, pushed: op.state.pushed[0], asked: page.left && new URL(page.left).searchParams };
	};
	const taken = await started(() => Response.json({ request_uri: "urn:x", expires_in: 60 }, { status: 201 }));
	assert.deepEqual(
		[...taken.asked],
		[
			["client_id", "shop"],
			["request_uri", "urn:x"],
		],
	);
	assert.equal(taken.pushed.get("response_type"), "code");
	assert.equal(taken.pushed.get("redirect_uri"), redirectUri);
	const no = () => Response.json({ error: "invalid_request" }, { status: 400 });
	const optional = await started(no);
	assert.equal(optional.asked.get("code_challenge"), optional.pushed.get("code_challenge"));
	const down = () => {
		throw new Error("unreachable");
	};
	for (const push of [no, down]) {
		const needed = await started(push, { require_pushed_authorization_requests: true });
		assert.deepEqual([needed.outcome, needed.asked], ["token_request_failed", undefined]);
	}
});

test("what a token response leaves out: the scope, a new refresh token, the ID token", async () => {
	const tamper = { renewed: { scope: undefined, refresh_token: undefined, id_token: undefined } };
	const { op, login, finished } = await loggedIn({ op: server({ tamper }) });
	const [code] = op.state.forms;
	assert.equal(code.get("redirect_uri"), redirectUri);
	assert.deepEqual(code.getAll("resource"), [audience]);
	const first = [...op.state.refreshTokens];
	op.state.now += 280;
	await login.accessToken();
	assert.equal(login.session.scope, "openid purchases:read");
	assert.equal(login.session.idToken, finished.session.idToken);
	assert.deepEqual(login.session.claims, finished.session.claims);
	op.state.refreshTokens.add(first[0]);
	op.state.now += 280;
	await login.accessToken();
	assert.deepEqual(
		op.state.forms.slice(1).map((form) => form.get("refresh_token")),
		[first[0], first[0]],
	);
});

// RFC 6749 Appendix A.17: a refresh token has one character at least.
test("an empty refresh token is none: at a renewal the one there was stays, at a login there is none", async () => {
	const { op, login } = await loggedIn({ op: server({ tamper: { renewed: { refresh_token: "", id_token: "" } } }) });
	const [first] = op.state.refreshTokens;
	for (const renewals of [1, 2]) {
		op.state.now += 280;
		await login.accessToken();
		op.state.refreshTokens.add(first);
		assert.equal(op.state.used, renewals);
	}
	assert.equal(op.state.forms.at(-1).get("refresh_token"), first);
	const without = await loggedIn({ op: server({ tamper: { response: { refresh_token: "" } } }) });
	without.op.state.now += 400;
	assert.equal(await refusal(() => without.login.accessToken()), "login_required");
	assert.equal(without.op.state.used, 0);
});

test("an error of the token endpoint has a name: words in its description end no session", async () => {
	const { op, login } = await loggedIn();
	op.state.now += 400;
	op.state.refuse = { error: "invalid_client", error_description: "invalid_grant" };
	assert.equal(await refusal(() => login.accessToken()), "token_request_failed");
	assert.notEqual(login.session, null);
	op.state.now += 60;
	op.state.refuse = { error: "invalid_grant", error_description: "gone" };
	assert.equal(await refusal(() => login.accessToken()), "session_ended");
});

test("a renewal holds the lock of its client at its issuer", async () => {
	const { op, login } = await loggedIn({ options: { storage: "session" } });
	const names = [];
	const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
	const request = async (name, _options, work) => {
		names.push(name);
		return work();
	};
	Object.defineProperty(globalThis, "navigator", { value: { locks: { request } }, configurable: true });
	op.state.now += 280;
	await login.accessToken();
	if (before) Object.defineProperty(globalThis, "navigator", before);
	else delete globalThis.navigator;
	assert.deepEqual(names, [`countersign:${issuer}:shop:refresh`]);
	assert.equal(op.state.used, 1);
});
