// The options of createLogin, start, finish and logout: each one misspelled, inherited, undefined and of wrong types is a
// TypeError that names it, or the same as none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, createLogin, issuer } from "./helpers.mjs";
import { browser, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";

const seen = [];
const spy = (name) => (value) => {
	seen.push(name);
	return value;
};
const place = { getItem: spy("storage"), setItem: spy("storage"), removeItem: spy("storage") };
const NOTHING = [null, 0, true, Number.NaN, 1n, Symbol("x")];
const NO_TEXT = [...NOTHING, {}, [], spy("wrong")];
const NO_URL = [...NO_TEXT, "", "shop", "/callback"];
/** RFC 6750 §5.3: no token goes over plain http, but within this machine. */
const PLAIN = ["http://api.shop.example.com", "HTTP://localhost.example/"];
const NO_FUNCTION = [...NOTHING, "", {}, []];

const NO_SECONDS = [null, "1", true, {}, [], -1, Number.NaN, Number.POSITIVE_INFINITY, 1n];
const NO_TEXTS = [...NOTHING, "", [], { a: 1 }, { a: null }, { a: "x", b: {} }];
const NO_WORDS = [...NOTHING, {}, ["a", 1], [undefined], spy("wrong")];
const NO_OBJECT = [...NOTHING, "", "{}", [], () => {}, { n: 1n }];

/** What a request asks for, whether of `createLogin` or of `start`. */
const REQUEST = {
	maxAge: [1e9, NO_SECONDS],
	acrValues: [["evil"], NO_WORDS],
	uiLocales: ["evil", NO_WORDS],
	claims: [{ evil: null }, NO_OBJECT],
};

/** A right value for each option, which would show if it counted, and wrong ones. */
const LOGIN = {
	issuer: ["https://evil.example", NO_URL],
	clientId: ["evil", [...NO_TEXT, ""]],
	redirectUri: ["https://evil.example/cb", NO_URL],
	postLogoutRedirectUri: ["https://evil.example/", NO_URL],
	scope: ["admin", NO_TEXT],
	resource: [
		"https://evil.example",
		[...NOTHING, {}, "", "shop", [audience, "shop"], [undefined], ...PLAIN, [audience, ...PLAIN]],
	],
	trustedAudiences: [["evil"], [...NOTHING, "", "other", {}, ["a", 1], [undefined], [null]]],
	origins: [["https://evil.example"], [...NOTHING, audience, {}, [audience, 1], ["shop"], [audience, ...PLAIN]]],
	storage: [place, [...NOTHING, "", "local", {}, [], { ...place, getItem: 1 }, { getItem: place.getItem }, () => {}]],
	...REQUEST,
	parameters: [{ evil: "1" }, NO_TEXTS],
	metadata: [{ issuer: "https://evil.example" }, NO_OBJECT],
	silent: ["never", [...NOTHING, "", "popup", {}, ["iframe"]]],
	silentTimeout: [1, NO_SECONDS],
	transactionLifetime: [60, NO_SECONDS],
	timeout: [1, NO_SECONDS],
	clockTolerance: [1, NO_SECONDS],
	dpop: [true, [null, 0, 1, "", "true", {}, [], () => {}]],
	userinfo: [true, [null, 0, 1, "", "true", {}, [], () => {}]],
	fetch: [spy("fetch"), NO_FUNCTION],
	now: [spy("now"), NO_FUNCTION],
	onStep: [spy("onStep"), NO_FUNCTION],
};
const START = {
	...REQUEST,
	returnTo: [
		"https://shop.example.com/evil",
		[
			...NO_TEXT,
			"javascript:alert(1)",
			"JavaScript:alert(1)//",
			"data:text/html,x",
			"https://evil.example/",
			"http://shop.example.com/",
			"//evil.example/",
			"/\\evil.example/",
			"https://shop.example.com:8443/",
		],
	],
	appState: ["evil", [() => {}, Symbol("x"), 1n]],
	prompt: ["evil", NO_TEXT],
	loginHint: ["evil", NO_TEXT],
	extra: [{ evil: "1" }, NO_TEXTS],
};
const LOGOUT = {
	global: [false, [null, 0, 1, "", "false", {}, [], () => {}]],
	extra: [{ evil: "1" }, NO_TEXTS],
};
const base = { issuer, clientId: "shop", redirectUri };

const misspellings = (name) => [`${name}x`, name.slice(0, -1), name[0].toUpperCase() + name.slice(1)];

/** What a call throws or rejects with. */
async function thrown(call) {
	try {
		await call();
	} catch (error) {
		return `${error.name}: ${error.message}`;
	}
	return "nothing";
}

const CALLS = {
	createLogin: [LOGIN, async (options) => createLogin({ ...base, ...options })],
	start: [START, (options) => loginAt(server()).start(options)],
	logout: [LOGOUT, (options) => loginAt(server()).logout(options)],
};

for (const [name, [options, call]] of Object.entries(CALLS)) {
	test(`${name}: options misspelled, of wrong types, undefined`, async () => {
		browser().tab("https://shop.example.com/");
		for (const [option, [right, wrong]] of Object.entries(options)) {
			for (const misspelled of misspellings(option)) {
				const said = await thrown(() => call({ [misspelled]: right }));
				assert.ok(said.startsWith(`TypeError: ${misspelled}: unknown option; did you mean ${option}?`), said);
			}
			for (const value of wrong) {
				const said = await thrown(() => call({ [option]: value }));
				assert.ok(said.startsWith(`TypeError: ${option}: `), `${option} ${String(value)}: ${said}`);
			}
			if (name === "createLogin" && Object.hasOwn(base, option)) {
				assert.equal(
					await thrown(() => call({ [option]: undefined })),
					`TypeError: ${option}: required; expected ${option === "clientId" ? "a string" : "a URL"}`,
				);
			} else {
				assert.equal(await thrown(() => call({ [option]: undefined })), "nothing", option);
			}
			assert.equal(
				await thrown(() =>
					call(
						Object.create(null, {
							[option]: {
								get: () => {
									throw new Error("x");
								},
								enumerable: true,
							},
						}),
					),
				),
				name === "createLogin" ? "Error: x" : `TypeError: ${option}: cannot be read`,
			);
		}
		for (const unknown of ["mtls", "constructor", "__proto__x", "toString", "\u202e"]) {
			const said = await thrown(() => call({ [unknown]: true }));
			assert.match(said, /^TypeError: [^\u202e]+: unknown option/);
		}
		for (const value of [null, 0, "", "x", true, [], () => {}]) {
			if (name !== "createLogin")
				assert.equal(await thrown(() => call(value)), "TypeError: options: expected an object");
			else assert.throws(() => createLogin(value), { name: "TypeError", message: "options: expected an object" });
		}
	});
}

test("createLogin: an API on this machine needs no https, and one that has no origin sends nothing", () => {
	for (const resource of ["http://localhost:8787/", "http://127.0.0.1", "http://[::1]:8787/a", "urn:shop:api"]) {
		createLogin({ ...base, resource, origins: [resource] });
		createLogin({ ...base, resource: [audience, resource] });
	}
});

test("finish: an address, or none", async () => {
	browser().tab("https://shop.example.com/");
	const login = loginAt(server());
	for (const url of [...NOTHING, {}, [], "", "callback"]) {
		assert.equal(await thrown(() => login.finish(url)), "TypeError: url: expected a URL");
	}
	assert.equal(await login.finish(undefined), null);
});

/** A whole session with no option that may be left out: all that can be seen of it. */
async function wholeSession() {
	seen.length = 0;
	const machine = browser();
	const op = server();
	// The kit's clock and network, as the platform's.
	const { fetch, Date: RealDate } = globalThis;
	globalThis.fetch = op.fetch;
	globalThis.Date = class extends RealDate {
		static now = () => op.state.now * 1000;
	};
	try {
		const first = machine.tab("https://shop.example.com/cart");
		await createLogin(base).start();
		const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
		const login = createLogin(base);
		const { session, returnTo, appState } = await login.finish();
		const said = await thrown(() => login.fetch("https://evil.example/"));
		op.state.now += 280;
		await login.accessToken();
		await login.logout();
		const asked = [...new URL(first.left).searchParams].map(([name, value]) => [
			name,
			value.replace(/[\w-]{43}$/, "random"),
		]);
		const left = [...new URL(page.left).searchParams.keys()];
		return {
			asked,
			left,
			returnTo,
			appState,
			said,
			claims: Object.keys(session.claims),
			scope: session.scope,
			forms: op.state.forms.map((form) => [...form.keys()]),
			revoked: op.state.revoked.length,
			seen: [...seen],
		};
	} finally {
		Object.assign(globalThis, { fetch, Date: RealDate });
	}
}

test("inherited options count for nothing", async () => {
	const expected = await wholeSession();
	assert.deepEqual(expected.seen, []);
	for (const [option, [right]] of Object.entries({ ...LOGIN, ...START, ...LOGOUT })) {
		Object.defineProperty(Object.prototype, option, {
			value: right,
			configurable: true,
			writable: true,
			enumerable: false,
		});
		try {
			assert.deepEqual(await wholeSession(), expected, option);
			if (Object.hasOwn(base, option)) {
				const { [option]: _, ...others } = base;
				assert.throws(() => createLogin(others), { name: "TypeError", message: new RegExp(`^${option}: required`) });
			}
		} finally {
			delete Object.prototype[option];
		}
	}
	for (const [option, [right]] of Object.entries(LOGIN)) {
		const inherits = Object.assign(Object.create({ [option]: right }), base);
		assert.equal(await thrown(() => createLogin(inherits)), "nothing");
	}
	assert.throws(() => createLogin(Object.create(base)), { message: "issuer: required; expected a URL" });
});

test("a list is read once: what its owner changes later changes nothing", async () => {
	const resource = [audience];
	const { op, login } = await loggedIn({ options: { resource } });
	resource.push("https://evil.example");
	assert.match(await thrown(() => login.fetch("https://evil.example/")), /may not see the access token/);
	assert.equal(op.count("evil"), 0);
});

test("what has no effect is a TypeError: about ID tokens without openid, about silence where there is none, about a server that is not asked", async () => {
	for (const [options, message] of [
		[{ scope: "orders", clockTolerance: 5 }, "clockTolerance: has no effect without openid in scope"],
		[{ scope: "orders", trustedAudiences: ["x"] }, "trustedAudiences: has no effect without openid in scope"],
		[{ silent: "never", silentTimeout: 5 }, 'silentTimeout: has no effect with silent: "never"'],
	]) {
		browser().tab("https://shop.example.com/");
		await assert.rejects(loginAt(server(), options).start(), { name: "TypeError", message });
	}
	for (const options of [
		{ clockTolerance: 5, trustedAudiences: ["x"] },
		{ silent: "iframe", silentTimeout: 5 },
	]) {
		const page = browser().tab("https://shop.example.com/");
		await loginAt(server(), options).start();
		assert.match(page.left, /authorize/);
	}
	const extra = { logout_uri: "https://shop.example.com/" };
	await assert.rejects(loginAt(server()).logout({ global: false, extra }), {
		name: "TypeError",
		message: "extra: has no effect with global: false",
	});
});
