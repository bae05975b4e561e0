// error.help: where the page about a refusal is, and that it is there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inRoot } from "../consumers/helpers.mjs";
import { audience, countersign, createLogin, edge, issuer, network, signer, start } from "./helpers.mjs";

const { createVerifier, TokenError, verifySignature } = countersign;
const key = signer("k1");
const options = { issuer, audience, keys: key.jwk, now: () => start };
const { version } = JSON.parse(await readFile(inRoot("pkg", "package.json"), "utf8"));

/** The page of a refusal, as the package of this version holds it. */
async function pageOf(error) {
	const prefix = `https://unpkg.com/countersign@${version}/`;
	assert.ok(error.help?.startsWith(prefix), error.help);
	return readFile(join(inRoot("pkg"), error.help.slice(prefix.length)), "utf8");
}

const refusalOf = (work) =>
	Promise.resolve()
		.then(work)
		.then(assert.fail, (error) => error);

test("the crate and the npm package have one version", async () => {
	const cargo = await readFile(inRoot("Cargo.toml"), "utf8");
	assert.equal(version, /^\[package\][^[]*?^version = "([^"]+)"/ms.exec(cargo)[1]);
});

test("each refusal names its page, which is in the package", async () => {
	const expired = key.token({ exp: start - 1 });
	const verifier = createVerifier(options);
	const { error } = await verifier.explain(expired);
	const refusals = [
		error,
		await refusalOf(() => verifier.verify(expired)),
		await refusalOf(() => verifier.verifySync(expired)),
		await refusalOf(() => verifySignature("a", key.jwk)),
		await refusalOf(() => createVerifier({ ...options, keys: "{}" })),
		await refusalOf(() => createVerifier({ ...options, check: () => "no" }).verify(key.token())),
		await refusalOf(() => createVerifier({ issuer, audience, fetch: network({}).fetch }).verify(key.token())),
		await refusalOf(() =>
			createLogin({ issuer, clientId: "c", redirectUri: "https://shop.example.com/", resource: audience }).fetch(
				audience,
			),
		),
	];
	for (const refusal of refusals) {
		const page = await pageOf(refusal);
		assert.ok(page.startsWith(`# \`${refusal.code}\`\n`), page.slice(0, 80));
		if (refusal !== error) assert.ok(refusal instanceof TokenError);
	}
});

test("strangers are sent no address", async () => {
	const guard = edge.guard({ ...options, typ: null, profile: "jwt" });
	const request = new Request(audience, { headers: { authorization: `Bearer ${key.token({ exp: 1 })}` } });
	const error = await refusalOf(() => guard.check(request));
	await pageOf(error);
	const response = guard.refuse(error);
	const sent = JSON.stringify([...response.headers]) + (await response.text());
	assert.ok(sent.includes("token_expired") && !sent.includes("unpkg") && !sent.includes(".md"), sent);
});
