// The authorization server of countersign/testing: our login goes through it, and its tokens pass our guard.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as client from "oauth4webapi";
import { countersign, createLogin, edge, testing } from "./helpers.mjs";
import { browser, redirectUri } from "./login-kit.mjs";

const { createTestIssuer } = testing;

for (const provider of [undefined, "auth0", "keycloak", "okta", "google"]) {
	test(`a login, a call of the API and a refresh: ${provider ?? "no provider"}`, async () => {
		const kit = await createTestIssuer({ provider, clientId: "shop", now: 1_800_000_000 });
		const { issuer, audience, fetch, now } = kit;
		const options = { issuer, clientId: "shop", redirectUri, scope: "openid orders:read", fetch, now };
		const machine = browser();
		const page = machine.tab("https://shop.example.com/cart");
		await createLogin(options).start({ loginHint: "ada" });
		const redirect = await fetch(page.left, { redirect: "manual" });
		assert.equal(redirect.status, 302);
		machine.tab(redirect.headers.get("location"), page.sessionStorage);
		const login = createLogin(options);
		const { session } = await login.finish();
		assert.deepEqual([session.claims.sub, session.claims.aud, session.scope], ["ada", "shop", "openid orders:read"]);
		const token = await login.accessToken();
		const policy = { issuer, audience, fetch, now, ...(provider && { provider }) };
		if (provider !== "google") policy.scope = "orders:read";
		const auth = await edge
			.guard(policy)
			.check(new Request("https://api.example", { headers: { authorization: `Bearer ${token}` } }));
		assert.equal(auth.claims.sub, "ada");
		kit.advance(299);
		const fresh = await login.accessToken();
		assert.notEqual(fresh, token);
		assert.equal((await countersign.createVerifier(policy).verify(fresh)).claims.sub, "ada");
	});
}

test("oauth4webapi gets tokens for a client", async () => {
	const kit = await createTestIssuer({ provider: "okta", audience: "api" });
	const { issuer, fetch, now } = kit;
	const options = { [client.customFetch]: fetch };
	const server = await client.processDiscoveryResponse(
		new URL(issuer),
		await client.discoveryRequest(new URL(issuer), options),
	);
	const app = { client_id: "back end" };
	const parameters = { scope: "orders:read orders:write", audience: "https://api.example/orders" };
	for (const authentication of [client.ClientSecretBasic("s"), client.ClientSecretPost("s")]) {
		const response = await client.clientCredentialsGrantRequest(server, app, authentication, parameters, options);
		const answer = await client.processClientCredentialsResponse(server, app, response);
		const policy = {
			provider: "okta",
			issuer,
			audience: parameters.audience,
			fetch,
			now,
			scope: ["orders:read", "orders:write"],
		};
		const { claims } = await countersign.createVerifier(policy).verify(answer.access_token);
		assert.deepEqual([claims.sub, claims.cid, answer.expires_in], ["back end", "back end", 300]);
	}
});

test("scope and audience are granted as they were asked for, in the claims that the provider has for them", async () => {
	const granted = async (provider, parameters) => {
		const { metadata, fetch } = await createTestIssuer({ provider });
		const body = new URLSearchParams([["grant_type", "client_credentials"], ...parameters]);
		const answer = await (await fetch(new Request(metadata.token_endpoint, { method: "POST", body }))).json();
		const { aud, scp, scope, sub } = countersign.decodeUnverified(answer.access_token).claims;
		return { aud, scp, scope, sub, said: answer.scope };
	};
	const one = "https://api.example/one";
	const asked = [
		["scope", "a b"],
		["resource", one],
		["client_id", "app"],
	];
	const shared = { aud: one, sub: "app", said: "a b" };
	assert.deepEqual(await granted(undefined, asked), { ...shared, scp: undefined, scope: "a b" });
	assert.deepEqual(await granted("entra", asked), { ...shared, scp: "a b", scope: undefined });
	assert.deepEqual(await granted("okta", asked), { ...shared, scp: ["a", "b"], scope: undefined });
	const two = await granted(undefined, [
		["resource", one],
		["audience", "two"],
	]);
	assert.deepEqual(two, { aud: [one, "two"], scp: undefined, scope: undefined, sub: "user-1", said: undefined });
});

test("codes and refresh tokens serve once, to those who asked", async () => {
	const { metadata, fetch } = await createTestIssuer();
	const ask = async (parameters) => {
		const response = await fetch(metadata.token_endpoint, { method: "POST", body: new URLSearchParams(parameters) });
		return [response.status, await response.json()];
	};
	const code = async (parameters = {}) => {
		const query = new URLSearchParams({ client_id: "c", redirect_uri: redirectUri, ...parameters });
		const { headers } = await fetch(`${metadata.authorization_endpoint}?${query}`);
		return new URL(headers.get("location")).searchParams.get("code");
	};
	const redeem = (code, more) => ask({ grant_type: "authorization_code", code, redirect_uri: redirectUri, ...more });
	// The pair of RFC 7636, appendix B.
	const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
	const code_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	const first = await code({ code_challenge: challenge });
	const [status, { refresh_token, id_token }] = await redeem(first, { code_verifier });
	assert.deepEqual([status, id_token], [200, undefined]);
	const refused = [
		redeem(first, { code_verifier }),
		redeem(await code({ code_challenge: challenge }), { code_verifier: "another" }),
		redeem(await code(), { redirect_uri: "https://evil.example" }),
	];
	for (const one of refused) assert.deepEqual((await one)[1].error, "invalid_grant");
	assert.equal((await ask({ grant_type: "refresh_token", refresh_token }))[0], 200);
	assert.equal((await ask({ grant_type: "refresh_token", refresh_token }))[1].error, "invalid_grant");
	assert.equal((await ask({ grant_type: "password" }))[1].error, "unsupported_grant_type");
	const lost = await fetch(`${metadata.authorization_endpoint}?redirect_uri=nowhere`);
	assert.deepEqual([lost.status, (await lost.json()).error], [400, "invalid_request"]);
});
