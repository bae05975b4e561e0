// Whose claims a page shows that users of it come and go on, while the userinfo endpoint takes its time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer, json } from "./helpers.mjs";
import { browser, loginAt, server } from "./login-kit.mjs";

const url = `${issuer}/userinfo`;

/** A page that stays when its users log in; `answer` is told whose token the userinfo endpoint is asked with. */
function shop(answer, { tamper = {}, ...options } = {}) {
	const claims = {};
	const asked = [];
	const op = server({ tamper: { claims, ...tamper }, metadata: { userinfo_endpoint: url } });
	const fetch = (input, init) => {
		if (String(input) !== url) return op.fetch(input, init);
		asked.push(init);
		return answer(claims.sub, asked.length);
	};
	browser().tab("https://shop.example.com/");
	let left;
	const navigate = (to) => {
		left = to;
	};
	const login = loginAt(op, { fetch, navigate, userinfo: true, ...options });
	const failures = [];
	login.on("userinfo-failed", ({ error }) => failures.push(error));
	const signIn = async (sub) => {
		claims.sub = sub;
		await login.start();
		return login.finish(op.agree(left).href);
	};
	return { op, login, signIn, failures, asked };
}

/** A promise, and how it is kept. */
function deferred() {
	let resolve;
	const promise = new Promise((done) => {
		resolve = done;
	});
	return { promise, resolve };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("where another user logs in, nothing of the one before is shown, not even until the server has answered", async () => {
	const { login, signIn, asked } = shop((sub) => json({ sub, email: `${sub}@example.com` }));
	const shown = [];
	login.onChange((session) => shown.push([session.claims.sub, session.claims.email]));
	await signIn("ada");
	await signIn("bob");
	assert.deepEqual(shown, [
		["ada", undefined],
		["ada", "ada@example.com"],
		["bob", undefined],
		["bob", "bob@example.com"],
	]);
	assert.equal(asked.length, 2);
});

test("a renewal keeps what is known of the user, and asks nobody", async () => {
	const { op, login, signIn, asked } = shop((sub, times) => json({ sub, email: `${times}@example.com` }));
	await signIn("ada");
	op.state.now += 280;
	await login.accessToken();
	assert.equal(login.session.claims.email, "1@example.com");
	// Whatever the renewal had begun would have come before.
	await login.userinfo();
	assert.equal(asked.length, 2);
});

test("who logs out is asked about no more: nothing fails for it", async () => {
	const { login, signIn, failures, asked } = shop((sub) => json({ sub }));
	await signIn("ada");
	await login.logout({ global: false });
	await turn();
	assert.deepEqual([login.session, failures, asked.length], [null, [], 1]);
});

test("an answer that comes when its user has left changes nothing and tells nothing", async () => {
	for (const late of [(sub) => json({ sub, email: "late@example.com" }), () => json({}, { status: 503 })]) {
		const reached = deferred();
		const answer = deferred();
		const { login, signIn, failures } = shop((sub) => {
			reached.resolve(sub);
			return answer.promise;
		});
		const finished = signIn("ada");
		const sub = await reached.promise;
		await login.logout({ global: false });
		answer.resolve(late(sub));
		await finished;
		await turn();
		assert.deepEqual([login.session, failures], [null, []]);
	}
});

test("an answer about a login takes the place of none about a later one", async () => {
	const reached = deferred();
	const answer = deferred();
	const { login, signIn } = shop((sub, times) => {
		if (times > 1) return json({ sub, email: "new@example.com" });
		reached.resolve();
		return answer.promise;
	});
	const first = signIn("ada");
	await reached.promise;
	await signIn("ada");
	answer.resolve(json({ sub: "ada", email: "old@example.com" }));
	await first;
	await turn();
	assert.equal(login.session.claims.email, "new@example.com");
});

test("login.userinfo: of a session that ends meanwhile, or that has no ID token, it cannot be said whose claims they are", async () => {
	const none = {
		name: "TypeError",
		message: "login.userinfo: needs a session with an ID token: openid in scope",
	};
	const reached = deferred();
	const answer = deferred();
	const ended = shop(
		() => {
			reached.resolve();
			return answer.promise;
		},
		{ userinfo: undefined },
	);
	await ended.signIn("ada");
	const asked = ended.login.userinfo();
	await reached.promise;
	await ended.login.logout({ global: false });
	answer.resolve(json({ sub: "ada" }));
	await assert.rejects(asked, none);

	const plain = shop((sub) => json({ sub }), {
		userinfo: undefined,
		scope: "read",
		tamper: { response: { id_token: undefined } },
	});
	await plain.signIn("ada");
	await assert.rejects(plain.login.userinfo(), none);
});

test("the endpoint is asked for JSON or a JWT (OpenID Connect Core §5.3.2), and learns no cookie", async () => {
	const { signIn, asked } = shop((sub) => json({ sub }));
	await signIn("ada");
	assert.equal(asked[0].headers.accept, "application/json, application/jwt");
	assert.equal(asked[0].credentials, "omit");
});
