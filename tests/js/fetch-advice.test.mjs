// Why keys or metadata cannot be had: the reason comes first, before any address, with the step that fits it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { audience, countersign, createLogin, edge, issuer, json, network, signer, start } from "./helpers.mjs";
import { browser } from "./login-kit.mjs";

const { createVerifier, TokenError } = countersign;
const key = signer("k1");
const page = "<!doctype html><title>Log in</title>";
const wellKnown = [`${issuer}/.well-known/oauth-authorization-server`, `${issuer}/.well-known/openid-configuration`];
const redirect = () => new Response("", { status: 302, headers: { location: "https://elsewhere.example/" } });
const failing = (message, cause) => () => {
	throw new TypeError(message, cause && { cause });
};
const socket = (message, code) => Object.assign(new Error(message), { code });

/** What happens at an address; how the message begins behind what failed; and the advice. */
const FAILURES = {
	"a host that DNS does not know": [
		failing("fetch failed", socket("getaddrinfo ENOTFOUND auth.example.com", "ENOTFOUND")),
		"unknown host: fetch failed: getaddrinfo ENOTFOUND",
		/DNS does not know the host/,
	],
	"a port at which nothing listens": [
		failing("fetch failed", Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" })),
		"connection refused: fetch failed: (ECONNREFUSED)",
		/Nothing listens at that host and port/,
	],
	"a certificate of one's own": [
		failing("fetch failed", socket("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT")),
		"certificate not trusted: fetch failed: self-signed certificate (DEPTH_ZERO",
		/certificate has expired, is for another name, or .*NODE_EXTRA_CA_CERTS/,
	],
	"a connection that is not made in time": [
		failing("fetch failed", socket("Connect Timeout Error", "UND_ERR_CONNECT_TIMEOUT")),
		"no answer in time: fetch failed: Connect Timeout Error (UND_ERR",
		/network, proxy and firewall/,
	],
	"CORS in Chromium": [failing("Failed to fetch"), "blocked by the browser", /Access-Control-Allow-Origin/],
	"CORS in Firefox": [
		failing("NetworkError when attempting to fetch resource."),
		"blocked by the browser",
		/Access-Control-Allow-Origin/,
	],
	"CORS in Safari": [failing("Load failed"), "blocked by the browser", /Access-Control-Allow-Origin/],
	"a redirect": [redirect, "a redirect, status 302", /Redirects are not followed/],
	"a redirect in a browser": [
		() => Object.defineProperty(new Response(""), "status", { value: 0 }),
		"a redirect",
		/Redirects are not followed/,
	],
	"nothing there": [() => new Response("", { status: 404 }), "status 404", /Nothing is published there/],
	"a refusal": [() => new Response("", { status: 403 }), "status 403", /Metadata and keys are public/],
	"an outage": [() => new Response("", { status: 503 }), "status 503", /try again later/],
	"a page in place of metadata": [() => new Response(page), "HTML in place of JSON", /That address shows a page/],
};

const refusalOf = (work) =>
	Promise.resolve()
		.then(work)
		.then(assert.fail, (error) => error);

function told(error, code, begins, advice) {
	assert.ok(error instanceof TokenError, error.stack);
	assert.equal(error.code, code);
	assert.ok(error.found.startsWith(begins), error.found);
	assert.match(error.message, advice);
	assert.ok(error.message.indexOf(begins) < (error.message.indexOf("https://") + 1 || Number.POSITIVE_INFINITY));
}

for (const [name, [answer, begins, advice]] of Object.entries(FAILURES)) {
	test(`${name}: of a key set, of an issuer's metadata, and of a login's`, async () => {
		const at = async (urls, options, use = createVerifier) => {
			const { fetch } = network(Object.fromEntries(urls.map((url) => [url, answer])));
			return refusalOf(() => use({ issuer, audience, now: () => start, fetch, ...options }).verify(key.token()));
		};
		const long = `${issuer}/${"long/".repeat(40)}`;
		for (const url of [`${issuer}/jwks`, `${long}jwks`]) {
			told(await at([url], { jwksUri: url }), "keys_unavailable", begins, advice);
		}
		const metadata = /^HTML/.test(begins) ? "metadata_invalid, " : "metadata_unavailable, ";
		const short = begins.split(":")[0];
		told(await at(wellKnown, {}), "keys_unavailable", metadata + short, advice);

		const { fetch } = network(Object.fromEntries(wellKnown.map((url) => [url, answer])));
		browser().tab("https://shop.example.com/");
		const login = createLogin({ issuer, clientId: "c", redirectUri: "https://shop.example.com/", fetch });
		const error = await refusalOf(() => login.start());
		if (error instanceof TokenError) told(error, metadata.slice(0, -2), short, advice);
		else assert.fail(error.stack);
	});
}

test("a slash too many or too few in the issuer is said first", async () => {
	for (const [given, named] of [
		[issuer, `${issuer}/`],
		[`${issuer}/`, issuer],
		[`${issuer}/${"a".repeat(150)}`, `${issuer}/${"a".repeat(150)}/`],
	]) {
		const fetch = async () => json({ issuer: named, jwks_uri: `${issuer}/jwks` });
		const verifier = createVerifier({ issuer: given, audience, fetch, now: () => start });
		const error = await refusalOf(() => verifier.loadKeys());
		told(
			error,
			"keys_unavailable",
			"metadata_invalid (issuer), another slash at the end: https://",
			/a slash at its end counts/,
		);
	}
	const other = async () => json({ issuer: "https://other.example.com", jwks_uri: `${issuer}/jwks` });
	const error = await refusalOf(() => createVerifier({ issuer, audience, fetch: other }).loadKeys());
	told(error, "keys_unavailable", "metadata_invalid (issuer), https://other", /Compare the issuer letter by letter/);
});

test("a login asks for metadata as JSON: some servers have pages there too", async () => {
	const asked = [];
	const fetch = async (_url, { headers }) => {
		asked.push(new Headers(headers).get("accept"));
		return new Response("", { status: 503 });
	};
	browser().tab("https://shop.example.com/");
	await refusalOf(() =>
		createLogin({ issuer, clientId: "c", redirectUri: "https://shop.example.com/", fetch }).start(),
	);
	assert.deepEqual([...new Set(asked)], ["application/json"]);
});

test("of two addresses, the one that says more comes first", async () => {
	const { fetch } = network({ [wellKnown[1]]: () => new Response("", { status: 500 }) });
	const error = await refusalOf(() => createVerifier({ issuer, audience, fetch }).loadKeys());
	told(error, "keys_unavailable", "metadata_unavailable, status 500; status 404 from https://", /try again later/);
});

test("over a real network: nothing listens, a page answers, an address redirects", async (t) => {
	const server = createServer((request, response) => {
		if (request.url === "/page") response.end(page);
		else response.writeHead(301, { location: "/page" }).end();
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const origin = `http://127.0.0.1:${server.address().port}`;
	const at = (jwksUri) => refusalOf(() => createVerifier({ issuer: null, audience, jwksUri }).loadKeys());
	t.after(() => server.closeAllConnections() ?? server.close());
	told(await at(`${origin}/page`), "keys_unavailable", "HTML in place of JSON", /That address shows a page/);
	told(await at(`${origin}/other`), "keys_unavailable", "a redirect, status 301", /Redirects are not followed/);
	const gone = createServer();
	await new Promise((resolve) => gone.listen(0, "127.0.0.1", resolve));
	const { port } = gone.address();
	await new Promise((resolve) => gone.close(resolve));
	const error = await at(`http://127.0.0.1:${port}/jwks`);
	told(error, "keys_unavailable", "connection refused: fetch failed", /Nothing listens/);
});

test("causes are told to a depth, whatever they are", async () => {
	const endless = new Error("again");
	endless.cause = endless;
	const fetch = async () => Promise.reject(endless);
	const error = await refusalOf(() => createVerifier({ issuer: null, audience, jwksUri: issuer, fetch }).loadKeys());
	assert.equal(error.found, `again: again: again: again (${issuer})`);
});

test("a token for ML-DSA is told what to link", () => {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const jwk = { kty: "AKP", alg: "ML-DSA-44", pub: Buffer.alloc(1312).toString("base64url") };
	const token = `${part({ alg: "ML-DSA-44" })}.${part({})}.${Buffer.alloc(2420).toString("base64url")}`;
	for (const [keys, code] of [
		[jwk, "key_unsuitable"],
		[{ keys: [jwk, key.jwk] }, "alg_unsupported"],
	]) {
		assert.throws(() => createVerifier({ issuer: null, audience: null, keys }).verifySync(token), {
			code,
			message: /Link ML-DSA: import "countersign\/ml-dsa" once/,
		});
	}
});

test("a guard's typ_mismatch names the providers, a verifier's what was expected", async () => {
	const request = new Request(audience, { headers: { authorization: `Bearer ${key.token({}, { typ: "JWT" })}` } });
	const error = await refusalOf(() => edge.guard({ issuer, audience, keys: key.jwk }).check(request));
	assert.equal(error.code, "typ_mismatch");
	const known = await refusalOf(() => edge.guard({ issuer, audience, keys: key.jwk, provider: "nobody" }));
	const names = /expected one of (.*)$/.exec(known.message)[1].split(", ");
	assert.ok(names.length >= 15);
	for (const name of names) assert.ok(error.message.includes(name), name);
	const own = createVerifier({ issuer, audience, keys: key.jwk, typ: "x+jwt", now: () => start });
	assert.throws(() => own.verifySync(key.token({}, { typ: "JWT" })), { message: /have the verifier expect the type/ });
});
