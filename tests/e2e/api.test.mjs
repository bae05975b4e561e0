// The running worker against tokens, proofs and logins that must not pass. RFC 6750 §3, RFC 9068 §4, RFC 9449 §7, RFC 9470 §3
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { decodeJwt, decodeProtectedHeader, generateKeyPair } from "jose";
import { accounts, amara, createProver, databaseRows, jonas, obtainTokens, startShop } from "./harness.mjs";

let shop;
let tokens; // what the OAuth server really issues
let prover; // the key that they are bound to
let claims; // those of its access token: each forgery changes one thing of them

before(async () => {
	shop = await startShop();
	prover = await createProver();
	tokens = await obtainTokens(shop, amara, { prover });
	claims = decodeJwt(tokens.access_token);
});
after(() => shop?.stop());

/** One request with this token and, unless another is given, a proof that the API has given a nonce for. */
async function ask(token, path = "/purchases", { by = prover, proof, ...init } = {}) {
	const url = shop.shopApi + path;
	const send = async (nonce) => {
		const dpop = proof ?? (await by.prove(init.method ?? "GET", url, { token, nonce }));
		return fetch(url, { ...init, headers: token === undefined ? {} : { authorization: `DPoP ${token}`, dpop } });
	};
	const response = await send();
	const asksForNonce = /error="use_dpop_nonce"/.test(response.headers.get("www-authenticate") ?? "");
	return asksForNonce && !proof ? send(response.headers.get("dpop-nonce")) : response;
}

const forge = (changes, header = {}) => {
	const forged = Object.fromEntries(
		Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined),
	);
	return shop.sign(forged, { typ: "at+jwt", ...header });
};

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function refused(response, status, code, challenge) {
	const body = await response.json();
	assert.equal(response.status, status, JSON.stringify(body));
	assert.equal(body.code, code, JSON.stringify(body));
	assert.match(response.headers.get("www-authenticate") ?? "", challenge);
	assert.match(response.headers.get("cache-control") ?? "", /no-store/);
	assert.equal(body.purchases, undefined);
	assert.ok(body.error_description, "the refusal says why");
}

describe("valid access tokens", () => {
	it("give the rows of their subject, and nobody else's", async () => {
		for (const account of accounts) {
			const { access_token: token } = await obtainTokens(shop, account, { prover });
			const response = await ask(token);
			assert.equal(response.status, 200);
			const { purchases, next } = await response.json();
			assert.equal(next, null);
			assert.deepEqual(
				purchases.map(({ orderNumber }) => orderNumber),
				(await databaseRows(shop, account)).map(({ orderNumber }) => orderNumber),
			);
			assert.equal(purchases.length, account.orders);
		}
	});

	it("signed by the test with the server's key pass too, so the refusals below are for their one change", async () => {
		assert.equal((await ask(await forge({}))).status, 200);
		assert.deepEqual(await (await ask(await forge({ sub: "usr_unknown" }))).json(), { purchases: [], next: null });
	});

	it("read page by page, each row once", async () => {
		const seen = [];
		let cursor = "";
		do {
			const page = await (await ask(tokens.access_token, `/purchases?limit=7${cursor}`)).json();
			assert.ok(page.purchases.length <= 7);
			seen.push(...page.purchases.map(({ orderNumber }) => orderNumber));
			cursor = page.next && `&cursor=${encodeURIComponent(page.next)}`;
		} while (cursor);
		assert.deepEqual(
			seen,
			(await databaseRows(shop, amara)).map(({ orderNumber }) => orderNumber),
		);
	});

	it("get 400 for a limit or cursor that makes no sense", async () => {
		for (const query of ["limit=0", "limit=101", "limit=x", "limit=", "cursor=x", "cursor=W10=", "cursor=%00"]) {
			const response = await ask(tokens.access_token, `/purchases?${query}`);
			assert.equal(response.status, 400, query);
			assert.equal((await response.json()).error, "bad_query");
		}
	});

	it("get 405 and 404 where there is nothing to read", async () => {
		assert.equal((await ask(tokens.access_token, "/purchases", { method: "POST" })).status, 405);
		assert.equal((await ask(undefined, "/nothing")).status, 404);
	});
});

describe("everything else is refused with a challenge", () => {
	const invalid = /^DPoP .*error="invalid_token"/;

	it("no token: 401 without an error code", async () => {
		const response = await ask();
		assert.doesNotMatch(response.headers.get("www-authenticate"), /error=/, "RFC 6750 §3.1");
		await refused(response, 401, "token_missing", /^DPoP\b/);
	});
	it("points to its metadata, which names the OAuth server", async () => {
		const challenge = (await ask()).headers.get("www-authenticate");
		const [, url] = /resource_metadata="([^"]+)"/.exec(challenge);
		const metadata = await (await fetch(url)).json();
		assert.equal(metadata.resource, shop.shopApi);
		assert.deepEqual(metadata.authorization_servers, [shop.oauthServer]);
	});

	const cases = {
		garbage: [() => "garbage", "token_malformed"],
		dots: [() => "..", "token_malformed"],
		expired: [() => forge({ exp: Math.floor(Date.now() / 1000) - 1 }), "token_expired"],
		"not yet valid": [() => forge({ nbf: Math.floor(Date.now() / 1000) + 60 }), "token_not_yet_valid"],
		"wrong audience": [() => forge({ aud: "https://elsewhere.example" }), "audience_mismatch"],
		"no audience": [() => forge({ aud: undefined }), "claim_missing"],
		"wrong issuer": [() => forge({ iss: "https://elsewhere.example" }), "issuer_mismatch"],
		"issuer with a slash more": [() => forge({ iss: `${shop.oauthServer}/` }), "issuer_mismatch"],
		"wrong key, same kid": [
			async () => forge({}, { key: (await generateKeyPair("ES256")).privateKey }),
			"signature_invalid",
		],
		"another's subject": [
			async () => {
				const [header, , signature] = tokens.access_token.split(".");
				return `${header}.${encode({ ...claims, sub: jonas.sub })}.${signature}`;
			},
			"signature_invalid",
		],
		"alg none": [() => `${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims)}.`, "alg_none"],
		"alg HS256 with the public key": [
			() => {
				const input = `${encode({ alg: "HS256", typ: "at+jwt", kid: "test-key" })}.${encode(claims)}`;
				return `${input}.${createHmac("sha256", JSON.stringify(shop.publicJwk)).update(input).digest("base64url")}`;
			},
			"alg_not_allowed",
		],
		"an ID token": [() => tokens.id_token, "typ_mismatch"],
		"a refresh token": [() => tokens.refresh_token, "token_malformed"],
	};
	for (const [name, [make, code]] of Object.entries(cases)) {
		it(`${name}: 401 ${code}`, async () => refused(await ask(await make()), 401, code, invalid));
	}

	it("unknown kid: 503 while nobody can know, then 401", async () => {
		const [, payload, signature] = tokens.access_token.split(".");
		const header = encode({ ...decodeProtectedHeader(tokens.access_token), kid: "other" });
		const response = await ask(`${header}.${payload}.${signature}`);
		const { code } = await response.json();
		// Whether the API may ask the OAuth server again depends on how long ago it did.
		if (response.status === 401) return assert.equal(code, "key_not_found");
		assert.deepEqual([response.status, code], [503, "keys_unavailable"]);
		assert.match(response.headers.get("retry-after"), /^([1-9]|[12]\d|30)$/);
	});

	it("missing scope: 403 insufficient_scope, naming the scope", async () => {
		const without = await obtainTokens(shop, amara, { prover, scope: "openid profile" });
		await refused(
			await ask(without.access_token),
			403,
			"insufficient_scope",
			/^DPoP .*error="insufficient_scope".*scope="purchases:read"/,
		);
	});

	it("never says the token back", async () => {
		const token = await forge({ exp: 1 });
		const response = await ask(token);
		const said = JSON.stringify([...response.headers]) + (await response.text());
		assert.ok(!said.includes(token.split(".")[1]) && !said.includes(token.split(".")[2]));
	});

	it("two tokens, or a token elsewhere than in the header, are no token", async () => {
		assert.equal((await ask(undefined, `/purchases?access_token=${tokens.access_token}`)).status, 401);
		assert.notEqual((await ask(`${tokens.access_token}, DPoP ${tokens.access_token}`)).status, 200);
	});

	it("another origin gets no CORS permission, the storefront does", async () => {
		for (const [origin, allowed] of [
			["https://elsewhere.example", null],
			[shop.storefront, shop.storefront],
		]) {
			const response = await fetch(`${shop.shopApi}/purchases`, { headers: { origin } });
			assert.equal(response.headers.get("access-control-allow-origin"), allowed);
		}
	});
});

describe("a token is of no use without its key", () => {
	const proofOf = async (changes = {}, by = prover) => {
		const { headers } = await ask(tokens.access_token);
		const nonce = headers.get("dpop-nonce");
		return by.prove("GET", `${shop.shopApi}/purchases`, { token: tokens.access_token, nonce, ...changes });
	};

	it("as a bearer token: 401 token_bound", async () => {
		const headers = { authorization: `Bearer ${tokens.access_token}` };
		const response = await fetch(`${shop.shopApi}/purchases`, { headers });
		await refused(response, 401, "token_bound", /^DPoP .*error="invalid_token"/);
	});

	it("a bearer token of the server's: 401, for every token needs a key here", async () => {
		const { cnf, ...unbound } = claims;
		assert.equal(cnf.jkt, prover.jkt);
		const token = await shop.sign(unbound, { typ: "at+jwt" });
		const response = await fetch(`${shop.shopApi}/purchases`, { headers: { authorization: `Bearer ${token}` } });
		assert.deepEqual([response.status, (await response.json()).purchases], [401, undefined]);
		assert.match(response.headers.get("www-authenticate"), /^DPoP .*error="invalid_token"/);
	});

	it("with a proof by another key: 401 dpop_key_mismatch", async () => {
		const proof = await proofOf({}, await createProver());
		const response = await ask(tokens.access_token, "/purchases", { proof });
		await refused(response, 401, "dpop_key_mismatch", /^DPoP /);
	});

	it("with a proof without nonce, or with one of its own making: 401, and a nonce to use", async () => {
		for (const nonce of [undefined, "n".repeat(43)]) {
			const response = await ask(tokens.access_token, "/purchases", { proof: await proofOf({ nonce }) });
			assert.match(response.headers.get("dpop-nonce"), /^[\w-]{20,}$/);
			await refused(response, 401, "dpop_nonce_mismatch", /^DPoP .*error="use_dpop_nonce"/);
		}
	});

	it("with a proof that was used: 401 dpop_replayed, also of requests at the same moment", async () => {
		const proof = await proofOf();
		const answers = await Promise.all([1, 2, 3, 4].map(() => ask(tokens.access_token, "/purchases", { proof })));
		assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
		for (const answer of answers.filter(({ status }) => status === 401)) {
			await refused(answer, 401, "dpop_replayed", /^DPoP .*error="invalid_dpop_proof"/);
		}
	});
});

describe("the details of an order need a login that was just confirmed", () => {
	const acr = "urn:countersign:demo:confirmed";
	const now = () => Math.floor(Date.now() / 1000);
	const demand =
		/^DPoP .*error="insufficient_user_authentication".*acr_values="urn:countersign:demo:confirmed", max_age="300"/;
	const pathOf = async (account) => `/purchases/${(await databaseRows(shop, account))[0].orderNumber}`;

	it("by password alone, or confirmed longer ago: 401, and what is needed", async () => {
		for (const [token, code] of [
			[tokens.access_token, "acr_mismatch"],
			[await forge({ acr: "other", auth_time: now() }), "acr_mismatch"],
			[await forge({ acr, auth_time: now() - 301 }), "auth_time_too_old"],
		]) {
			const response = await ask(token, await pathOf(amara));
			const body = await response.json();
			assert.deepEqual([response.status, body.error], [401, "insufficient_user_authentication"], JSON.stringify(body));
			assert.match(response.headers.get("www-authenticate"), demand);
			assert.ok([code, "claim_missing"].includes(body.code), body.code);
			assert.equal(body.recipient, undefined);
		}
	});

	it("confirmed: where it went and how it was paid; another user's order is none", async () => {
		const token = await forge({ acr, auth_time: now() });
		const details = await (await ask(token, await pathOf(amara))).json();
		assert.equal(details.recipient, amara.name);
		assert.match(details.paidWith, /^card ending in \d{4}$/);
		for (const path of [await pathOf(jonas), "/purchases/nothing"]) assert.equal((await ask(token, path)).status, 404);
	});
});
