// What onStep is told of a login: each crossing of the wire, with every secret cut short.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, issuer, refusal } from "./helpers.mjs";
import { browser, leaving, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";

/** Six characters and the length, as `short` finds them in the original. */
const cut = (secret) => `${secret.slice(0, 6)}… (${secret.length} characters)`;
const resource = `${audience}/purchases`;

test("a login, a request, a renewal: step by step", async () => {
	const steps = [];
	const machine = browser();
	const op = server();
	const options = { onStep: (step) => steps.push(step) };
	const first = machine.tab("https://shop.example.com/cart");
	await loginAt(op, options).start();
	const asked = new URL(first.left).searchParams;
	const answer = op.agree(first.left);
	machine.tab(answer.href, first.sessionStorage);
	const login = loginAt(op, options);
	const { session } = await login.finish();
	const [form] = op.state.forms;
	const [accessToken, refreshToken] = [[...op.state.access][0], [...op.state.refreshTokens][0]];
	const code = answer.searchParams.get("code");
	answer.searchParams.set("code", cut(code));

	const [request, agreed, tokens, { explanation, ...verdict }, ...more] = steps.splice(0);
	assert.deepEqual(request, {
		step: 1,
		name: "authorization request",
		request: { method: "GET", url: first.left, body: Object.fromEntries(asked) },
	});
	assert.deepEqual(agreed, {
		step: 3,
		name: "the user has agreed: authorization code",
		response: { status: 302, headers: { location: answer.href } },
	});
	assert.deepEqual(tokens, {
		step: 4,
		name: "code for tokens: granted",
		request: {
			method: "POST",
			url: `${issuer}/token`,
			body: {
				grant_type: "authorization_code",
				code: cut(code),
				redirect_uri: redirectUri,
				client_id: "shop",
				code_verifier: cut(form.get("code_verifier")),
				resource: audience,
			},
		},
		response: {
			status: 200,
			body: {
				access_token: cut(accessToken),
				token_type: "Bearer",
				expires_in: "300",
				refresh_token: cut(refreshToken),
				scope: "openid purchases:read",
				id_token: cut(session.idToken),
			},
		},
	});
	const [header, payload] = session.idToken.split(".");
	assert.deepEqual(verdict, { step: 4, name: "the ID token's verdict", token: `${header}.${payload}.` });
	assert.equal(explanation.valid, true);
	assert.deepEqual(more, []);

	await login.fetch(`${resource}?code=abcdefghij&x=1`);
	const url = `${resource}?code=abcdef%E2%80%A6+%2810+characters%29&x=1`;
	const headers = { authorization: `Bearer ${cut(accessToken)}` };
	assert.deepEqual(steps.splice(0), [
		{ step: 5, name: "request the resource", request: { method: "GET", url, headers } },
		{ step: 8, name: "the resource", request: { method: "GET", url }, response: { status: 200 } },
	]);

	op.state.access.clear();
	op.state.refuse = { error: "invalid_grant", error_description: "gone" };
	assert.equal(await refusal(() => login.fetch(resource, { method: "POST" })), "session_ended");
	const [sent, refused, { error, ...renewal }, ...rest] = steps;
	assert.deepEqual(sent.request, { method: "POST", url: resource, headers });
	assert.deepEqual(refused, {
		step: 8,
		name: "refused",
		request: { method: "POST", url: resource },
		response: { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } },
	});
	assert.deepEqual(renewal, {
		step: 4,
		name: "refresh: refused",
		request: {
			method: "POST",
			url: `${issuer}/token`,
			body: {
				grant_type: "refresh_token",
				refresh_token: cut(refreshToken),
				client_id: "shop",
				resource: audience,
			},
		},
	});
	assert.equal(error.code, "session_ended");
	assert.deepEqual(rest, []);
});

test("a renewal that is granted, and members that a response does not have", async () => {
	const steps = [];
	const tamper = { renewed: { refresh_token: undefined, id_token: undefined, expires_in: undefined } };
	const { op, login } = await loggedIn({ op: server({ tamper }), options: { onStep: (step) => steps.push(step) } });
	const kept = [...op.state.refreshTokens][0];
	op.state.now += 280;
	steps.length = 0;
	const token = await login.accessToken();
	assert.deepEqual(
		steps.map(({ name, response }) => [name, response.body]),
		[
			[
				"refresh: granted",
				{
					access_token: cut(token),
					token_type: "Bearer",
					refresh_token: cut(kept),
					scope: "openid purchases:read",
				},
			],
		],
	);
	assert.equal(login.session.expiresAt, null);
});

test("an access token that is a JWT is shown without its signature", async () => {
	const steps = [];
	const tamper = { response: { access_token: "aGVhZA.Ym9keQ.c2lnbmF0dXJl", id_token: undefined } };
	const op = server({ tamper });
	const login = async () => loggedIn({ op, options: { scope: "purchases:read", onStep: (step) => steps.push(step) } });
	await login().catch(() => {});
	const granted = steps.find(({ name }) => name === "code for tokens: granted");
	assert.equal(granted.token, "aGVhZA.Ym9keQ.");
	assert.equal(JSON.stringify(steps).includes("c2lnbmF0dXJl"), false);
});

test("a pushed request says so", async () => {
	const steps = [];
	const op = server({ metadata: { pushed_authorization_request_endpoint: `${issuer}/par` } });
	op.state.push = () => Response.json({ request_uri: "urn:x", expires_in: 60 }, { status: 201 });
	const page = browser().tab("https://shop.example.com/");
	await loginAt(op, { onStep: (step) => steps.push(step) }).start();
	assert.deepEqual(
		steps.map(({ name, request }) => [name, request.url, request.body.redirect_uri]),
		[["authorization request, pushed beforehand", page.left, redirectUri]],
	);
});

test("without a listener a step is not even made; with one, the ID token is explained once a response", async () => {
	const { op, machine, page } = await loggedIn();
	const steps = [];
	const tab = machine.tab("https://shop.example.com/orders", page.sessionStorage);
	await leaving(tab, loginAt(op).restore());
	machine.tab(op.agree(tab.left).href, tab.sessionStorage);
	await loginAt(op, { onStep: (step) => steps.push(step) }).finish();
	assert.equal(steps.filter(({ explanation }) => explanation).length, 1);
});
