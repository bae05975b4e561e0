// The header that a verdict gives out is that of its own token, whichever came before, in whichever form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, edge, issuer, signer, start } from "./helpers.mjs";

const [one, two] = [signer("k1"), signer("k2")];
const base = { issuer, audience, keys: { keys: [one.jwk, two.jwk] }, now: () => start };
const typ = "at+jwt";
const claims = { client_id: "shop" };
const bytes = (text) => new TextEncoder().encode(text);

test("tokens of two keys in turn, as text and as bytes", async () => {
	const verifier = countersign.createVerifier(base);
	const api = edge.guard(base);
	const headerOf = async (token, verify) => {
		if (verify !== "guard") return (await verifier[verify](token)).header;
		return (await api.check(new Request(audience, { headers: { authorization: `Bearer ${token}` } }))).header;
	};
	for (const verify of ["verify", "verifySync", "guard"]) {
		const forms = verify === "guard" ? [String] : [String, bytes];
		for (const form of forms) {
			for (const [key, more] of [
				[one, { typ }],
				[two, { typ }],
				[two, { typ }],
				[one, { typ, own: { a: [1] } }],
				[one, { typ }],
			]) {
				const header = await headerOf(form(key.token(claims, more)), verify);
				assert.deepEqual(header, { alg: "ES256", kid: key.jwk.kid, ...more });
			}
		}
	}
});

test("nobody changes the header of another's verdict", () => {
	const own = { a: [1], b: null };
	const verifier = countersign.createVerifier(base);
	for (let times = 0; times < 3; times++) {
		const { header } = verifier.verifySync(one.token({}, { own }));
		assert.deepEqual(header, { alg: "ES256", kid: "k1", own });
		header.own.a.push(2);
		header.kid = "k3";
	}
});

test("the header of one issuer's tokens in a row is parsed once", ({ mock }) => {
	const verifier = countersign.createVerifier(base);
	const parse = mock.method(JSON, "parse");
	for (let at = 0; at < 5; at++) verifier.verifySync(one.token({ sub: `user-${at}` }));
	const headers = parse.mock.calls.filter(({ arguments: [text] }) => text.includes('"kid"'));
	assert.equal(headers.length, 1);
});
