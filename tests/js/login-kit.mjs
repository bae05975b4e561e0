// A page made of nothing but what a login touches, and an authorization server that fits in one file.

import { createHash, randomUUID } from "node:crypto";
import { audience, createLogin, halfHash, issuer, json, network, signer, start } from "./helpers.mjs";

export const redirectUri = "https://shop.example.com/callback";
export const key = signer("k1");

export class FakeStorage extends Map {
	getItem = (name) => this.get(name) ?? null;
	setItem = (name, value) => void this.set(name, String(value));
	removeItem = (name) => void this.delete(name);
}

/** A browser: pages come and go, `localStorage` stays, and each tab has a `sessionStorage`. */
export function browser() {
	const shared = new FakeStorage();
	return {
		shared,
		tab(href, sessionStorage = new FakeStorage()) {
			const listeners = [];
			let leave;
			const page = {
				left: undefined,
				gone: new Promise((resolve) => {
					leave = resolve;
				}),
				sessionStorage,
				localStorage: shared,
				crypto: globalThis.crypto,
				location: {
					href,
					assign: (url) => {
						page.left = url;
						page.how = "assign";
						leave(url);
					},
					replace: (url) => {
						page.left = url;
						page.how = "replace";
						leave(url);
					},
				},
				history: {
					state: null,
					replaceState: (_state, _title, url) => {
						page.location.href = new URL(url, page.location.href).href;
					},
				},
				addEventListener: (name, listener) => listeners.push([name, listener]),
				removeEventListener: (name, listener) => {
					const at = listeners.findIndex((one) => one[0] === name && one[1] === listener);
					if (at >= 0) listeners.splice(at, 1);
				},
				/** What the browser tells of: a change by another tab, or the user's own hand. */
				happens: (event, details) => {
					for (const [name, listener] of listeners) if (name === event) listener(details);
				},
				storageChanged: (details) => page.happens("storage", details),
			};
			globalThis.window = page;
			return page;
		},
	};
}

/** An authorization server, and the API beside it. `tamper` alters what it says. */
export function server(options) {
	// Tests of inherited options put theirs into every object.
	const own = (object) => Object.assign(Object.create(null), object);
	const { tamper = own(), lifetime = 300, metadata = {} } = own(options);
	const state = {
		now: start,
		codes: new Map(),
		refreshTokens: new Set(),
		revoked: [],
		access: new Set(),
		used: 0,
		forms: [],
		pushed: [],
	};
	const grant = (nonce) => {
		const accessToken = `at-${randomUUID()}`;
		const refreshToken = `rt-${randomUUID()}`;
		state.refreshTokens.add(refreshToken);
		state.access.add(accessToken);
		const claims = { aud: "shop", nonce, iat: state.now, exp: state.now + 300, at_hash: halfHash(accessToken) };
		return json({
			access_token: accessToken,
			token_type: "Bearer",
			expires_in: lifetime,
			refresh_token: refreshToken,
			scope: "openid purchases:read",
			id_token: (tamper.signer ?? key).token({ ...claims, ...own(tamper).claims }),
			...tamper.response,
			...(nonce === undefined && tamper.renewed),
		});
	};
	const refused = (error) => json({ error }, { status: 400 });
	const net = network({
		[`${issuer}/.well-known/oauth-authorization-server`]: () =>
			json({
				issuer,
				authorization_endpoint: `${issuer}/authorize`,
				token_endpoint: `${issuer}/token`,
				jwks_uri: `${issuer}/jwks`,
				end_session_endpoint: `${issuer}/logout`,
				revocation_endpoint: `${issuer}/revoke`,
				code_challenge_methods_supported: ["S256"],
				authorization_response_iss_parameter_supported: true,
				...metadata,
			}),
		[`${issuer}/jwks`]: () => json({ keys: [key.jwk] }),
		[`${issuer}/par`]: async (request) => {
			state.pushed.push(new URLSearchParams(await request.text()));
			return state.push();
		},
		[`${issuer}/token`]: async (request) => {
			const form = new URLSearchParams(await request.text());
			state.forms.push(form);
			if (state.refuse) return json(state.refuse, { status: 400 });
			if (state.hang) return new Promise(() => {});
			if (form.get("grant_type") === "refresh_token") {
				const token = form.get("refresh_token");
				state.used++;
				if (!state.refreshTokens.delete(token)) return refused("invalid_grant");
				return grant(undefined);
			}
			const known = state.codes.get(form.get("code"));
			state.codes.delete(form.get("code"));
			const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
			return known?.challenge === challenge ? grant(known.nonce) : refused("invalid_grant");
		},
		[`${issuer}/revoke`]: async (request) => {
			state.revoked.push(new URLSearchParams(await request.text()).get("token"));
			return new Response("");
		},
		[`${audience}/purchases`]: (request) =>
			state.access.has(request.headers.get("authorization")?.slice(7))
				? json({ purchases: [] })
				: new Response("", { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } }),
	});
	return {
		...net,
		state,
		/** The user agrees: where the server sends the browser. */
		agree(url) {
			const { searchParams } = new URL(url);
			const code = randomUUID();
			state.codes.set(code, { challenge: searchParams.get("code_challenge"), nonce: searchParams.get("nonce") });
			return answer(searchParams, { code });
		},
		deny: (url, error) => answer(new URL(url).searchParams, { error }),
	};
}

function answer(asked, parameters) {
	const url = new URL(asked.get("redirect_uri"));
	for (const [name, value] of Object.entries({ ...parameters, state: asked.get("state"), iss: issuer })) {
		url.searchParams.set(name, value);
	}
	return url;
}

export function loginAt(op, options = {}) {
	return createLogin({
		issuer,
		clientId: "shop",
		redirectUri,
		postLogoutRedirectUri: "https://shop.example.com/",
		scope: "openid purchases:read",
		resource: audience,
		fetch: op.fetch,
		now: () => op.state.now,
		...options,
	});
}

/** Logs in; resolves to all that took part. */
export async function loggedIn({ op = server(), options = {}, machine = browser() } = {}) {
	const first = machine.tab("https://shop.example.com/cart");
	await loginAt(op, options).start();
	const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
	const login = loginAt(op, options);
	return { op, machine, page, login, finished: await login.finish() };
}

/**
 * Where `work` makes the page go. Rejects with what `work` rejects with: who only looks at the page again and again waits
 * for ever where the work has failed.
 */
export function leaving(page, work) {
	const stayed = work.then((outcome) => {
		throw new Error(`the page was not left: ${JSON.stringify(outcome)}`);
	});
	return Promise.race([page.gone, stayed]);
}
