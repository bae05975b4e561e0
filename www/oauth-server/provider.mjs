// The OAuth server itself: npm oidc-provider, configured. Everything is kept in memory.
import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import Provider, { errors } from "oidc-provider";
import { API_SCOPE, CLIENT_ID, CONFIRMED } from "../addresses.mjs";
import { addAtHash } from "./at-hash.mjs";
import { errorPage, signedOutPage, signOutPage } from "./pages.mjs";
import { loginPolicy } from "./step-up.mjs";

const MINUTE = 60;

/** A fresh ES256 key for this run, unless the tests bring theirs. */
async function signingKey(given) {
	if (given) return JSON.parse(given);
	const { privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
	const kid = randomBytes(8).toString("base64url");
	return { ...privateKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
}

export async function createProvider({ issuer, storefront, shopApi, accounts, key }) {
	const port = new URL(issuer).port;
	const provider = new Provider(issuer, {
		clients: [
			{
				client_id: CLIENT_ID,
				client_name: "Countersign Shop",
				client_uri: `${storefront}/`,
				token_endpoint_auth_method: "none", // a page cannot keep a secret: PKCE instead
				redirect_uris: [`${storefront}/callback`],
				post_logout_redirect_uris: [`${storefront}/`],
				grant_types: ["authorization_code", "refresh_token"],
				response_types: ["code"],
				id_token_signed_response_alg: "ES256",
				dpop_bound_access_tokens: true, // RFC 9449 §5.2: no tokens without a proof
			},
		],
		jwks: { keys: [await signingKey(key)] },
		scopes: ["openid", "profile", "email"], // the API's own scope comes with its resource, below
		claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
		conformIdTokenClaims: false, // the storefront shows the name: no second request for it
		responseTypes: ["code"],
		acrValues: [CONFIRMED],
		// How and when the user logged in, for APIs that ask. RFC 9068 §2.2.1
		extraTokenClaims: (ctx) => {
			const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
			const { acr, authTime } = AuthorizationCode ?? RefreshToken ?? {};
			return { acr, auth_time: authTime };
		},
		pkce: { required: () => true },
		rotateRefreshToken: true,
		// Every login of a client registered for it gets a refresh token. It ends with the user's session here.
		issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
		clientBasedCORS: (_ctx, origin) => origin === storefront,
		ttl: {
			AccessToken: 5 * MINUTE,
			AuthorizationCode: MINUTE,
			IdToken: 10 * MINUTE,
			Interaction: 30 * MINUTE,
			RefreshToken: 12 * 60 * MINUTE,
			Session: 12 * 60 * MINUTE,
			Grant: 12 * 60 * MINUTE,
		},
		enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
		features: {
			devInteractions: { enabled: false },
			dPoP: { enabled: true },
			userinfo: { enabled: false },
			revocation: { enabled: true },
			rpInitiatedLogout: {
				enabled: true,
				logoutSource: (ctx, form) => {
					ctx.body = signOutPage({ form, client: ctx.oidc.client, storefront });
				},
				postLogoutSuccessSource: (ctx) => {
					ctx.body = signedOutPage({ storefront });
				},
			},
			resourceIndicators: {
				enabled: true,
				defaultResource: () => undefined,
				useGrantedResource: () => true,
				getResourceServerInfo: (_ctx, resource) => {
					if (resource !== shopApi) throw new errors.InvalidTarget();
					return { scope: API_SCOPE, audience: shopApi, accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } };
				},
			},
		},
		// Cookies do not tell ports apart: two demos on one machine must not sign each other out.
		cookies: {
			keys: [randomBytes(32).toString("base64url")],
			names: { session: `session_${port}`, interaction: `interaction_${port}`, resume: `resume_${port}` },
		},
		interactions: { policy: loginPolicy(), url: (_ctx, { uid }) => `/interaction/${uid}` },
		findAccount: (_ctx, sub) => {
			const account = accounts.find(sub);
			return (
				account && {
					accountId: sub,
					claims: () => ({ sub, name: account.name, email: account.email, email_verified: true }),
				}
			);
		},
		renderError: (ctx, out, error) => {
			ctx.type = "html";
			ctx.body = errorPage({
				code: out.error,
				text: out.error_description,
				expired: error.name === "SessionNotFound",
				storefront,
			});
		},
	});
	addAtHash(provider);
	provider.use(exposeDate);
	return provider;
}

/** Lets pages see what time it is here: a login learns from it by how much the clock of its device is off. */
async function exposeDate(ctx, next) {
	await next();
	const exposed = "Access-Control-Expose-Headers";
	if (ctx.path === "/token") ctx.set(exposed, [ctx.response.get(exposed), "Date"].filter(Boolean).join(", "));
}
