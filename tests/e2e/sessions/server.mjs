// An authorization server that rotates refresh tokens and ends the family of one that comes twice (RFC 9700 §4.14.2). What
// it does with a renewal can be bent. Beside it an API, which knows whose access token it gets.

import { createHash, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { serve } from "../way-kit.mjs";
import { Proofs } from "./proofs.mjs";

const CORS = {
	"access-control-allow-origin": "*",
	"access-control-allow-headers": "authorization, dpop",
	"access-control-expose-headers": "Date, DPoP-Nonce, Retry-After, WWW-Authenticate",
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
		/** Whether tokens are bound to a key (RFC 9449). */
		isBound: false,
		/** Whether the keys can be had. */
		hasKeys: true,
		key: await newKey(),
		/** Gives the answer to a renewal; `grant` performs it. Nothing: there is no answer until the page goes. */
		renewal: (grant) => grant(),
	};
	const seen = { authorizations: 0, requests: 0, renewals: 0, killed: 0, revoked: [] };
	const proofs = new Proofs();
	const [codes, refreshTokens, accessTokens] = [new Map(), new Map(), new Map()];
	const now = () => Math.floor(Date.now() / 1000 + state.skew);

	async function grant({ subject, family, nonce, jkt }, withIdToken) {
		const [accessToken, refreshToken] = [randomUUID(), randomUUID()];
		accessTokens.set(accessToken, { subject, jkt, until: now() + state.lifetime });
		refreshTokens.set(refreshToken, { subject, family, jkt });
		const tokens = { access_token: accessToken, token_type: jkt ? "DPoP" : "Bearer", expires_in: state.lifetime };
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
			...proofs.headers,
		});
	}

	function renew(refreshToken, jkt) {
		const held = refreshTokens.get(refreshToken);
		if (!held?.family.alive || held.isRevoked || held.jkt !== jkt) return refusal("invalid_grant");
		if (held.isUsed) {
			held.family.alive = false;
			seen.killed += 1;
			return refusal("invalid_grant");
		}
		held.isUsed = true;
		seen.renewals += 1;
		return grant(held, state.renewsIdToken);
	}

	function exchange(form, jkt) {
		const asked = codes.get(form.get("code"));
		const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
		if (challenge !== asked?.challenge || (jkt && asked.jkt !== jkt)) return refusal("invalid_grant");
		codes.delete(form.get("code"));
		return grant({ ...asked, jkt, family: { alive: true } }, true);
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
			codes.set(answer.code, {
				subject: state.user,
				nonce: searchParams.get("nonce"),
				challenge,
				jkt: searchParams.get("dpop_jkt"),
			});
			const location = new URL(searchParams.get("redirect_uri"));
			for (const [name, value] of Object.entries({ ...answer, state: searchParams.get("state") })) {
				location.searchParams.set(name, value);
			}
			return [302, "", { location: location.href }];
		},
		"/token": async (_, body, request) => {
			const form = new URLSearchParams(body);
			const jkt = state.isBound ? await proofs.check(request, `${origin}/token`) : undefined;
			if (state.isBound && !jkt) return refusal("use_dpop_nonce", 400, proofs.headers);
			if (form.get("grant_type") !== "refresh_token") return exchange(form, jkt);
			seen.requests += 1;
			return state.renewal(() => renew(form.get("refresh_token"), jkt), request);
		},
		"/revoke": (_, body) => {
			const token = new URLSearchParams(body).get("token");
			const held = refreshTokens.get(token);
			if (held) held.isRevoked = true;
			seen.revoked.push(token);
			return [200, "", CORS];
		},
		"/api": async (_, _body, request) => {
			const [scheme, token] = request.headers.authorization?.split(" ") ?? [];
			const held = accessTokens.get(token);
			if (held?.jkt && scheme === "DPoP") {
				const jkt = await proofs.check(request, `${origin}/api`, token);
				const challenge = { "www-authenticate": 'DPoP error="use_dpop_nonce"', ...proofs.headers };
				if (jkt !== held.jkt) return [401, "", { ...challenge, ...CORS }];
			}
			const isSound = scheme === (held?.jkt ? "DPoP" : "Bearer");
			if (isSound && held && held.until > now()) return json({ subject: held.subject }, 200, proofs.headers);
			return [401, "", { "www-authenticate": 'Bearer error="invalid_token"', ...CORS }];
		},
	};
	const { origin, close } = await serve((url, body, request) =>
		request.method === "OPTIONS" ? [204, "", CORS] : (endpoints[url.pathname]?.(url, body, request) ?? [404, "", CORS]),
	);
	return {
		origin,
		close,
		state,
		seen,
		proofs,
		/** Refresh tokens that could still be used. */
		live: () => [...refreshTokens.values()].filter((one) => one.family.alive && !one.isUsed && !one.isRevoked).length,
		/** All that has been granted is of no more use, as after a long sleep. */
		forgetAll: () => refreshTokens.clear(),
		async rotateKey() {
			state.key = await newKey();
		},
	};
}
