// An authorization server that rotates refresh tokens and ends the family of one that comes twice (RFC 9700 §4.14.2). What
// it does with a renewal can be bent. Beside it an API, which knows whose access token it gets.

import { createHash, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { serve } from "../way-kit.mjs";

const CORS = {
	"access-control-allow-origin": "*",
	"access-control-allow-headers": "authorization",
	"access-control-expose-headers": "Date, Retry-After, WWW-Authenticate",
};

const json = (value, status = 200, headers = {}) => [
	status,
	JSON.stringify(value),
	{ "content-type": "application/json", ...CORS, ...headers },
];

/** An answer of the token endpoint: an OAuth error. */
export const refusal = (error, status = 400, headers = {}) => json({ error }, status, headers);

const newKey = async () => ({ kid: randomUUID(), ...(await generateKeyPair("ES256")) });

/** `state` bends it; `seen` says what it was asked. */
export async function startRotatingServer() {
	const state = {
		/** Seconds that the world's clock is ahead. */
		skew: 0,
		/** Who is signed in at the server; nobody. */
		user: "ada",
		lifetime: 300,
		idTokenLifetime: 3_600,
		/** Whether a renewal gives an ID token. */
		renewsIdToken: true,
		/** Whether the keys can be had. */
		hasKeys: true,
		key: await newKey(),
		/** Gives the answer to a renewal; `grant` performs it. Nothing: there is no answer until the page goes. */
		renewal: (grant) => grant(),
	};
	const seen = { authorizations: 0, requests: 0, renewals: 0, killed: 0, revoked: [] };
	const [codes, refreshTokens, accessTokens] = [new Map(), new Map(), new Map()];
	const now = () => Math.floor(Date.now() / 1000 + state.skew);

	async function grant({ subject, family, nonce }, withIdToken) {
		const [accessToken, refreshToken] = [randomUUID(), randomUUID()];
		accessTokens.set(accessToken, { subject, until: now() + state.lifetime });
		refreshTokens.set(refreshToken, { subject, family });
		const tokens = { access_token: accessToken, token_type: "Bearer", expires_in: state.lifetime };
		const idToken = withIdToken && {
			id_token: await new SignJWT({ ...(nonce && { nonce }) })
				.setProtectedHeader({ alg: "ES256", kid: state.key.kid })
				.setIssuer(origin)
				.setSubject(subject)
				.setAudience("shop")
				.setIssuedAt(now())
				.setExpirationTime(now() + state.idTokenLifetime)
				.sign(state.key.privateKey),
		};
		return json({ ...tokens, refresh_token: refreshToken, ...idToken }, 200, {
			date: new Date(now() * 1000).toUTCString(),
		});
	}

	function renew(refreshToken) {
		const held = refreshTokens.get(refreshToken);
		if (!held?.family.alive || held.isRevoked) return refusal("invalid_grant");
		if (held.isUsed) {
			held.family.alive = false;
			seen.killed += 1;
			return refusal("invalid_grant");
		}
		held.isUsed = true;
		seen.renewals += 1;
		return grant(held, state.renewsIdToken);
	}

	function exchange(form) {
		const asked = codes.get(form.get("code"));
		const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
		if (challenge !== asked?.challenge) return refusal("invalid_grant");
		codes.delete(form.get("code"));
		return grant({ ...asked, family: { alive: true } }, true);
	}

	const endpoints = {
		"/.well-known/oauth-authorization-server": () =>
			json({
				issuer: origin,
				authorization_endpoint: `${origin}/authorize`,
				token_endpoint: `${origin}/token`,
				jwks_uri: `${origin}/jwks`,
				revocation_endpoint: `${origin}/revoke`,
			}),
		"/jwks": async () => {
			if (!state.hasKeys) return [503, "", CORS];
			return json({
				keys: [{ ...(await exportJWK(state.key.publicKey)), kid: state.key.kid, alg: "ES256", use: "sig" }],
			});
		},
		"/authorize": ({ searchParams }) => {
			seen.authorizations += 1;
			const answer = state.user ? { code: randomUUID() } : { error: "login_required" };
			const challenge = searchParams.get("code_challenge");
			codes.set(answer.code, { subject: state.user, nonce: searchParams.get("nonce"), challenge });
			const location = new URL(searchParams.get("redirect_uri"));
			for (const [name, value] of Object.entries({ ...answer, state: searchParams.get("state") })) {
				location.searchParams.set(name, value);
			}
			return [302, "", { location: location.href }];
		},
		"/token": (_, body, request) => {
			const form = new URLSearchParams(body);
			if (form.get("grant_type") !== "refresh_token") return exchange(form);
			seen.requests += 1;
			return state.renewal(() => renew(form.get("refresh_token")), request);
		},
		"/revoke": (_, body) => {
			const token = new URLSearchParams(body).get("token");
			const held = refreshTokens.get(token);
			if (held) held.isRevoked = true;
			seen.revoked.push(token);
			return [200, "", CORS];
		},
		"/api": (_, _body, { method, headers }) => {
			if (method === "OPTIONS") return [204, "", CORS];
			const held = accessTokens.get(headers.authorization?.slice("Bearer ".length));
			if (held && held.until > now()) return json({ subject: held.subject });
			return [401, "", { "www-authenticate": 'Bearer error="invalid_token"', ...CORS }];
		},
	};
	const { origin, close } = await serve(
		(url, body, request) => endpoints[url.pathname]?.(url, body, request) ?? [404, "", CORS],
	);
	return {
		origin,
		close,
		state,
		seen,
		/** Refresh tokens that could still be used. */
		live: () => [...refreshTokens.values()].filter((one) => one.family.alive && !one.isUsed && !one.isRevoked).length,
		/** All that has been granted is of no more use, as after a long sleep. */
		forgetAll: () => refreshTokens.clear(),
		async rotateKey() {
			state.key = await newKey();
		},
	};
}
