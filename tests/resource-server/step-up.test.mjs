// Step-up (RFC 9470): what a guard and single routes ask of the user's login, read by oauth4webapi from the challenge.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as oauth from "oauth4webapi";
import { countersign, edge } from "../js/helpers.mjs";
import { accessToken, base } from "./material.mjs";
import { serve } from "./server.mjs";

const { guard } = edge;
const seconds = () => Math.floor(Date.now() / 1000);
const [gold, silver] = ["urn:example:gold", "urn:example:silver"];

const api = guard(base);
const routes = {
	"/purchases": api,
	"/details": api.with({ acr: [gold, silver] }),
	"/account": api.with({ acr: gold, maxAge: 60 }),
	"/recent": api.with({ maxAge: 60 }),
};
const origin = await serve(async (request) => {
	const route = routes[new URL(request.url).pathname];
	try {
		return Response.json((await route.check(request)).claims);
	} catch (error) {
		return route.refuse(error);
	}
});

/** How a client that knows RFC 6750 §3 reads the answer. */
async function call(path, token) {
	const options = { [oauth.allowInsecureRequests]: true };
	try {
		const { status } = await oauth.protectedResourceRequest(
			token,
			"GET",
			new URL(origin + path),
			undefined,
			null,
			options,
		);
		return status;
	} catch (error) {
		const [{ scheme, parameters }] = error.cause;
		const { error: name, acr_values, max_age } = parameters;
		const { code } = await error.response.json();
		return [error.status, scheme, name, code, acr_values, max_age];
	}
}

const refused = (code, ...asked) => [401, "bearer", "insufficient_user_authentication", code, ...asked];

test("each route asks for its own login", async () => {
	const fresh = { auth_time: seconds() - 30 };
	const stale = { auth_time: seconds() - 90 };
	for (const [path, claims, expected] of [
		["/purchases", {}, 200],
		["/details", { acr: gold }, 200],
		["/details", { acr: silver }, 200],
		["/details", { acr: "urn:example:bronze" }, refused("acr_mismatch", `${gold} ${silver}`, undefined)],
		["/details", {}, refused("acr_mismatch", `${gold} ${silver}`, undefined)],
		["/account", { acr: gold, ...fresh }, 200],
		["/account", { acr: gold, ...stale }, refused("auth_time_too_old", gold, "60")],
		["/account", { acr: silver, ...fresh }, refused("acr_mismatch", gold, "60")],
		["/recent", fresh, 200],
		["/recent", stale, refused("auth_time_too_old", undefined, "60")],
		["/recent", {}, refused("auth_time_too_old", undefined, "60")],
	]) {
		assert.deepEqual(await call(path, await accessToken(claims)), expected, `${path} ${JSON.stringify(claims)}`);
	}
	const [status, , name] = await call("/account", await accessToken({ auth_time: "now", acr: gold }));
	assert.deepEqual([status, name], [401, "invalid_token"]);
});

test("explain lists both rules, by RFC 9470, and a kept verdict grows old", async () => {
	const options = { ...base, profile: "access-token", acr: gold, maxAge: 60 };
	const token = await accessToken({ acr: silver, auth_time: seconds() });
	const { checks } = await countersign.createVerifier(options).explain(token);
	const row = (name) => checks.find((check) => check.name === name);
	assert.deepEqual(row("authentication context"), {
		name: "authentication context",
		spec: "RFC 9470 §3",
		status: "failed",
		found: silver,
		expected: gold,
	});
	assert.deepEqual([row("authentication time").status, row("authentication time").spec], ["passed", "RFC 9470 §3"]);

	let now = seconds();
	const cached = guard({ ...base, maxAge: 60, now: () => now, verdictCache: { maxEntries: 10 } });
	const good = await accessToken({ auth_time: now });
	const request = {
		method: "GET",
		url: "https://api.example.com/",
		headers: new Headers({ authorization: `Bearer ${good}` }),
	};
	for (const later of [0, 60]) {
		now += later;
		assert.equal((await cached.check(request)).claims.sub, "user-1");
	}
	now += 1;
	await assert.rejects(cached.check(request), { code: "auth_time_too_old" });
});

test("a logout token says nothing about a login", () => {
	for (const wrong of [{ acr: gold }, { maxAge: 1 }]) {
		assert.throws(
			() => guard({ ...base, profile: "logout-token", ...wrong }),
			/^TypeError: \w+: has no effect with the profile logout-token/,
		);
	}
});
