// Each option of createLogin, start, finish and logout: values that are taken, and what exactly is said to the others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogin, issuer } from "./helpers.mjs";
import { browser, FakeStorage, loginAt, redirectUri, server } from "./login-kit.mjs";
import { membersOf } from "./option-names.mjs";

const home = "https://shop.example.com/";
const api = "https://api.shop.example.com";
const place = { getItem: () => null, setItem: () => {}, removeItem: () => {} };

/** No text, and no list of texts either. */
const NEITHER = [null, 0, 7, true, {}, () => {}, Symbol("x"), 1n];
const URL_TAKEN = ["https://shop.example.com", "http://shop.example.com/a?b", "com.example.shop:/callback"];
const NO_URL = [...NEITHER, [], [home], "", "shop", "/callback", "//shop.example.com", "https://", new URL(home)];

// RFC 6750 §5.3: TLS, which within one machine protects nothing.
const LOOPBACK = [
	"http://localhost",
	"http://localhost:8787/a",
	"http://127.0.0.1:80/",
	"http://[::1]",
	"HTTP://[::1]:1/",
];
const API = [api, ...LOOPBACK, "urn:shop:api"];
const PLAIN = [
	"http://api.shop.example.com",
	"HTTP://api.shop.example.com",
	"http://localhost.example.com",
	"http://localhost:80@evil.example/",
	"http://127.0.0.2",
	"http://127.0.0.1.example.com",
	"http://[::2]",
	"http://[::ffff:127.0.0.1]",
	"http://0.0.0.0",
];
const NO_API = [...NEITHER, "", "shop", ...PLAIN];
const SECURE = "with https unless they are on this machine";

const TEXTS = [[], ["a"], ["a", ""]];
const NO_TEXTS = [["a", 7], [null], [undefined], [["a"]], new Array(1)];

const DICTIONARY = ["an object of strings", [{}, { a: "1" }, { a: "", b: undefined }, Object.create(null)]];
const NO_DICTIONARY = [
	null,
	7,
	true,
	"",
	"a",
	[],
	["a"],
	() => {},
	{ a: 7 },
	{ a: null },
	{ a: "x", b: {} },
	{ a: ["x"] },
];

const SECONDS = (...taken) => [
	"seconds",
	taken,
	[null, "1", true, {}, [1], -1, -0.1, Number.NaN, Number.POSITIVE_INFINITY, 1n],
];
const FLAG = ["true or false", [true, false], [null, 0, 1, "", "true", {}, [], () => {}]];
const FUNCTION = ["a function", [() => {}], [null, 0, true, "", "fetch", {}, []]];
const TEXT = ["a string", ["", "a"], [...NEITHER, [], ["a"], new String("a")]];
const WORDS = ["a string or an array of strings", ["", "a", ...TEXTS], [...NEITHER, ...NO_TEXTS]];
const JSON_OBJECT = [
	"an object that JSON can hold",
	[{}, { a: [null, { b: 1 }] }],
	[null, 7, true, "", "{}", [], [{}], () => {}],
];

const REQUEST = { maxAge: SECONDS(0, 60), acrValues: WORDS, uiLocales: WORDS, claims: JSON_OBJECT };

/** What is expected, what is taken, and what is not. */
const LOGIN = {
	issuer: ["a URL", URL_TAKEN, NO_URL],
	clientId: ["a string", ["a"], [...NEITHER, "", [], ["a"]]],
	redirectUri: ["a URL", URL_TAKEN, NO_URL],
	postLogoutRedirectUri: ["a URL", URL_TAKEN, NO_URL],
	scope: TEXT,
	resource: [
		`a URL or an array of URLs, ${SECURE}`,
		[...API, [], API],
		[...NO_API, ...NO_API.map((url) => [api, url]), [undefined], [[api]]],
	],
	...REQUEST,
	parameters: [...DICTIONARY, NO_DICTIONARY],
	metadata: JSON_OBJECT,
	trustedAudiences: ["an array of strings", TEXTS, [...NEITHER, "", "a", ...NO_TEXTS]],
	origins: [
		`an array of URLs, ${SECURE}`,
		[[], API],
		[...NEITHER, api, ...NO_API.map((url) => [url, api]), [undefined]],
	],
	storage: [
		'"memory", "session", "shared" or an object with getItem, setItem and removeItem',
		["memory", "session", "shared", place, new FakeStorage()],
		[
			...[null, 7, true, "", "local", {}, [], () => {}, Object.assign(() => {}, place)],
			...Object.keys(place).flatMap((name) => [
				{ ...place, [name]: undefined },
				{ ...place, [name]: "f" },
			]),
		],
	],
	silent: [
		'"redirect", "iframe" or "never"',
		["redirect", "iframe", "never"],
		[null, 0, false, "", "popup", "Never", {}, ["iframe"], () => {}],
	],
	silentTimeout: SECONDS(1, 60),
	transactionLifetime: SECONDS(60, 86_400),
	timeout: SECONDS(0.1, 60),
	clockTolerance: SECONDS(0, 3_600),
	idleTimeout: SECONDS(10, 2_592_000),
	dpop: FLAG,
	userinfo: FLAG,
	navigate: FUNCTION,
	fetch: FUNCTION,
	now: FUNCTION,
	onStep: FUNCTION,
};

const START = {
	...REQUEST,
	returnTo: [
		"an address of this site",
		[home, "/", "/orders?page=2#x", "orders", "?a", "#a"],
		[
			...[...NEITHER, [], [home], ""],
			...["https://evil.example/", "//evil.example/", "/\\evil.example/", "http://shop.example.com/"],
			...[
				"https://shop.example.com:8443/",
				"https://shop.example.com.evil.example/",
				"https://shop.example.com@evil.example/",
			],
			...["javascript:alert(1)", "data:text/html,x", "https://"],
		],
	],
	appState: ["a value that JSON can hold", [null, 0, false, "", [], {}], [() => {}, Symbol("x")]],
	prompt: TEXT,
	loginHint: TEXT,
	extra: [...DICTIONARY, NO_DICTIONARY],
};

const LOGOUT = {
	global: FLAG,
	extra: [...DICTIONARY, NO_DICTIONARY],
};

const base = { issuer, clientId: "shop", redirectUri };

/** What a value looks like in the message of a test that fails. */
const shown = (value) => {
	try {
		return Array.isArray(value)
			? `[${value.map(shown)}]`
			: typeof value === "object"
				? JSON.stringify(value)
				: String(value);
	} catch {
		return Object.prototype.toString.call(value);
	}
};

/** What a call throws or rejects with. */
async function refusalOf(call) {
	try {
		await call();
	} catch (error) {
		return `${error.name}: ${error.message}`;
	}
	return "taken";
}

/** A call of each kind, which leads to nothing where its options are taken. */
const CALLS = {
	createLogin: [LOGIN, () => (options) => createLogin({ ...base, ...options })],
	start: [START, () => loginAt(server(), { navigate: () => {} }).start],
	logout: [LOGOUT, () => loginAt(server(), { navigate: () => {} }).logout],
};

for (const [name, [rows, caller]] of Object.entries(CALLS)) {
	test(`${name}: what is no such value is a TypeError that says which it is`, async () => {
		browser().tab(home);
		const call = caller();
		for (const [option, [expected, , wrong]] of Object.entries(rows)) {
			for (const value of wrong) {
				const said = await refusalOf(() => call({ [option]: value }));
				assert.equal(said, `TypeError: ${option}: expected ${expected}`, shown(value));
			}
		}
	});

	test(`${name}: each value of the right kind is taken`, async () => {
		browser().tab(home);
		const call = caller();
		for (const [option, [, taken]] of Object.entries(rows)) {
			for (const value of [...taken, undefined]) {
				if (value === undefined && Object.hasOwn(base, option)) continue;
				const said = await refusalOf(() => call({ [option]: value }));
				assert.equal(said, "taken", `${option}: ${shown(value)}`);
			}
		}
	});
}

test("createLogin: what has to be there", async () => {
	for (const name of Object.keys(base)) {
		const { [name]: value, ...others } = base;
		const inherited = Object.assign(Object.create({ [name]: value }), others);
		for (const options of [others, { ...others, [name]: undefined }, inherited]) {
			const said = await refusalOf(() => createLogin(options));
			assert.equal(said, `TypeError: ${name}: required; expected ${name === "clientId" ? "a string" : "a URL"}`);
		}
	}
});

test("what JSON cannot hold cannot be read", async () => {
	const round = {};
	round.round = round;
	browser().tab(home);
	for (const value of [round, { n: 1n }]) {
		for (const [name, options] of [
			["createLogin", ["claims", "metadata"]],
			["start", ["claims", "appState"]],
		]) {
			const call = CALLS[name][1]();
			for (const option of options) {
				const said = await refusalOf(() => call({ [option]: value }));
				assert.equal(said, `TypeError: ${option}: cannot be read`);
			}
		}
	}
});

test("finish: an address, or none", async () => {
	browser().tab(home);
	const login = loginAt(server());
	for (const value of NO_URL) {
		assert.equal(await refusalOf(() => login.finish(value)), "TypeError: url: expected a URL", shown(value));
	}
	for (const value of [undefined, home, "com.example.shop:/other"]) assert.equal(await login.finish(value), null);
});

test("logout: further parameters go to the server, which global: false does not ask", async () => {
	browser().tab(home);
	const logout = CALLS.logout[1]();
	const extra = { logout_uri: home };
	assert.equal(
		await refusalOf(() => logout({ global: false, extra })),
		"TypeError: extra: has no effect with global: false",
	);
	for (const options of [{ global: true, extra }, { extra }, { global: false, extra: undefined }]) {
		assert.equal(await refusalOf(() => logout(options)), "taken");
	}
});

test("no option of the published types is without a row", () => {
	for (const [file, name, rows] of [
		["login/option-types.d.ts", "LoginOptions", LOGIN],
		["login/request-types.d.ts", "StartOptions", START],
		["login/request-types.d.ts", "LogoutOptions", LOGOUT],
	]) {
		const own = Object.keys(membersOf(file, name));
		const shared =
			name === "LogoutOptions" ? [] : Object.keys(membersOf("login/request-types.d.ts", "RequestParameters"));
		assert.deepEqual(Object.keys(rows).sort(), [...own, ...shared].sort());
	}
});
