// onStep only looks on: with a listener everything is refused that is refused without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, signer, start } from "./helpers.mjs";
import { loggedIn, server } from "./login-kit.mjs";
import { thrownByListeners } from "./login-page-kit.mjs";

/** A user who logs in while somebody looks on. */
async function watched(tamper, options) {
	const steps = [];
	const op = server({ tamper });
	const outcome = await loggedIn({ op, options: { onStep: (step) => steps.push(step), ...options } }).then(
		(user) => ({ ...user, code: "accepted" }),
		({ code }) => ({ code }),
	);
	return { ...outcome, op, steps };
}

test("an ID token that is refused is explained, and refused", async () => {
	for (const [expected, tamper] of Object.entries({
		accepted: {},
		nonce_mismatch: { claims: { nonce: "another" } },
		audience_mismatch: { claims: { aud: "another" } },
		issuer_mismatch: { claims: { iss: "https://evil.example" } },
		token_expired: { claims: { exp: start - 1 } },
		signature_invalid: { signer: signer("k1") },
	})) {
		const { code, login, steps } = await watched(tamper);
		assert.equal(code, expected);
		const { explanation } = steps.find((step) => step.explanation);
		assert.deepEqual(
			[explanation.valid, explanation.error?.code],
			code === "accepted" ? [true, undefined] : [false, code],
		);
		if (login) assert.equal(login.session.claims.sub, "user-1");
	}
});

test("a renewed ID token is about the same user", async () => {
	const tamper = {};
	const { op, login } = await watched(tamper);
	op.state.now += 280;
	const renewed = await login.accessToken();
	assert.equal(op.state.access.has(renewed), true);
	tamper.claims = { sub: "user-2" };
	op.state.now += 400;
	assert.equal(await refusal(() => login.accessToken()), "subject_mismatch");
	assert.equal(login.session, null);
});

test("a listener that throws at each step ends no login, and what it throws is the page's to see", async (t) => {
	const thrown = thrownByListeners(t);
	const onStep = ({ name }) => {
		throw new Error(name);
	};
	const { login, code } = await watched({}, { onStep });
	assert.equal(code, "accepted");
	assert.equal(login.session.claims.sub, "user-1");
	assert.ok(thrown.includes("code for tokens: granted"), thrown.join());
	assert.equal(thrown.includes("code for tokens: refused"), false);
});
