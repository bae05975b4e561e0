// The fetch of countersign/testing: which addresses are the issuer's, how requests are read, and how it fails on demand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, testing } from "./helpers.mjs";

const { createTestIssuer } = testing;
const { decodeUnverified } = countersign;

/** The address that a document or an endpoint has in an issuer's metadata. */
const TOKEN = "https://issuer.example/token";

test("the metadata names what the issuer has, and fetch serves it at both places", async () => {
	const metadataOf = async (options) => (await createTestIssuer(options)).metadata;
	assert.deepEqual(await metadataOf({ issuer: "https://id.example/shop", alg: "ES384" }), {
		issuer: "https://id.example/shop",
		jwks_uri: "https://id.example/shop/jwks",
		authorization_endpoint: "https://id.example/shop/authorize",
		token_endpoint: "https://id.example/shop/token",
		response_types_supported: ["code"],
		grant_types_supported: ["authorization_code", "client_credentials", "refresh_token"],
		token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
		subject_types_supported: ["public"],
		id_token_signing_alg_values_supported: ["ES384"],
		code_challenge_methods_supported: ["S256"],
		authorization_response_iss_parameter_supported: true,
	});
	const slash = await metadataOf({ issuer: "https://id.example/a//", metadata: { token_endpoint: undefined } });
	assert.equal(slash.authorization_endpoint, "https://id.example/a//authorize");
	assert.equal("token_endpoint" in slash, false);
	// RFC 8414 §3.1 puts the well-known part before the path, OpenID Connect Discovery §4 behind it.
	for (const [issuer, ...places] of [
		["https://id.example", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"],
		["https://id.example/a/b", "/.well-known/oauth-authorization-server/a/b", "/a/b/.well-known/openid-configuration"],
		["https://id.example/a/", "/.well-known/oauth-authorization-server/a", "/a/.well-known/openid-configuration"],
	]) {
		const { fetch, metadata } = await createTestIssuer({ issuer });
		for (const place of places) {
			assert.deepEqual(await (await fetch(`https://id.example${place}`)).json(), metadata, place);
		}
	}
});

test("an endpoint is where the metadata says, as a text or a URL, or nowhere", async () => {
	const endpoints = { jwks_uri: new URL("https://keys.example/set"), token_endpoint: "nowhere" };
	const { fetch, jwks, requests } = await createTestIssuer({ metadata: endpoints });
	assert.deepEqual(await (await fetch("https://keys.example/set")).json(), jwks);
	assert.deepEqual(requests, []);
	assert.equal((await fetch(TOKEN, { method: "POST" })).status, 404);
	assert.equal((await fetch("https://issuer.example/jwks")).status, 404);
	const normal = await createTestIssuer({ metadata: { jwks_uri: "HTTPS://KEYS.example:443/set" } });
	assert.equal((await normal.fetch("https://keys.example/set?v=1")).status, 200);
	assert.deepEqual(normal.requests, ["https://keys.example/set?v=1"]);
});

test("what is no address of the issuer goes to the fallback with all that was given, also on the issuer's own host", async () => {
	const asked = [];
	const fallback = async (...given) => asked.push(given);
	const kit = await createTestIssuer({ fallback });
	const init = { method: "POST" };
	await kit.fetch("https://api.example/orders", init);
	await kit.fetch("https://issuer.example/userinfo");
	assert.deepEqual(asked, [
		["https://api.example/orders", init],
		["https://issuer.example/userinfo", undefined],
	]);
	kit.down();
	await kit.fetch("https://api.example/orders", init);
	assert.deepEqual([asked.length, kit.requests], [3, []]);
	await assert.rejects(kit.fetch(kit.metadata.jwks_uri), TypeError);
	assert.equal(asked.length, 3);
});

test("without a fallback, other hosts are an error that names the issuer's addresses, and other paths are not found", async () => {
	const { fetch, metadata, requests } = await createTestIssuer();
	const error = await fetch("https://api.example/orders").catch((error) => error);
	assert.ok(error instanceof TypeError);
	const known = [metadata.jwks_uri, metadata.authorization_endpoint, metadata.token_endpoint];
	for (const address of ["https://api.example/orders", ...known]) assert.ok(error.message.includes(`${address}`));
	assert.match(error.message, /openid-configuration, https/);
	const lost = await fetch("https://issuer.example/lost");
	assert.deepEqual([lost.status, (await lost.json()).error], [404, "no such address: /lost"]);
	assert.deepEqual(requests, []);
});

test("an outage has the status that was said, for every address, until it is over", async () => {
	const kit = await createTestIssuer();
	const { jwks_uri, token_endpoint } = kit.metadata;
	for (const status of [200, 429, 503, 599]) {
		kit.down(status);
		for (const [url, init] of [[jwks_uri], [token_endpoint, { method: "POST" }], ["https://issuer.example/x"]]) {
			const response = await kit.fetch(url, init);
			assert.ok(response instanceof Response);
			assert.deepEqual([response.status, response.headers.get("content-type")], [status, "application/json"]);
			assert.equal((await response.json()).error, "issuer.down()");
		}
	}
	// These have no content (RFC 9110 §15.3.5, §15.3.6, §15.4.5).
	for (const status of [204, 205, 304]) {
		kit.down(status);
		const response = await kit.fetch(jwks_uri);
		assert.deepEqual([response.status, await response.text()], [status, ""]);
	}
	kit.down();
	await assert.rejects(kit.fetch(jwks_uri), /^TypeError: https:\/\/issuer\.example: connection refused/);
	kit.up();
	assert.equal((await kit.fetch(jwks_uri)).status, 200);
	for (const outage of [199, 600, 503.5, "503", Number.NaN, null, "Hanging"]) {
		assert.throws(
			() => kit.down(outage),
			/^TypeError: down: expected "unreachable", "hanging" or an HTTP status from 200 to 599$/,
		);
	}
	assert.equal((await kit.fetch(jwks_uri)).status, 200);
});

test("a request that is aborted before or during a hang ends with its reason, as fetch's does", async () => {
	const kit = await createTestIssuer();
	const { jwks_uri } = kit.metadata;
	const given = (signal) => [[jwks_uri, { signal }], [new Request(jwks_uri, { signal })]];
	for (const args of given(AbortSignal.abort())) await assert.rejects(kit.fetch(...args), { name: "AbortError" });
	kit.down("hanging");
	const controller = new AbortController();
	const hanging = given(controller.signal).map((args) => kit.fetch(...args));
	controller.abort();
	for (const one of hanging) await assert.rejects(one, { name: "AbortError" });
	const never = kit.fetch(jwks_uri);
	assert.equal(await Promise.race([never, new Promise((done) => setImmediate(done, "no answer"))]), "no answer");
});

const form = "grant_type=client_credentials";
const basic = (text) => `Basic ${btoa(text)}`;
const post = (body, headers) => ({ method: "POST", body, headers });

test("a client is known by its form or by its Authorization header, in every form of fetch", async () => {
	const { fetch } = await createTestIssuer();
	const clientOf = async (...given) =>
		decodeUnverified((await (await fetch(...given)).json()).access_token).claims.client_id;
	const cases = [
		["client-1", post(form)],
		["app", post(`${form}&client_id=app`)],
		["app", post(new URLSearchParams(`${form}&client_id=app`))],
		["app", post(form, { Authorization: basic("app:secret") })],
		["app", post(form, { "x-first": "1", authorization: basic("app:") })],
		["app", post(form, new Headers({ authorization: basic("app:secret:more") }))],
		[
			"app",
			post(form, [
				["Accept", "*/*"],
				["AUTHORIZATION", basic("app:secret")],
			]),
		],
		["app", post(form, { authorization: basic("app:secret").replace("Basic ", "bASIC  ") })],
		// The name is written as in a form. RFC 6749 §2.3.1
		["a b:ü&id=c", post(form, { authorization: basic("a+b%3A%C3%BC%26id%3Dc:secret") })],
		["app", post(`${form}&client_id=other`, { authorization: basic("app:secret") })],
		["app", post(`${form}&client_id=app`, { authorization: "Bearer abc" })],
		["app", post(`${form}&client_id=app`, { authorization: `x${basic("other:secret")}` })],
		["app", post(`${form}&client_id=app`, { authorization: `${basic("other:secret")} x` })],
		["app", post(`${form}&client_id=app`, { authorization: "Basic" })],
	];
	for (const [expected, init] of cases) {
		assert.equal(await clientOf(TOKEN, init), expected, JSON.stringify(init));
		assert.equal(await clientOf(new Request(TOKEN, init)), expected, JSON.stringify(init));
	}
	assert.equal(await clientOf(new Request(TOKEN, { method: "POST" }), { body: `${form}&client_id=app` }), "app");
});

test("a POST has its parameters in the form alone, a GET or HEAD in the query", async () => {
	const { fetch, metadata } = await createTestIssuer();
	const query = "?redirect_uri=https%3A%2F%2Fshop.example%2F&client_id=app";
	const address = metadata.authorization_endpoint + query;
	for (const given of [[address], [address, { method: "HEAD" }], [new Request(address)], [new URL(address), {}]]) {
		assert.equal((await fetch(...given)).status, 302);
	}
	assert.equal((await fetch(address, { method: "POST" })).status, 400);
	assert.equal((await fetch(new Request(address, { method: "POST" }))).status, 400);
	assert.equal((await fetch(metadata.authorization_endpoint, post(query.slice(1)))).status, 302);
	assert.equal((await fetch(`${TOKEN}?${form}`, { method: "POST" })).status, 400);
});
