// Answers of the OAuth server, altered on the wire: each is refused in the page, with the code that names why.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { decodeJwt, generateKeyPair } from "jose";
import {
	allowWithoutFollowing,
	amara,
	button,
	mei,
	signIn,
	startBrowser,
	startShop,
	untilRead,
	visiting,
} from "./harness.mjs";

let shop;
let browser;
let visit;

before(async () => {
	browser = await startBrowser();
	shop = await startShop();
	visit = visiting(browser);
});
after(async () => {
	await browser?.close();
	await shop?.stop();
});

async function refusedWith(page, code) {
	await page.getByRole("alert").getByText(code, { exact: true }).waitFor();
	assert.equal(await page.getByRole("table").count(), 0, "no table");
	assert.equal(await page.getByText(amara.name).count(), 0, "no name");
	assert.equal(await button(page, "Sign out").count(), 0, "not signed in");
	await page.locator("#flow li.step:nth-child(4)[data-state=refused]").waitFor();
	// and there is a way on
	await page.unrouteAll();
	await button(page, "My purchases").click();
	if (
		await button(page, "Allow")
			.or(page.getByRole("table"))
			.first()
			.waitFor()
			.then(() => button(page, "Allow").isVisible())
	) {
		await button(page, "Allow").click();
	}
	await untilRead(page);
}

describe("a tampered callback", { concurrency: 3 }, () => {
	const other = "A".repeat(43);
	const cases = {
		"another state": [(query) => query.set("state", other), "state_mismatch"],
		"no state": [(query) => query.delete("state"), "state_mismatch"],
		"another issuer": [(query) => query.set("iss", "https://elsewhere.example"), "response_issuer_mismatch"],
		"no issuer, though the server promises one": [(query) => query.delete("iss"), "response_issuer_mismatch"],
		"another code": [(query) => query.set("code", other), "token_request_failed"],
		"no code": [(query) => query.delete("code"), "response_invalid"],
		"two codes": [(query) => query.append("code", other), "response_invalid"],
	};
	for (const [name, [alter, code]] of Object.entries(cases)) {
		it(`${name}: ${code}`, () =>
			visit(async (page) => {
				await signIn(page, shop, amara);
				const callback = await allowWithoutFollowing(page, shop);
				alter(callback.searchParams);
				await page.goto(callback.href);
				await refusedWith(page, code);
			}));
	}

	it("unaltered, it signs in: the refusals above are for their one change", () =>
		visit(async (page) => {
			await signIn(page, shop, amara);
			await page.goto((await allowWithoutFollowing(page, shop)).href);
			await untilRead(page);
		}));

	it("another user's code, put into this user's callback: token_request_failed, for the verifier is another", () =>
		visit((theirs) =>
			visit(async (page) => {
				await signIn(theirs, shop, mei);
				const stolen = (await allowWithoutFollowing(theirs, shop)).searchParams.get("code");
				await signIn(page, shop, amara);
				const callback = await allowWithoutFollowing(page, shop);
				callback.searchParams.set("code", stolen);
				await page.goto(callback.href);
				await refusedWith(page, "token_request_failed");
			}),
		));
});

describe("a tampered ID token", { concurrency: 3 }, () => {
	const sign = (changes, options) => (token) => {
		const claims = Object.entries({ ...decodeJwt(token), ...changes }).filter(([, value]) => value !== undefined);
		return shop.sign(Object.fromEntries(claims), options);
	};
	const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const past = Math.floor(Date.now() / 1000) - 3600;
	const cases = {
		"a bit of the signature": [
			(token) => {
				const [header, payload, signature] = token.split(".");
				const bytes = Buffer.from(signature, "base64url");
				bytes[10] ^= 1;
				return `${header}.${payload}.${bytes.toString("base64url")}`;
			},
			"signature_invalid",
		],
		"no signature": [(token) => `${token.split(".").slice(0, 2).join(".")}.`, "signature_missing"],
		"another name, signature kept": [
			(token) => {
				const [header, , signature] = token.split(".");
				return `${header}.${encode({ ...decodeJwt(token), name: "Mallory" })}.${signature}`;
			},
			"signature_invalid",
		],
		"alg none": [(token) => `${encode({ alg: "none" })}.${token.split(".")[1]}.`, "alg_none"],
		"signed by another key": [
			async (token) => sign({}, { key: (await generateKeyPair("ES256")).privateKey })(token),
			"signature_invalid",
		],
		"another nonce": [sign({ nonce: "A".repeat(43) }), "nonce_mismatch"],
		"no nonce": [sign({ nonce: undefined }), "claim_missing"],
		"another at_hash": [sign({ at_hash: "A".repeat(22) }), "at_hash_mismatch"],
		"another audience": [sign({ aud: "somebody-else" }), "audience_mismatch"],
		"another issuer": [sign({ iss: "https://elsewhere.example" }), "issuer_mismatch"],
		"for another party": [sign({ azp: "other" }), "authorized_party_mismatch"],
		"beside an audience nobody trusts": [
			sign({ aud: ["storefront", "other"], azp: "storefront" }),
			"audience_mismatch",
		],
		expired: [sign({ iat: past, exp: past + 60 }), "token_expired"],
	};
	for (const [name, [alter, code]] of Object.entries(cases)) {
		it(`${name}: ${code}`, () =>
			visit(async (page) => {
				await alterTokens(page, async (tokens) => ({ ...tokens, id_token: await alter(tokens.id_token) }));
				await signIn(page, shop, amara);
				await button(page, "Allow").click();
				await refusedWith(page, code);
			}));
	}

	it("signed anew without a change, it signs in: the refusals above are for their one change", () =>
		visit(async (page) => {
			await alterTokens(page, async (tokens) => ({ ...tokens, id_token: await sign({})(tokens.id_token) }));
			await signIn(page, shop, amara);
			await button(page, "Allow").click();
			await untilRead(page);
		}));
});

describe("a tampered token response", { concurrency: 3 }, () => {
	const cases = {
		"no ID token": [({ id_token: _, ...rest }) => rest, "token_response_invalid"],
		"no access token": [({ access_token: _, ...rest }) => rest, "token_response_invalid"],
		"another token type": [(tokens) => ({ ...tokens, token_type: "mac" }), "token_response_invalid"],
		"another access token": [(tokens) => ({ ...tokens, access_token: `${tokens.access_token}A` }), "at_hash_mismatch"],
	};
	for (const [name, [alter, code]] of Object.entries(cases)) {
		it(`${name}: ${code}`, () =>
			visit(async (page) => {
				await alterTokens(page, alter);
				await signIn(page, shop, amara);
				await button(page, "Allow").click();
				await refusedWith(page, code);
			}));
	}
});

async function alterTokens(page, alter) {
	await page.route(`${shop.oauthServer}/token`, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, json: await alter(await response.json()) });
	});
}
