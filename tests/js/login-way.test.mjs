// The way out and back: what an answer belongs to, where it arrives, and where its user wanted to be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogin, issuer, json, network, start } from "./helpers.mjs";
import { browser, key, loginAt, redirectUri, server } from "./login-kit.mjs";

const home = "https://shop.example.com/";

/** A login that was begun, and its answer, in one tab. */
async function begun({ options = {}, asked, machine = browser(), op = server() } = {}) {
	const page = machine.tab(`${home}cart`);
	await loginAt(op, options).start(asked);
	const back = (address = op.agree(page.left).href, storage = page.sessionStorage) => {
		const tab = machine.tab(address, storage);
		return { tab, login: loginAt(op, options) };
	};
	return { op, machine, page, back, answer: op.agree(page.left).href };
}

/** What a promise is rejected with. */
async function rejection(promise) {
	const outcome = await promise.then(
		(value) => value,
		(error) => error,
	);
	assert.ok(outcome instanceof Error, `not rejected: ${JSON.stringify(outcome)}`);
	return outcome;
}

for (const storage of ["memory", "session"]) {
	test(`${storage}: used, expired, foreign and missing answers are told apart, with where the user wanted to be`, async () => {
		const options = { storage };
		const asked = { returnTo: "/orders?page=2" };

		const used = await begun({ options, asked });
		await used.back(used.answer).login.finish();
		const again = await rejection(used.back(used.answer).login.finish());
		assert.deepEqual([again.code, again.returnTo], ["state_missing", "/orders?page=2"]);
		assert.match(again.message, /found an answer that was used already/);

		const late = await begun({ options, asked });
		late.op.state.now += 7200;
		const expired = await rejection(late.back(late.answer).login.finish());
		assert.deepEqual([expired.code, expired.returnTo], ["state_missing", "/orders?page=2"]);
		assert.match(expired.message, /found an answer after 7200 s, expected one within 3600 s, the transactionLifetime/);

		// The link of a mail opens another tab, which knows no verifier.
		const mailed = await begun({ options, asked });
		const missing = await rejection(mailed.back(mailed.answer, browser().tab(home).sessionStorage).login.finish());
		assert.deepEqual([missing.code, missing.returnTo], ["state_missing", undefined]);
		assert.match(
			missing.message,
			/no login that this tab has begun, expected the answer in the tab that began.*Start the login again/,
		);
		assert.equal(mailed.op.count("/token"), 0);

		const one = await begun({ options, asked });
		const other = await begun({ options, machine: one.machine, op: one.op });
		const foreign = await rejection(other.back(one.answer).login.finish());
		assert.deepEqual([foreign.code, foreign.returnTo], ["state_mismatch", undefined]);
		assert.equal((await other.back(other.answer).login.finish()).session.claims.sub, "user-1");
	});
}

test("an answer is awaited for an hour, or as long as transactionLifetime says", async () => {
	const late = async (seconds, options) => {
		const { op, back, answer } = await begun({ options });
		op.state.now += seconds;
		return back(answer)
			.login.finish()
			.then(
				() => "accepted",
				({ code }) => code,
			);
	};
	assert.equal(await late(3599), "accepted");
	assert.equal(await late(3600), "state_missing");
	assert.equal(await late(-3600), "state_missing");
	assert.equal(await late(7199, { transactionLifetime: 7200 }), "accepted");
	assert.equal(await late(60, { transactionLifetime: 60 }), "state_missing");
	for (const [option, wrong] of [
		["transactionLifetime", 59],
		["transactionLifetime", 86_401],
		["timeout", 0.05],
		["timeout", 61],
		["silentTimeout", 0.5],
		["silentTimeout", 61],
		["clockTolerance", 3601],
	]) {
		browser().tab(home);
		const error = await rejection(loginAt(server(), { [option]: wrong }).start());
		assert.equal(error.name, "TypeError");
		assert.match(error.message, new RegExp(`^${option}: expected seconds from \\d`));
	}
});

test("whatever refuses an answer tells where the user wanted to be", async () => {
	for (const [spoil, code] of [
		[(url) => url.searchParams.set("iss", "https://evil.example"), "response_issuer_mismatch"],
		[(url) => url.searchParams.set("code", "stolen"), "token_request_failed"],
		[(url) => (url.search = url.search.replace(/code=[^&]*/, "error=access_denied")), "access_denied"],
	]) {
		const { back, answer } = await begun({ asked: { returnTo: `${home}orders` } });
		const url = new URL(answer);
		spoil(url);
		const error = await rejection(back(url.href).login.finish());
		assert.deepEqual([error.code, error.returnTo], [code, `${home}orders`]);
	}
	// The metadata cannot be had when the answer comes.
	const { op, back, answer, page } = await begun();
	page.sessionStorage.delete(`countersign:${issuer}:shop:metadata`);
	const { login } = back(answer);
	const fetch = op.fetch;
	op.fetch = async () => new Response("", { status: 503 });
	const down = loginAt({ ...op, fetch: async () => new Response("", { status: 503 }) });
	const error = await rejection(down.finish());
	assert.deepEqual([error.code, error.returnTo], ["metadata_unavailable", `${home}cart`]);
	op.fetch = fetch;
	assert.equal(await login.finish(), null, "the address was cleaned");
});

test("returnTo: an address of this site, also where something else was put into the tab's storage", async () => {
	for (const evil of ["javascript:alert(1)", "https://evil.example/", "//evil.example/", "http://shop.example.com/"]) {
		const { back, answer, page } = await begun({ asked: { returnTo: "/orders" } });
		const entry = `countersign:${issuer}:shop:transactions`;
		const records = JSON.parse(page.sessionStorage.get(entry)).map((one) => ({ ...one, returnTo: evil }));
		page.sessionStorage.set(entry, JSON.stringify(records));
		assert.equal((await back(answer).login.finish()).returnTo, redirectUri, evil);
	}
});

test("appState comes back with the session: any JSON, within bounds", async () => {
	for (const appState of ["x", 7, null, false, ["a"], { cart: [1, { b: 'ä\u2028"' }], __proto__x: 1 }]) {
		const { back, answer } = await begun({ asked: { appState } });
		assert.deepEqual((await back(answer).login.finish()).appState, appState);
	}
	const { back, answer } = await begun();
	assert.equal((await back(answer).login.finish()).appState, undefined);
	await begun({ asked: { appState: "x".repeat(4094) } });
	await assert.rejects(begun({ asked: { appState: "x".repeat(4095) } }), {
		name: "TypeError",
		message: "appState: expected no more than 4096 bytes of JSON",
	});
});

test("a host that moves the redirect address and keeps the query: still our answer", async () => {
	for (const [registered, arrived] of [
		["/cb", "/cb/"],
		["/cb/", "/cb"],
		["/cb.html", "/cb"],
		["/cb", "/index.html"],
	]) {
		const { op, back, answer } = await begun({ options: { redirectUri: `https://shop.example.com${registered}` } });
		const { tab, login } = back(answer.replace(`com${registered}?`, `com${arrived}?`));
		const finished = login.finish();
		assert.equal(login.finish(), finished, "StrictMode");
		assert.equal(tab.location.href, `https://shop.example.com${arrived}`, "cleaned");
		assert.equal(login.finish(), finished, "StrictMode");
		assert.equal((await finished).session.claims.sub, "user-1");
		assert.equal(op.state.forms[0].get("redirect_uri"), `https://shop.example.com${registered}`);
	}
	// At another origin nothing is known of it.
	const { back, answer } = await begun();
	const moved = back(answer.replace("https://shop.", "https://www.shop."), browser().tab(home).sessionStorage);
	const error = await rejection(moved.login.finish());
	assert.equal(error.code, "state_missing");
	assert.match(
		error.message,
		/found an answer at https:\/\/www\.shop\.example\.com\/callback, expected one at https:\/\/shop/,
	);
});

test("two logins on one page each know their own answer", async () => {
	const machine = browser();
	const op = server();
	const page = machine.tab(home);
	const staff = { clientId: "staff" };
	await loginAt(op).start();
	const answer = op.agree(page.left).href;
	const back = machine.tab(answer, page.sessionStorage);
	// The issuer is the same, and its answer names it; the state is another client's.
	assert.equal(await loginAt(op, staff).finish(), null);
	assert.equal(back.location.href, answer);
	assert.equal((await loginAt(op).finish()).session.claims.sub, "user-1");
});

test("plain OAuth: no nonce, no keys, no ID token; what would bind one is a TypeError", async () => {
	const metadata = { jwks_uri: undefined, registration_endpoint: null };
	const op = server({ metadata, tamper: { response: { id_token: undefined } } });
	const { back, page } = await begun({ op, options: { scope: "orders" } });
	assert.equal(new URL(page.left).searchParams.has("nonce"), false);
	const { session } = await back().login.finish();
	assert.deepEqual([session.claims, session.idToken], [{}, null]);
	for (const [option, value] of Object.entries({ maxAge: 60, acrValues: "mfa" })) {
		for (const [options, asked] of [
			[{ scope: "orders", [option]: value }, {}],
			[{ scope: "orders" }, { [option]: value }],
		]) {
			await assert.rejects(begun({ op, options, asked }), {
				name: "TypeError",
				message: `${option}: has no effect without openid in scope`,
			});
		}
	}
});

// RFC 6749 §5.1: what nobody asked for is not read. django-oidc-provider sends a JWT without claims.
test("plain OAuth: an ID token that a server sends all the same is not looked at, at the login and at renewals", async () => {
	for (const id_token of [key.token({ iss: undefined, aud: undefined, sub: undefined }), "x", "", 1]) {
		const op = server({ metadata: { jwks_uri: undefined }, tamper: { response: { id_token, scope: undefined } } });
		const { back } = await begun({ op, options: { scope: "orders" } });
		const { login } = back();
		const { session } = await login.finish();
		assert.deepEqual([session.claims, session.idToken], [{}, null]);
		if (typeof id_token !== "string") continue;
		op.state.now += 280;
		const before = op.state.forms.length;
		await login.accessToken();
		assert.equal(op.state.forms.length, before + 1);
		assert.deepEqual([login.session.claims, login.session.idToken, op.count("/jwks")], [{}, null, 0]);
	}
});

test("parameters go with every request; those of start come before them, and options before parameters", async () => {
	const options = {
		parameters: { audience: "https://api", ui_locales: "en", state: "evil", nonce: "evil", prompt: "login" },
		uiLocales: ["de", "fr"],
		claims: { id_token: { email: null } },
	};
	const sent = async (asked) => {
		const { page } = await begun({ options, asked });
		return new URL(page.left).searchParams;
	};
	const plain = await sent();
	assert.equal(plain.get("audience"), "https://api");
	assert.equal(plain.get("ui_locales"), "de fr");
	assert.equal(plain.get("claims"), '{"id_token":{"email":null}}');
	assert.equal(plain.get("prompt"), "login");
	assert.deepEqual(plain.getAll("nonce").length, 1);
	assert.notEqual(plain.get("state"), "evil");
	const other = await sent({
		extra: { audience: "https://other", more: "1", code_challenge: "evil" },
		uiLocales: "sv",
		maxAge: 0,
		prompt: "consent",
	});
	assert.deepEqual(
		["audience", "more", "ui_locales", "max_age", "prompt"].map((name) => other.getAll(name).join()),
		["https://other", "1", "sv", "0", "consent"],
	);
	assert.notEqual(other.get("code_challenge"), "evil");
});

test("what a request demands is held against the ID token (OpenID Connect Core §3.1.2.1, §5.5.1.1)", async () => {
	const essential = { id_token: { acr: { essential: true, values: ["mfa"] } } };
	const fresh = { auth_time: start - 10 };
	for (const [options, asked, claims, expected] of [
		[{}, { maxAge: 60 }, fresh, "accepted"],
		[{}, { maxAge: 60 }, { auth_time: start - 61 }, "auth_time_too_old"],
		[{ clockTolerance: 5 }, { maxAge: 60 }, { auth_time: start - 61 }, "accepted"],
		[{}, { maxAge: 60 }, {}, "claim_missing"],
		[{ maxAge: 60 }, {}, {}, "claim_missing"],
		[{ maxAge: 60 }, { maxAge: 600 }, { auth_time: start - 61 }, "accepted"],
		[{ parameters: { max_age: "60" } }, {}, { auth_time: start - 61 }, "auth_time_too_old"],
		[{}, { extra: { max_age: "60" } }, {}, "claim_missing"],
		[{ maxAge: 600 }, { extra: { max_age: "60" } }, { auth_time: start - 61 }, "auth_time_too_old"],
		[{}, { acrValues: "mfa" }, { acr: "mfa" }, "accepted"],
		[{}, { acrValues: ["mfa", "phr"] }, { acr: "phr" }, "accepted"],
		[{}, { acrValues: "mfa phr" }, { acr: "phr" }, "accepted"],
		[{}, { acrValues: "mfa" }, { acr: "pwd" }, "acr_mismatch"],
		[{ acrValues: "mfa" }, {}, {}, "claim_missing"],
		[{ acrValues: "mfa" }, { acrValues: "pwd" }, { acr: "pwd" }, "accepted"],
		[{}, { extra: { acr_values: "mfa" } }, { acr: "pwd" }, "accepted"],
		[{}, { claims: essential }, { acr: "mfa" }, "accepted"],
		[{}, { claims: essential }, { acr: "pwd" }, "acr_mismatch"],
		[{ claims: essential }, {}, {}, "claim_missing"],
		[{}, { extra: { claims: JSON.stringify(essential) } }, { acr: "pwd" }, "acr_mismatch"],
		[{}, { claims: { id_token: { acr: { values: ["mfa"] } } } }, { acr: "pwd" }, "accepted"],
	]) {
		const { back } = await begun({ op: server({ tamper: { claims } }), options, asked });
		const outcome = await back()
			.login.finish()
			.then(
				() => "accepted",
				({ code }) => code,
			);
		assert.equal(outcome, expected, JSON.stringify([options, asked, claims]));
	}
	for (const [option, value] of [
		["max_age", "an hour"],
		["claims", "{"],
	]) {
		const error = await rejection(begun({ asked: { extra: { [option]: value } } }));
		assert.match(`${error.name} ${error.message}`, new RegExp(`^TypeError ${option}: expected`));
	}
	await assert.rejects(begun({ asked: { maxAge: 1.5 } }), {
		name: "TypeError",
		message: "maxAge: expected whole seconds",
	});
});

test("a device's clock that is off is put right by the date of the token response, where pages may see it", async () => {
	const finished = async (off, { date = true, ...options } = {}) => {
		const op = server();
		const fetch = async (input, init) => {
			const response = await op.fetch(input, init);
			if (date && String(input?.url ?? input).endsWith("/token")) {
				response.headers.set("date", new Date(op.state.now * 1000).toUTCString());
			}
			return response;
		};
		const { back } = await begun({ op: { ...op, fetch }, options: { now: () => op.state.now + off, ...options } });
		const { login } = back();
		const outcome = await login.finish().then(
			() => "accepted",
			({ code }) => code,
		);
		return [outcome, login.session && login.session.expiresAt - op.state.now - off];
	};
	for (const off of [0, -3600, 360, 3600, 86_000]) {
		assert.deepEqual(await finished(off), ["accepted", 300], `${off} s`);
	}
	assert.equal((await finished(90_000))[0], "token_expired", "more than a day");
	assert.equal((await finished(360, { date: false }))[0], "token_expired");
	assert.equal((await finished(360, { date: false, clockTolerance: 120 }))[0], "accepted");
});

test("metadata by hand: nothing is discovered, and the issuer has to be the same", async () => {
	const document = {
		issuer,
		authorization_endpoint: `${issuer}/flow/authorize`,
		token_endpoint: `${issuer}/token`,
		jwks_uri: `${issuer}/jwks`,
	};
	const { op, back, page } = await begun({ options: { metadata: document } });
	assert.ok(page.left.startsWith(`${issuer}/flow/authorize?`));
	assert.equal((await back().login.finish()).session.claims.sub, "user-1");
	assert.equal(op.count("/.well-known/"), 0);
	const wrong = await rejection(begun({ options: { metadata: { ...document, issuer: `${issuer}/` } } }));
	assert.deepEqual([wrong.code, wrong.claim], ["metadata_invalid", "issuer"]);
	const lacking = await rejection(begun({ options: { metadata: { ...document, token_endpoint: undefined } } }));
	assert.deepEqual([lacking.code, lacking.claim], ["metadata_invalid", "token_endpoint"]);
});

test("an end_session_endpoint that stands in the other document alone is looked for when it is needed, once", async () => {
	const other = `${issuer}/.well-known/openid-configuration`;
	for (const [second, leaves] of [
		[{ end_session_endpoint: `${issuer}/bye` }, true],
		[{ issuer: "https://evil.example", end_session_endpoint: "https://evil.example/bye" }, false],
		[undefined, false],
	]) {
		const op = server({ metadata: { end_session_endpoint: undefined } });
		const more = network({
			[other]: () =>
				second
					? json({
							issuer,
							authorization_endpoint: `${issuer}/authorize`,
							token_endpoint: `${issuer}/token`,
							jwks_uri: `${issuer}/jwks`,
							...second,
						})
					: new Response("", { status: 404 }),
		});
		const fetch = (input, init) => (String(input?.url ?? input) === other ? more : op).fetch(input, init);
		const { back } = await begun({ op: { ...op, fetch } });
		const { tab, login } = back();
		await login.finish();
		assert.equal(more.count(other), 0, "nobody signs out yet");
		await login.logout();
		assert.equal(tab.left?.startsWith(`${issuer}/bye?`) ?? false, leaves);
		await login.logout();
		assert.equal(more.count(other), 1);
	}
});

test("logout: further parameters, none in the place of ours", async () => {
	const { back } = await begun();
	const { tab, login } = back();
	const { session } = await login.finish();
	await login.logout({
		extra: { logout_uri: `${home}bye`, client_id: "evil", id_token_hint: "evil", post_logout_redirect_uri: "x" },
	});
	assert.deepEqual(
		[...new URL(tab.left).searchParams],
		[
			["client_id", "shop"],
			["id_token_hint", session.idToken],
			["post_logout_redirect_uri", home],
			["logout_uri", `${home}bye`],
		],
	);
});

test("a token endpoint that takes 12 seconds is waited for; timeout says otherwise", { timeout: 40_000 }, async () => {
	const slow = (seconds) => {
		const op = server();
		const fetch = async (input, init) => {
			if (String(input?.url ?? input).endsWith("/token")) await new Promise((go) => setTimeout(go, seconds * 1000));
			return op.fetch(input, init);
		};
		return { ...op, fetch };
	};
	const patient = await (await begun({ op: slow(12) })).back().login.finish();
	const hurried = await rejection((await begun({ op: slow(1), options: { timeout: 0.2 } })).back().login.finish());
	assert.equal(patient.session.claims.sub, "user-1");
	assert.equal(hurried.code, "token_request_failed");
	assert.match(hurried.message, /within 0\.2 s/);
});

test("on a server: made without harm, nobody is logged in, and start says what it needs", async () => {
	const { window } = globalThis;
	delete globalThis.window;
	try {
		const login = createLogin({
			issuer,
			clientId: "shop",
			redirectUri,
			fetch: () => assert.fail("nothing is fetched"),
		});
		assert.deepEqual([login.session, await login.finish(), await login.restore()], [null, null, null]);
		const error = await rejection(login.start());
		assert.equal(`${error.name}: ${error.message}`, "TypeError: login: works in a browser's page only");
	} finally {
		globalThis.window = window;
	}
});

test("a browser of 2022 has all that a login uses", async () => {
	// Absent in Safari 16.0: URL.canParse (17), Promise.withResolvers (17.4), AbortSignal.any (17.4), Object.groupBy (17.4).
	const absent = [
		[URL, "canParse"],
		[URL, "parse"],
		[Promise, "withResolvers"],
		[AbortSignal, "any"],
		[Object, "groupBy"],
		[Array.prototype, "toSorted"],
		[Array, "fromAsync"],
	].filter(([owner, name]) => Object.hasOwn(owner, name));
	const found = absent.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
	for (const [owner, name] of absent) delete owner[name];
	try {
		const { back } = await begun();
		assert.equal((await back().login.finish()).session.claims.sub, "user-1");
	} finally {
		for (const [at, [owner, name]] of absent.entries()) Object.defineProperty(owner, name, found[at]);
	}
});

test("a renewed ID token has no nonce, or that of the login (OpenID Connect Core §12.2)", async () => {
	const tamper = {};
	const { op, back, page } = await begun({ op: server({ tamper }) });
	const nonce = new URL(page.left).searchParams.get("nonce");
	const { login } = back();
	await login.finish();
	op.state.now += 280;
	tamper.claims = { nonce };
	assert.match(await login.accessToken(), /^at-/);
	op.state.now += 305;
	tamper.claims = { nonce: "another" };
	assert.equal((await rejection(login.accessToken())).code, "nonce_mismatch");
});
