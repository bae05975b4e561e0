// Who listens to a guard hears what became of each request, and changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, edge, issuer, refusal, signer, start } from "./helpers.mjs";

const { guard } = edge;
const key = signer("k1");
const base = { issuer, audience, keys: key.jwk, now: () => start };
const requestWith = (claims) => {
	const token = key.token({ client_id: "shop", ...claims }, { typ: "at+jwt" });
	return new Request(audience, { headers: claims ? { authorization: `Bearer ${token}` } : {} });
};

test("onOutcome: what passed, was refused and by which code, or had no token", async () => {
	const heard = [];
	const onOutcome = ({ type, error }, request) => heard.push([type, error?.code ?? null, request.url]);
	const api = guard({
		...base,
		required: false,
		onOutcome,
		verdictCache: { maxEntries: 10 },
		check: ({ sub }) => (sub === "eve" ? "not eve" : undefined),
	});
	const good = requestWith({});
	await api.check(good);
	await api.check(good); // By a verdict that was kept.
	await api.check(requestWith());
	await refusal(() => api.check(requestWith({ exp: start })));
	await refusal(() => api.check(requestWith({ sub: "eve" })));
	const url = `${audience}/`;
	assert.deepEqual(heard, [
		["passed", null, url],
		["passed", null, url],
		["anonymous", null, url],
		["refused", "token_expired", url],
		["refused", "claim_refused", url],
	]);
});

test("a listener that throws or rejects is logged, and changes nothing", async (t) => {
	const logged = t.mock.method(console, "error", () => {});
	for (const onOutcome of [
		() => {
			throw new Error("full");
		},
		() => Promise.reject(new Error("full")),
	]) {
		const api = guard({ ...base, onOutcome });
		assert.equal((await api.check(requestWith({}))).claims.sub, "user-1");
		assert.equal(await refusal(() => api.check(requestWith({ exp: start }))), "token_expired");
	}
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal(logged.mock.callCount(), 4);
	assert.match(logged.mock.calls[0].arguments[0], /^countersign: onOutcome failed/);
});

test("onOutcome has to be a function", () => {
	assert.throws(() => guard({ ...base, onOutcome: true }), {
		name: "TypeError",
		message: "onOutcome: expected a function",
	});
});
