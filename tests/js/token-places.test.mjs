// Where a request carries its token, requests without one, and guards that differ by route.

import assert from "node:assert/strict";
import { test } from "node:test";
import { edge, testing } from "./helpers.mjs";

const { guard, protect } = edge;
const { issuer, audience, jwks: keys, now, mint } = await testing.createTestIssuer();
const base = { issuer, audience, keys, now };
const [good, other] = [await mint(), await mint({ sub: "user-2" })];
const bad = `${good}x`;
const request = (headers) => new Request(audience, { headers });
const greet = (_request, auth) => new Response(auth === null ? "nobody" : auth.claims.sub);

async function asked(options, headers) {
	const response = await protect({ ...base, ...options }, greet)(request(headers));
	return response.status === 200 ? response.text() : `${response.status} ${(await response.json()).code}`;
}

test("a header, a cookie and a WebSocket subprotocol of their own", async () => {
	for (const [token, headers, outcome] of [
		[{ header: "x-token" }, { "x-token": good }, "user-1"],
		[{ header: "x-token" }, { "x-token": ` ${good} ` }, "user-1"],
		[{ header: "x-token" }, { authorization: `Bearer ${good}` }, "user-1"],
		[{ header: "x-token" }, { authorization: `Bearer ${good}`, "x-token": good }, "user-1"],
		[{ header: "x-token" }, { authorization: `Bearer ${other}`, "x-token": good }, "400 request_invalid"],
		[{ header: "x-token" }, { "x-other": good }, "401 token_missing"],
		[{ header: "x-token" }, { "x-token": "garbage" }, "401 token_malformed"],
		[{ cookie: "session" }, { cookie: `a=b; session=${good}; c=d` }, "user-1"],
		[{ cookie: "session" }, { cookie: `session=${good}; session=${other}` }, "400 request_invalid"],
		[{ cookie: "session" }, { cookie: `xsession=${good}` }, "401 token_missing"],
		[{ header: "x-token", cookie: "session" }, { "x-token": good, cookie: `session=${good}` }, "user-1"],
		[{ header: "x-token", cookie: "session" }, { "x-token": good, cookie: `session=${other}` }, "400 request_invalid"],
		[{ webSocketProtocol: "token" }, { "sec-websocket-protocol": `chat, token, ${good}` }, "user-1"],
		[{ webSocketProtocol: "token" }, { "sec-websocket-protocol": `chat, ${good}` }, "401 token_missing"],
	]) {
		assert.equal(await asked({ token }, headers), outcome, JSON.stringify([token, Object.keys(headers)]));
	}
});

test("without the option, the header Authorization alone", async () => {
	assert.equal(await asked({}, { cookie: `CF_Authorization=${good}`, "x-token": good }), "401 token_missing");
});

test("a function finds the token, and alone decides", async () => {
	const token = ({ url, headers }) => new URL(url).searchParams.get("t") ?? headers.get("x-token");
	assert.equal(await asked({ token }, { "x-token": good }), "user-1");
	assert.equal(await asked({ token }, { authorization: `Bearer ${good}` }), "401 token_missing");
	assert.equal(await asked({ token, verdictCache: { maxEntries: 5 } }, { "x-token": other }), "user-2");
	for (const nothing of [undefined, null, ""])
		assert.equal(await asked({ token: () => nothing }, {}), "401 token_missing");
	for (const wrong of [async () => good, () => 5, () => ({})]) {
		await assert.rejects(asked({ token: wrong }, {}), /^TypeError: token: must return the token as a text/);
	}
});

test("cached verdicts are those of the token that the function finds", async () => {
	const token = ({ headers }) => headers.get("x-token");
	const handler = protect({ ...base, token, verdictCache: { maxEntries: 5 } }, greet);
	for (const own of [{}, { authorization: `Bearer ${good}` }]) {
		for (const [found, sub] of [
			[good, "user-1"],
			[other, "user-2"],
			[good, "user-1"],
		]) {
			assert.equal(await (await handler(request({ ...own, "x-token": found }))).text(), sub);
		}
		assert.equal((await handler(request(own))).status, 401);
	}
});

test("places, cached verdicts and different requests", async () => {
	const token = { header: "x-token", cookie: "session", webSocketProtocol: "token" };
	const handler = protect({ ...base, token, verdictCache: { maxEntries: 5 } }, greet);
	const said = async (headers) => {
		const response = await handler(request(headers));
		return response.status === 200 ? response.text() : (await response.json()).code;
	};
	const foreign = { authorization: "Basic x" };
	for (let times = 0; times < 2; times++) {
		assert.equal(await said({ ...foreign, "x-token": good }), "user-1");
		assert.equal(await said({ ...foreign, "x-token": other }), "user-2");
		assert.equal(await said({ cookie: `session=${good}` }), "user-1");
		assert.equal(await said({ cookie: `session=${other}` }), "user-2");
		assert.equal(await said({ "sec-websocket-protocol": `token, ${good}` }), "user-1");
		assert.equal(await said({ authorization: `Bearer ${good}` }), "user-1");
		// Each alone has passed by now; both together are refused.
		assert.equal(await said({ "x-token": good, cookie: `session=${other}` }), "request_invalid");
		assert.equal(await said({ authorization: `Bearer ${other}`, "x-token": good }), "request_invalid");
		assert.equal(
			await said({ authorization: `Bearer ${good.slice(0, -9)}`, "x-token": good.slice(-9) }),
			"request_invalid",
			"parts of a token that passed are not that token",
		);
	}
});

test("a verdict by a token of another place is kept as well", async () => {
	for (const [token, own] of [
		[undefined, { authorization: `Bearer ${good}` }],
		[{ header: "x-token" }, { "x-token": good }],
		[{ cookie: "session" }, { cookie: `session=${good}` }],
		[{ webSocketProtocol: "token" }, { "sec-websocket-protocol": `token, ${good}` }],
	]) {
		const seen = [];
		// The core reads a request; for a verdict that is kept, nothing does but what finds it.
		const counted = {
			url: audience,
			method: "GET",
			headers: {
				get(name) {
					seen.push(name);
					return own[name] ?? null;
				},
			},
		};
		const keeping = guard({ ...base, token, verdictCache: { maxEntries: 5 } });
		const first = await keeping.check(counted);
		const often = seen.splice(0).length;
		assert.deepEqual(await keeping.check(counted), first);
		assert.ok(seen.length < often, `${JSON.stringify(Object.keys(own))}: ${seen} of ${often}`);
	}
});

test("a provider's own places", async () => {
	const options = { provider: "cloudflare-access", algorithms: ["ES256"], profile: undefined };
	const token = await mint({ type: "app" });
	assert.equal(await asked(options, { "cf-access-jwt-assertion": token }), "user-1");
	assert.equal(await asked(options, { cookie: `CF_Authorization=${token}` }), "user-1");
	assert.equal(
		await asked(options, { "cf-access-jwt-assertion": token, cookie: "CF_Authorization=x.y.z" }),
		"400 request_invalid",
	);
});

test("required: false lets requests without a token pass, and no others", async () => {
	const options = { required: false };
	assert.equal(await asked(options, {}), "nobody");
	assert.equal(await asked(options, { authorization: "Basic dTpw" }), "nobody");
	assert.equal(await asked(options, { authorization: `Bearer ${good}` }), "user-1");
	assert.equal(await asked(options, { authorization: `Bearer ${bad}` }), "401 base64url_invalid");
	assert.equal(await asked(options, { authorization: "Bearer garbage" }), "401 token_malformed");
	assert.equal(await guard({ ...base, ...options }).check(request({})), null);
	assert.equal(await asked({ ...options, scope: "a" }, { authorization: `Bearer ${good}` }), "403 insufficient_scope");
});

test("with: the same guard with other demands for a route", async () => {
	const one = guard({ ...base, realm: "shop", scope: "read" });
	const two = one.with({ scope: "write" });
	const both = request({ authorization: `Bearer ${await mint({ scope: "read write" })}` });
	const read = request({ authorization: `Bearer ${await mint({ scope: "read" })}` });
	await one.check(both);
	await two.check(both);
	await one.check(read);
	const refused = await two.check(read).catch((error) => error);
	assert.equal(refused.code, "insufficient_scope");
	assert.match(two.refuse(refused).headers.get("www-authenticate"), /^Bearer realm="shop".*scope="write"/);
	assert.throws(() => one.with({ scopes: "x" }), /^TypeError: scopes: unknown option/);
});
