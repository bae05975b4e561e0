// Several issuers: options of each, templates, and a function that knows those in a database.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { audience, countersign, edge, issuer, json, network, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createVerifier } = countersign;
const { guard, protect } = edge;

const [key, other] = [signer("k1"), signer("k2")];
const now = () => start;
const template = "https://login.example/{tid}/v2.0";
const of = (tid) => template.replace("{tid}", tid);
const tokenOf = (tid, claims = {}, signedBy = key) => signedBy.token({ iss: of(tid), tid, ...claims });
const ours = { tid: ["acme", "globex"] };

/** What a token is refused with: code, claim, found and expected. */
async function refusalOf(verifier, token) {
	try {
		await verifier.verify(token);
	} catch (error) {
		if (!(error instanceof countersign.TokenError)) throw error;
		return error;
	}
	return { code: "accepted" };
}
const codeOf = async (verifier, token) => (await refusalOf(verifier, token)).code;

/** An issuer a tenant, each with metadata and keys of its own. */
const tenants = (keys) =>
	network(
		Object.fromEntries(
			Object.entries(keys).flatMap(([tid, { jwk }]) => [
				[`${of(tid)}/.well-known/openid-configuration`, () => json({ issuer: of(tid), jwks_uri: `${of(tid)}/keys` })],
				[`${of(tid)}/keys`, () => json({ keys: [jwk] })],
			]),
		),
	);

test("an entry has options of its own, and what it lacks is shared", async () => {
	const verifier = createVerifier({
		issuer: [
			{ issuer: "https://a.example", keys: key.jwk, scope: "orders", typ: "at+jwt", clockTolerance: 60 },
			{ issuer: "https://b.example", keys: other.jwk, claims: { role: "seller" }, audience: "b" },
			{ issuer: "https://c.example", keys: key.jwk, provider: "okta", authorizedParty: "shop" },
			{ issuer: "https://d.example", keys: key.jwk, profile: "id-token", maxAge: 60 },
			{
				issuer: "https://e.example",
				keys: key.jwk,
				anyScope: ["x", "y"],
				subject: "user-1",
				requiredClaims: ["exp", "z"],
			},
		],
		audience,
		claims: { role: "buyer" },
		now,
	});
	const a = { iss: "https://a.example", role: "buyer", scope: "orders profile" };
	const b = { iss: "https://b.example", role: "seller", aud: "b" };
	const c = { iss: "https://c.example", role: "buyer", cid: "shop" };
	const d = { iss: "https://d.example", role: "buyer", auth_time: start - 10 };
	const e = { iss: "https://e.example", role: "buyer", scope: "y", z: 1 };
	const at = { typ: "at+jwt" };
	for (const [what, token, code] of [
		["a", key.token(a, at), "accepted"],
		["a, within its tolerance", key.token({ ...a, exp: start - 30 }, at), "accepted"],
		["a, without its scope", key.token({ ...a, scope: "profile" }, at), "insufficient_scope"],
		["a, of another type", key.token(a, { typ: "JWT" }), "typ_mismatch"],
		["a, by the rule that all share", key.token({ ...a, role: "seller" }, at), "claim_refused"],
		["a, with b's audience", key.token({ ...a, aud: "b" }, at), "audience_mismatch"],
		["a, by b's key", other.token(a, at), "key_not_found"],
		["b", other.token(b), "accepted"],
		["b, by the rule that a shares", other.token({ ...b, role: "buyer" }), "claim_refused"],
		["b, without a's tolerance", other.token({ ...b, exp: start - 30 }), "token_expired"],
		["b, with the shared audience", other.token({ ...b, aud: audience }), "audience_mismatch"],
		["c, by its provider's claim", key.token(c), "accepted"],
		["c, another client", key.token({ ...c, cid: "evil" }), "authorized_party_mismatch"],
		["c, an ID token", key.token({ ...c, cid: undefined }), "claim_missing"],
		["d", key.token(d), "accepted"],
		["d, an old login", key.token({ ...d, auth_time: start - 100 }), "auth_time_too_old"],
		["e", key.token(e), "accepted"],
		["e, neither scope", key.token({ ...e, scope: "z" }), "insufficient_scope"],
		["e, another subject", key.token({ ...e, sub: "user-2" }), "subject_mismatch"],
		["e, without what it requires", key.token({ ...e, z: undefined }), "claim_missing"],
		["nobody's", key.token({ ...a, iss: "https://x.example" }, at), "issuer_mismatch"],
	]) {
		assert.equal(await codeOf(verifier, token), code, what);
		const explanation = await verifier.explain(token);
		assert.equal(explanation.valid ? "accepted" : explanation.code, code, what);
	}
	// What was not reached are the rules of the issuer whose token it is.
	const checks = (await verifier.explain(other.token({ ...b, aud: "x" }))).checks.map(({ name }) => name);
	assert.ok(checks.includes("claim role") && !checks.includes("scope"), checks.join());
});

test("a route's demands replace those of every issuer", async () => {
	const token = { header: "x-token" };
	const all = guard({
		issuer: [
			{ issuer, keys: key.jwk, scope: "a" },
			{ issuer: "https://b.example", keys: other.jwk, scope: "b", claims: { role: "buyer" } },
		],
		audience,
		profile: "jwt",
		token,
		now,
	});
	const ask = (guard, token) => {
		const headers = new Headers({ authorization: `Bearer ${token}` });
		return refusal(() => guard.check({ method: "GET", url: audience, headers }));
	};
	const [a, b] = [key.token({ scope: "a" }), other.token({ iss: "https://b.example", scope: "b", role: "buyer" })];
	assert.deepEqual([await ask(all, a), await ask(all, b)], ["accepted", "accepted"]);
	const route = all.with({ scope: "c" });
	assert.deepEqual([await ask(route, a), await ask(route, b)], ["insufficient_scope", "insufficient_scope"]);
	assert.equal(await ask(route, key.token({ scope: "c" })), "accepted");
	const again = route.with({ claims: { role: "seller" } });
	assert.equal(await ask(again, other.token({ iss: "https://b.example", scope: "c", role: "seller" })), "accepted");
	assert.equal(
		await ask(again, other.token({ iss: "https://b.example", scope: "b", role: "seller" })),
		"insufficient_scope",
	);
	assert.equal(await ask(again, other.token({ iss: "https://b.example", scope: "c", role: "buyer" })), "claim_refused");
	assert.throws(() => all.with({ scopes: "c" }), /^TypeError: scopes: unknown option; did you mean scope\?/);
});

test("a provider of one entry has its places for tokens", async () => {
	const access = {
		issuer: "https://team.cloudflareaccess.com",
		provider: "cloudflare-access",
		keys: key.jwk,
		algorithms: "ES256",
	};
	const own = { issuer, keys: other.jwk, profile: "jwt" };
	const all = guard({ issuer: [own, access], audience, now });
	const ask = (headers) => refusal(() => all.check({ method: "GET", url: audience, headers: new Headers(headers) }));
	const token = key.token({ iss: access.issuer, type: "app" });
	assert.equal(await ask({ "cf-access-jwt-assertion": token }), "accepted");
	assert.equal(await ask({ authorization: `Bearer ${other.token()}` }), "accepted");
	assert.equal(
		await ask({ authorization: `Bearer ${other.token()}`, "cf-access-jwt-assertion": token }),
		"request_invalid",
	);
	const iap = { issuer: "https://cloud.google.com/iap", provider: "google-iap", keys: key.jwk };
	assert.throws(
		() => guard({ issuer: [access, iap], audience }),
		/^TypeError: token: required: the providers' tokens travel/,
	);
	guard({ issuer: [access, iap], audience, token: { header: "x-token" } });
});

test("a template is filled with the token's own claim", async () => {
	const verifier = createVerifier({ issuer: template, audience, keys: key.jwk, anyTenant: true, now });
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	assert.equal(await codeOf(verifier, tokenOf("9188040d-6c67-4c5b-b112-36a304b66dad")), "accepted");
	for (const claims of [
		{ tid: "globex" },
		{ tid: "ACME" },
		{ tid: undefined },
		{ tid: 5 },
		{ tid: null },
		{ tid: ["acme"] },
		{ tid: "" },
		{ iss: of("globex") },
		{ iss: `${of("acme")}/` },
		{ iss: template },
		{ iss: template, tid: "{tid}" },
		{ iss: of("a/b"), tid: "a/b" },
		{ iss: of("a%2fb"), tid: "a%2fb" },
		{ iss: of("a?b"), tid: "a?b" },
		{ iss: of("a#b"), tid: "a#b" },
		{ iss: of(".."), tid: ".." },
		{ iss: of("."), tid: "." },
		{ iss: of("é"), tid: "é" },
		{ iss: of("a b"), tid: "a b" },
		{ iss: of("x".repeat(129)), tid: "x".repeat(129) },
		{ iss: "https://evil.example/acme/v2.0" },
	]) {
		const error = await refusalOf(verifier, tokenOf("acme", claims));
		assert.equal(error.code, "issuer_mismatch", JSON.stringify(claims));
		assert.equal(error.claim, "iss");
		assert.match(error.expected, /^https:\/\/login\.example\/\{tid\}\/v2\.0 by the claim tid/);
	}
	assert.equal(await codeOf(verifier, tokenOf("x".repeat(128))), "accepted");
	assert.equal(await codeOf(verifier, tokenOf("acme", { iss: undefined })), "claim_missing");
	// The signature comes first.
	assert.equal(await codeOf(verifier, tokenOf("acme", { tid: "x" }, signer("k1"))), "signature_invalid");
	const { checks } = await verifier.explain(tokenOf("acme"));
	const check = checks.find(({ name }) => name === "issuer");
	assert.deepEqual([check.found, check.expected], [of("acme"), `${template} by the claim tid acme`]);
});

test("which templates there are", () => {
	const make = (issuer, more) => () => createVerifier({ issuer, audience, keys: key.jwk, anyTenant: true, ...more });
	for (const good of [
		template,
		"https://login.example/{tid}",
		"https://login.example/t-{tid}-x/{policy}/",
		"https://{org}.login.example/",
		"https://{org}.{region}.login.example",
		"http://localhost:4101/{tid}",
	]) {
		assert.ok(make(good)(), good);
	}
	for (const wrong of [
		"https://login.example/{tid",
		"https://login.example/tid}",
		"https://login.example/{}",
		"https://login.example/{{tid}}",
		"https://login.example/{a}{b}",
		"https://login.example/{a}-{b}",
		"https://login.example/?t={tid}",
		"https://login.example/#{tid}",
		"https://u@login.example/{tid}",
		"https://{host}/v2.0",
		"https://{host}",
		"https://login.{domain}",
		"https://login.{domain}/",
		"https://{org}.example/",
		"https://x{org}.login.example/",
		"https://{org}x.login.example/",
		"https://login.example:{port}/",
		"{scheme}://login.example/",
		"{iss}",
		"ftp://login.example/{tid}",
		"https://login.example/{a}/{b}/{c}/{d}/{e}",
	]) {
		assert.throws(make(wrong), /^TypeError: issuer: expected/, wrong);
		assert.throws(make([issuer, wrong]), /^TypeError: issuer\[1\]: expected/, wrong);
	}
	const org = createVerifier({ issuer: "https://{org}.login.example", audience, keys: key.jwk, anyTenant: true, now });
	const at = (org) => key.token({ iss: `https://${org}.login.example`, org });
	return Promise.all([
		codeOf(org, at("acme")).then((code) => assert.equal(code, "accepted")),
		...["a.b", "a_b", "evil.example/", "evil.example?"].map(async (name) =>
			assert.equal(await codeOf(org, at(name)), "issuer_mismatch", name),
		),
	]);
});

test("which tenants are ours has to be said", () => {
	const base = { issuer: template, audience, keys: key.jwk };
	assert.throws(() => createVerifier(base), /^TypeError: claims: expected a rule about each claim of the issuer/);
	assert.throws(
		() => createVerifier({ ...base, claims: { tid: { present: true } } }),
		/^TypeError: claims: expected a rule/,
	);
	assert.throws(() => createVerifier({ ...base, claims: { "tid.x": "a" } }), /^TypeError: claims: expected a rule/);
	createVerifier({ ...base, claims: ours });
	createVerifier({ ...base, claims: { tid: { pattern: "eu-*" } } });
	createVerifier({ ...base, issuer: "https://login.example/{sub}", subject: "user-1" });
	for (const [given, path] of [
		[{ ...base, claims: ours, anyTenant: true }, "anyTenant"],
		[{ ...base, issuer, anyTenant: true }, "anyTenant"],
		[{ ...base, issuer: [{ issuer: template, claims: ours, anyTenant: true }] }, "issuer[0].anyTenant"],
		[{ ...base, issuer: { issuer, anyTenant: true } }, "issuer.anyTenant"],
		[{ ...base, claims: ours, issuerTable: {} }, "issuerTable"],
		[{ issuer: { issuer, keys: key.jwk, keySets: {} }, audience }, "issuer.keySets"],
	]) {
		assert.throws(
			() => createVerifier(given),
			(error) => error instanceof TypeError && error.message.startsWith(`${path}: has no effect`),
		);
	}
	const route = guard({ ...base, claims: ours });
	assert.throws(() => route.with({ claims: { role: "a" } }), /^TypeError: claims: expected a rule/);
});

test("one key set for all tenants, by its address or by whose metadata it is", async () => {
	const at = "https://login.example/common/v2.0";
	const metadata = (named) => ({
		[`${at}/.well-known/openid-configuration`]: () => json({ issuer: named, jwks_uri: "https://login.example/keys" }),
		"https://login.example/keys": () => json({ keys: [key.jwk] }),
	});
	const base = { issuer: template, audience, claims: ours, now };
	for (const named of ["https://login.example/{tenantid}/v2.0", template, "https://login.example/{x}/v2.0", at]) {
		const { fetch, calls } = network(metadata(named));
		const verifier = createVerifier({ ...base, metadataIssuer: at, fetch });
		for (const tid of ["acme", "globex", "acme"]) assert.equal(await codeOf(verifier, tokenOf(tid)), "accepted", named);
		assert.equal(calls.filter((url) => url.endsWith("/keys")).length, 1);
		assert.equal(await codeOf(verifier, tokenOf("evil")), "claim_refused");
		assert.deepEqual(
			verifier.status().map(({ issuer, state }) => [issuer, state]),
			[[template, "fresh"]],
		);
	}
	for (const named of ["https://login.example/{tenantid}/v1.0", "https://evil.example/{tenantid}/v2.0", issuer]) {
		const verifier = createVerifier({ ...base, metadataIssuer: at, fetch: network(metadata(named)).fetch });
		assert.equal(await codeOf(verifier, tokenOf("acme")), "keys_unavailable", named);
	}
	const direct = network(metadata(at));
	const verifier = createVerifier({ ...base, jwksUri: "https://login.example/keys", fetch: direct.fetch });
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	assert.deepEqual(direct.calls, ["https://login.example/keys"]);
	for (const wrong of [{ jwksUri: "https://login.example/keys" }, { keys: key.jwk }]) {
		assert.throws(
			() => createVerifier({ ...base, ...wrong, metadataIssuer: at }),
			/^TypeError: metadataIssuer: has no effect/,
		);
	}
	assert.throws(
		() => createVerifier({ ...base, metadataIssuer: "http://login.example" }),
		/^TypeError: metadataIssuer: expected an https URL/,
	);
});

test("metadata that is about a template says what to set", async () => {
	const { fetch } = network({
		"https://login.example/common/v2.0/.well-known/openid-configuration": () =>
			json({ issuer: "https://login.example/{tenantid}/v2.0", jwks_uri: "https://login.example/keys" }),
	});
	const verifier = createVerifier({ issuer: "https://login.example/common/v2.0", audience, fetch, now });
	const error = await refusalOf(verifier, tokenOf("acme", { iss: "https://login.example/common/v2.0" }));
	assert.equal(error.code, "keys_unavailable");
	assert.match(error.found, /metadata_invalid \(issuer\), https:\/\/login\.example\/\{tenantid\}\/v2\.0/);
	assert.match(error.expected, /for many tenants, that template as issuer, and this one as metadataIssuer/);
});

test("a key that names its issuer checks that issuer's tokens alone", async () => {
	const marked = (issuer, signedBy = key) => ({ ...signedBy.jwk, issuer });
	const verdict = (keys, claims, options) =>
		codeOf(createVerifier({ issuer: null, audience, keys: { keys }, now, ...options }), key.token(claims));
	const acme = { iss: of("acme"), tid: "acme" };
	for (const [named, claims, code] of [
		["https://login.example/{tenantid}/v2.0", acme, "accepted"],
		[template, acme, "accepted"],
		[of("acme"), acme, "accepted"],
		[null, acme, "accepted"],
		[of("globex"), acme, "issuer_mismatch"],
		["https://login.example/{tenantid}/v1.0", acme, "issuer_mismatch"],
		["https://login.example/{tenantid}/v2.0", { ...acme, tid: "globex" }, "issuer_mismatch"],
		["https://login.example/{tenantid}/v2.0", { ...acme, tid: undefined }, "issuer_mismatch"],
		["https://login.example/{tenantid/v2.0", acme, "issuer_mismatch"],
		["", acme, "issuer_mismatch"],
		[issuer, { iss: undefined }, "issuer_mismatch"],
		[5, acme, "key_invalid"],
	]) {
		const found = await verdict([marked(named), other.jwk], claims).catch((error) => error.code);
		assert.equal(found === "key_not_found" ? "key_invalid" : found, code, `${named} ${JSON.stringify(claims)}`);
	}
	const verifier = createVerifier({ issuer: null, audience, keys: marked(of("globex")), now });
	const error = await refusalOf(verifier, key.token(acme));
	assert.deepEqual(
		[error.claim, error.found, error.expected, error.spec],
		["iss", of("acme"), of("globex"), "RFC 8725 §3.8"],
	);
	const check = (await verifier.explain(key.token(acme))).checks.find(({ name }) => name === "issuer of the key");
	assert.equal(check.status, "failed");
});

test("each tenant has keys of its own, and only ours cause a request", async () => {
	const keys = { acme: key, globex: other, evil: signer("k3") };
	for (const more of [
		{},
		{ jwksUri: "https://login.example/{tid}/v2.0/keys" },
		{ metadataIssuer: "https://login.example/{tid}/v2.0" },
	]) {
		const { fetch, calls, count } = tenants(keys);
		const verifier = createVerifier({ issuer: template, audience, claims: ours, fetch, now, ...more });
		assert.deepEqual(verifier.status(), []);
		assert.equal(await refusal(() => verifier.verifySync(tokenOf("acme"))), "keys_not_loaded");
		assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
		assert.equal(await codeOf(verifier, tokenOf("globex", {}, other)), "accepted");
		assert.equal(await codeOf(verifier, tokenOf("globex", {}, signer("k2"))), "signature_invalid");
		assert.equal(verifier.verifySync(tokenOf("acme")).claims.tid, "acme");
		assert.equal(count("acme/v2.0/keys"), 1);
		const before = calls.length;
		const stranger = await refusalOf(verifier, tokenOf("evil", {}, keys.evil));
		assert.deepEqual([stranger.code, stranger.found], ["issuer_mismatch", "tid evil"]);
		assert.match(stranger.expected, /whose tid is acme or globex/);
		for (const claims of [{ tid: "globex" }, { tid: undefined }, { iss: of("..") }, { iss: issuer }]) {
			assert.equal(await codeOf(verifier, tokenOf("acme", claims)), "issuer_mismatch", JSON.stringify(claims));
		}
		assert.equal(await codeOf(verifier, tokenOf("acme", { iss: of("globex") }, other)), "issuer_mismatch");
		assert.equal(calls.length, before);
		assert.deepEqual(
			verifier.status().map(({ issuer, state }) => [issuer, state]),
			[
				[of("acme"), "fresh"],
				[of("globex"), "fresh"],
			],
		);
		const explanation = await verifier.explain(tokenOf("acme"));
		assert.ok(
			explanation.valid && explanation.checks.some(({ name, status }) => name === "claim tid" && status === "passed"),
		);
	}
	assert.throws(
		() => createVerifier({ issuer: template, audience, claims: ours, jwksUri: "https://login.example/{org}/keys" }),
		/^TypeError: jwksUri: expected no claims but those of the issuer/,
	);
	assert.throws(
		() => createVerifier({ issuer, audience, jwksUri: "https://login.example/{tid}/keys" }),
		/^TypeError: jwksUri: expected no claims/,
	);
});

test("any tenant: what strangers' tokens cause is bounded", async () => {
	const { fetch, calls } = tenants({ acme: key });
	const verifier = createVerifier({ issuer: template, audience, anyTenant: true, fetch, now: () => at.time });
	const at = { time: start };
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	const codes = {};
	for (let nth = 0; nth < 1_000; nth++) {
		const code = await codeOf(verifier, tokenOf(`stranger-${nth}`));
		codes[code] = (codes[code] ?? 0) + 1;
	}
	// A burst of 200, and 20 a second for the time that the test takes.
	const tried = new Set(calls.map((url) => /stranger-\d+/.exec(url)?.[0])).size - 1;
	assert.ok(tried < 400, `${tried} strangers`);
	assert.ok(codes.issuer_unavailable >= 600 && !codes.accepted, JSON.stringify(codes));
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	assert.ok(verifier.status().some(({ issuer }) => issuer === of("acme")));
	assert.ok(verifier.status().length <= 251);
});

/** A function that knows issuers, and counts its calls. */
function resolver(known) {
	const calls = [];
	const ask = async (name) => {
		calls.push(name);
		await pause(1);
		const entry = known[name];
		return typeof entry === "function" ? entry() : entry;
	};
	return { ask, calls };
}
const entryOf = (tid, keys = key.jwk, more = {}) => ({ issuer: of(tid), keys, ...more });

test("a function is asked once about an issuer", async () => {
	const { ask, calls } = resolver({
		[of("acme")]: entryOf("acme"),
		[of("globex")]: entryOf("globex", other.jwk, { scope: "b" }),
	});
	const at = { time: start };
	const verifier = createVerifier({ issuer: ask, audience, now: () => at.time });
	const many = await Promise.all(Array.from({ length: 100 }, () => codeOf(verifier, tokenOf("acme"))));
	assert.deepEqual([...new Set(many)], ["accepted"]);
	assert.deepEqual(calls, [of("acme")]);
	assert.equal(await codeOf(verifier, tokenOf("globex", {}, other)), "insufficient_scope");
	assert.equal(await codeOf(verifier, tokenOf("globex", { scope: "b" }, other)), "accepted");
	assert.equal(await codeOf(verifier, tokenOf("globex", { scope: "b" }, key)), "key_not_found");
	assert.equal(calls.length, 2);
	assert.equal(verifier.verifySync(tokenOf("acme")).claims.tid, "acme");
	assert.deepEqual(
		verifier.status().map(({ issuer, state }) => [issuer, state]),
		[
			[of("acme"), "given"],
			[of("globex"), "given"],
		],
	);
	const { valid, checks } = await verifier.explain(tokenOf("globex", { scope: "b" }, other));
	assert.ok(valid && checks.some(({ name }) => name === "scope"));
	// Another verifier, and a route of a guard, share the answers, each by its own options.
	const strict = createVerifier({ issuer: ask, audience, subject: "somebody", now: () => at.time });
	assert.equal(await codeOf(strict, tokenOf("acme")), "subject_mismatch");
	assert.equal(calls.length, 2);
	// The answer is renewed after its time, and the token waits for that.
	at.time += 301;
	assert.equal(await codeOf(verifier, tokenOf("acme", { exp: start + 900 })), "accepted");
	assert.equal(calls.length, 3);
});

test("who is not ours is remembered, and learned in time", async () => {
	const known = {};
	const { ask, calls } = resolver(known);
	const at = { time: start };
	const verifier = createVerifier({ issuer: ask, audience, now: () => at.time });
	const late = { exp: start + 9_000 };
	for (let nth = 0; nth < 3; nth++) {
		const error = await refusalOf(verifier, tokenOf("acme", late));
		assert.deepEqual([error.code, error.status, error.claim, error.found], ["issuer_mismatch", 401, "iss", of("acme")]);
	}
	assert.equal(calls.length, 1);
	known[of("acme")] = entryOf("acme");
	at.time += 59;
	assert.equal(await codeOf(verifier, tokenOf("acme", late)), "issuer_mismatch");
	at.time += 2;
	assert.equal(await codeOf(verifier, tokenOf("acme", late)), "accepted");
	known[of("acme")] = null;
	at.time += 299;
	assert.equal(await codeOf(verifier, tokenOf("acme", late)), "accepted");
	assert.equal(calls.length, 2);
	at.time += 2;
	assert.equal(await codeOf(verifier, tokenOf("acme", late)), "issuer_mismatch");
	assert.equal(calls.length, 3);
	assert.deepEqual(verifier.status(), []);
});

test("a cached verdict lasts no longer than the answer", async () => {
	const known = { [of("acme")]: entryOf("acme") };
	const { ask, calls } = resolver(known);
	const at = { time: start };
	const verifier = createVerifier({ issuer: ask, audience, now: () => at.time, verdictCache: { maxEntries: 10 } });
	const token = tokenOf("acme", { exp: start + 9_000 });
	for (let nth = 0; nth < 3; nth++) assert.equal(await codeOf(verifier, token), "accepted");
	known[of("acme")] = undefined;
	at.time += 301;
	assert.equal(await codeOf(verifier, token), "issuer_mismatch");
	assert.equal(calls.length, 2);
});

test("only what looks like an issuer reaches the function", async () => {
	const { ask, calls } = resolver({});
	const verifier = createVerifier({ issuer: ask, audience, now });
	for (const iss of [
		undefined,
		"acme",
		"",
		"http://login.example",
		"javascript:alert(1)",
		"https://",
		"https://u:p@login.example",
		"https://login.example/?a=b",
		"https://login.example/#a",
		"https://login.example/{tid}",
		"https://login.example/a b",
		"https://login.example/é",
		"https://login.example/\n",
		`https://login.example/${"x".repeat(600)}`,
	]) {
		assert.equal(await codeOf(verifier, key.token({ iss })), "issuer_mismatch", iss);
	}
	assert.deepEqual(calls, []);
	const inside = createVerifier({ issuer: ask, audience, now, allowHttp: true });
	assert.equal(await codeOf(inside, key.token({ iss: "http://login.internal/a" })), "issuer_mismatch");
	assert.deepEqual(calls, ["http://login.internal/a"]);
});

test("a function that fails, or answers what is no entry, is an outage with a rest", async () => {
	for (const [what, answer, found] of [
		[
			"throws",
			() => {
				throw new Error("database down");
			},
			/database down/,
		],
		["rejects", () => Promise.reject(new Error("no connection")), /no connection/],
		[
			"throws nothing",
			() => {
				throw undefined;
			},
			/undefined/,
		],
		["a text", () => of("acme"), /expected an object/],
		["true", () => true, /expected an object/],
		["false", () => false, /expected an object/],
		["a list", () => [entryOf("acme")], /expected an object/],
		["another issuer", () => entryOf("globex"), /issuer\(\)\.issuer: expected the issuer that was asked about/],
		["a template", () => ({ ...entryOf("acme"), issuer: template }), /expected the issuer that was asked about/],
		["no issuer", () => ({ keys: key.jwk }), /issuer\(\)\.issuer: required/],
		[
			"an unknown option",
			() => entryOf("acme", key.jwk, { scopes: "a" }),
			/issuer\(\)\.scopes: unknown option; did you mean scope/,
		],
		["no key", () => entryOf("acme", "x"), /./],
		[
			"an entry that cannot be read",
			() =>
				new Proxy(
					{},
					{
						ownKeys() {
							throw new Error("no");
						},
					},
				),
			/^issuer\(\): cannot be read/,
		],
	]) {
		const known = { [of("acme")]: answer };
		const { ask, calls } = resolver(known);
		const at = { time: start };
		const verifier = createVerifier({ issuer: ask, audience, now: () => at.time });
		const errors = await Promise.all([1, 2, 3].map(() => refusalOf(verifier, tokenOf("acme"))));
		for (const error of errors) {
			assert.deepEqual([error.code, error.status, error.retryAfter], ["issuer_unavailable", 503, 1], what);
			assert.match(error.found, found, what);
			assert.ok(error.message.length < 700);
		}
		assert.equal(calls.length, 1, what);
		assert.equal(await codeOf(verifier, tokenOf("acme")), "issuer_unavailable");
		assert.equal(calls.length, 1, what);
		known[of("acme")] = entryOf("acme");
		at.time += 1;
		assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted", what);
	}
});

test("a function that hangs stalls nobody for longer than its time, and known issuers not at all", async () => {
	let hangs = false;
	const calls = [];
	const ask = (name) => {
		calls.push(name);
		return hangs ? new Promise(() => {}) : entryOf(/login\.example\/(.*)\/v2/.exec(name)[1]);
	};
	const at = { time: start };
	const verifier = createVerifier({
		issuer: ask,
		audience,
		now: () => at.time,
		issuerTable: { timeout: 0.3, patience: 0.05 },
	});
	const late = { exp: start + 90_000 };
	assert.equal(await codeOf(verifier, tokenOf("acme", late)), "accepted");
	hangs = true;
	at.time += 301;
	const began = performance.now();
	const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(verifier, tokenOf("acme", late))));
	assert.deepEqual([...new Set(codes)], ["accepted"]);
	assert.ok(performance.now() - began < 250, `${performance.now() - began} ms`);
	const unknown = await Promise.all(Array.from({ length: 50 }, () => refusalOf(verifier, tokenOf("globex", late))));
	assert.deepEqual([...new Set(unknown.map(({ code }) => code))], ["issuer_unavailable"]);
	assert.match(unknown[0].found, /^no answer about the issuer within 0\.3 s/);
	assert.equal(calls.length, 3);
	// Beyond the bound the old answer is worth nothing.
	at.time += 3_700;
	assert.equal(await codeOf(verifier, tokenOf("acme", late)), "issuer_unavailable");
});

test("at once: an issuer that nobody knows yet begins the question", async () => {
	const { ask, calls } = resolver({ [of("acme")]: entryOf("acme") });
	const verifier = createVerifier({ issuer: ask, audience, now });
	assert.equal(await refusal(() => verifier.verifySync(tokenOf("acme"))), "keys_not_loaded");
	assert.equal(await refusal(() => verifier.verifySync(tokenOf("acme"))), "keys_not_loaded");
	await pause(20);
	assert.equal(verifier.verifySync(tokenOf("acme")).claims.tid, "acme");
	assert.deepEqual(calls, [of("acme")]);
});

test("the keys of an answer are fetched like those of any issuer", async () => {
	const { fetch, count } = tenants({ acme: key, globex: other });
	const { ask } = resolver({
		[of("acme")]: { issuer: of("acme") },
		[of("globex")]: { issuer: of("globex"), jwksUri: `${of("globex")}/keys` },
	});
	const events = [];
	const verifier = createVerifier({ issuer: ask, audience, fetch, now, onKeys: (event) => void events.push(event) });
	const crowd = ["acme", "globex"].flatMap((tid) =>
		Array.from({ length: 50 }, () => codeOf(verifier, tokenOf(tid, {}, tid === "acme" ? key : other))),
	);
	assert.deepEqual([...new Set(await Promise.all(crowd))], ["accepted"]);
	assert.deepEqual([count("acme/v2.0/keys"), count("globex/v2.0/keys")], [1, 1]);
	assert.deepEqual(
		verifier.status().map(({ issuer, state, keys }) => [issuer, state, keys.length]),
		[
			[of("acme"), "fresh", 1],
			[of("globex"), "fresh", 1],
		],
	);
	assert.deepEqual(events.map(({ type, issuer }) => [type, issuer]).sort(), [
		["fetched", of("acme")],
		["fetched", of("globex")],
	]);
	await verifier.loadKeys();
});

test("a guard, its routes and a protected handler ask together, and tell strangers nothing", async () => {
	let fails = false;
	const { ask, calls } = resolver({
		[of("acme")]: () => {
			if (fails) throw new Error("secret host");
			return entryOf("acme", key.jwk, { scope: "a" });
		},
	});
	const options = { issuer: ask, audience, profile: "jwt", now, scope: "b", resourceMetadata: true };
	const all = guard(options);
	const request = (token) => new Request(`${audience}/x`, { headers: { authorization: `Bearer ${token}` } });
	assert.equal(await refusal(() => all.check(request(tokenOf("acme", { scope: "a" })))), "accepted");
	assert.equal(
		await refusal(() => all.with({ scope: "c" }).check(request(tokenOf("acme", { scope: "a" })))),
		"insufficient_scope",
	);
	assert.equal(
		await refusal(() => all.with({ scope: "c" }).check(request(tokenOf("acme", { scope: "c" })))),
		"accepted",
	);
	const handler = protect(options, (_request, { claims }) => new Response(claims.tid));
	assert.equal(await (await handler(request(tokenOf("acme", { scope: "a" })))).text(), "acme");
	assert.equal(calls.length, 1);
	assert.deepEqual(
		all.status().map(({ issuer }) => issuer),
		[of("acme")],
	);
	fails = true;
	const failing = protect({ ...options, issuer: (name) => ask(name) }, () => new Response());
	const answer = await failing(request(tokenOf("acme")));
	assert.equal(answer.status, 503);
	assert.equal(answer.headers.get("retry-after"), "1");
	const body = await answer.text();
	assert.ok(body.includes("issuer_unavailable") && !body.includes("secret"), body);
	const stranger = await handler(request(tokenOf("evil")));
	assert.equal(stranger.status, 401);
	assert.match(stranger.headers.get("www-authenticate"), /error="invalid_token".*scope="b"/);
});

test("strangers cause a bounded number of questions, and displace nobody", async () => {
	const { ask, calls } = resolver({ [of("acme")]: entryOf("acme") });
	const verifier = createVerifier({ issuer: ask, audience, now });
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	const began = performance.now();
	const codes = {};
	for (let nth = 0; nth < 3_000; nth += 100) {
		const batch = Array.from({ length: 100 }, (_, at) => codeOf(verifier, tokenOf(`stranger-${nth + at}`)));
		for (const code of await Promise.all(batch)) codes[code] = (codes[code] ?? 0) + 1;
	}
	const seconds = (performance.now() - began) / 1000;
	assert.ok(calls.length <= 201 + 20 * (seconds + 1), `${calls.length} calls in ${seconds} s`);
	assert.equal(codes.issuer_mismatch + codes.issuer_unavailable, 3_000);
	const before = calls.length;
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	assert.equal(calls.length, before);
});

test("limits are within bounds", () => {
	const make = (issuerTable) => () => createVerifier({ issuer: () => null, audience, issuerTable });
	make({
		maxIssuers: 1,
		knownFor: 1,
		unknownFor: 1,
		maxStale: 0,
		questionsPerSecond: 0.1,
		timeout: 0.1,
		patience: 0,
	})();
	for (const [limit, value] of [
		["maxIssuers", 0],
		["knownFor", 0],
		["unknownFor", -1],
		["maxStale", 86_401],
		["questionsPerSecond", 0],
		["timeout", 61],
		["patience", "x"],
	]) {
		assert.throws(make({ [limit]: value }), (error) =>
			new RegExp(`^TypeError: issuerTable\\.${limit}: expected (seconds|a number) from `).test(String(error)),
		);
	}
	assert.throws(
		make({ maxIssuer: 1 }),
		/^TypeError: issuerTable\.maxIssuer: unknown option; did you mean maxIssuers\?/,
	);
	assert.throws(() => createVerifier({ issuer: [() => null], audience }), /^TypeError: issuer\[0\]: expected a string/);
});

test("after a trap an issuer is asked about again, and its keys are those that were fetched", async () => {
	const { fetch, calls: fetched } = tenants({ acme: key });
	const { ask, calls } = resolver({ [of("acme")]: { issuer: of("acme") } });
	const verifier = createVerifier({ issuer: ask, audience, fetch, now });
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	const before = fetched.length;
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await codeOf(verifier, tokenOf("acme")), "internal");
	assert.equal(await codeOf(verifier, tokenOf("acme")), "accepted");
	assert.deepEqual([calls.length, fetched.length], [2, before]);
});
