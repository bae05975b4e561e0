// Three libraries, each as its own documentation has it, in a page. What is thrown is a refusal.

const redirectUri = `${location.origin}/cb`;
const clientId = "shop";

/**
 * Each gives what a page can do: `start` leaves, `finish` rejects or resolves to who is there. `leave` takes an address in place
 * of the browser, where the row stays in its page.
 */
export const CLIENTS = {
	async countersign({ issuer, options, at, staysInPage }, leave) {
		const { createLogin } = await import("countersign/login");
		let ahead = 0;
		let left = null;
		const stays = at === "logout" || at === "forged";
		const login = createLogin({
			issuer,
			clientId,
			redirectUri,
			silent: "never",
			now: () => Date.now() / 1000 + ahead,
			navigate: (url, how) => {
				left = url;
				if (staysInPage) leave(url);
				else if (!stays || url.includes("response_type=")) location[how](url);
			},
			...options,
		});
		return {
			start: () => login.start(),
			async finish() {
				const finished = await login.finish();
				if (!finished) throw { code: "no answer" };
				return login.session.claims.sub;
			},
			/** Until the access token has expired. */
			async renew() {
				ahead = 400;
				await login.accessToken();
				return login.session.claims.sub;
			},
			userinfo: async () => (await login.userinfo()).sub,
			logout: () => login.logout(),
			/** What the page is like afterwards. */
			state: () => ({ session: login.session?.claims.sub ?? null, search: location.search, left }),
		};
	},

	async oidcClient({ issuer, options: { maxAge, acrValues } = {}, at }) {
		const { UserManager, WebStorageStateStore } = await import("oidc-client-ts");
		const manager = new UserManager({
			authority: issuer,
			client_id: clientId,
			redirect_uri: redirectUri,
			automaticSilentRenew: false,
			monitorSession: false,
			loadUserInfo: at === "userinfo",
			revokeTokensOnSignout: true,
			userStore: new WebStorageStateStore({ store: sessionStorage }),
			...(maxAge && { max_age: maxAge }),
			...(acrValues && { acr_values: acrValues }),
		});
		return {
			start: () => manager.signinRedirect(),
			finish: async () => (await manager.signinCallback()).profile.sub,
			renew: async () => (await manager.signinSilent()).profile.sub,
			// It asks as it finishes.
			userinfo: async () => (await manager.getUser()).profile.sub,
			logout: () => manager.signoutRedirect(),
		};
	},

	async oauth4webapi({ issuer, options: { maxAge } = {} }) {
		const oauth = await import("oauth4webapi");
		const client = { client_id: clientId };
		const loopback = { [oauth.allowInsecureRequests]: true };
		let tokens;
		const discover = async () => {
			const url = new URL(issuer);
			const response = await oauth.discoveryRequest(url, { algorithm: "oauth2", ...loopback });
			return oauth.processDiscoveryResponse(url, response);
		};
		return {
			async start() {
				const as = await discover();
				const [verifier, state, nonce] = [
					oauth.generateRandomCodeVerifier(),
					oauth.generateRandomState(),
					oauth.generateRandomNonce(),
				];
				sessionStorage.peer = JSON.stringify({ verifier, state, nonce });
				const parameters = new URLSearchParams({
					client_id: clientId,
					redirect_uri: redirectUri,
					response_type: "code",
					scope: "openid",
					code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
					code_challenge_method: "S256",
					state,
					nonce,
					...(maxAge && { max_age: maxAge }),
				});
				const url = new URL(as.authorization_endpoint);
				if (as.pushed_authorization_request_endpoint) {
					const response = await oauth.pushedAuthorizationRequest(as, client, oauth.None(), parameters, loopback);
					const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
					url.searchParams.set("client_id", clientId);
					url.searchParams.set("request_uri", request_uri);
				} else for (const [name, value] of parameters) url.searchParams.set(name, value);
				location.assign(url);
			},
			async finish() {
				const { verifier, state, nonce } = JSON.parse(sessionStorage.peer);
				// As a page keeps it: for one answer.
				delete sessionStorage.peer;
				const as = await discover();
				const parameters = oauth.validateAuthResponse(as, client, new URL(location.href), state);
				const response = await oauth.authorizationCodeGrantRequest(
					...[as, client, oauth.None(), parameters, redirectUri, verifier, loopback],
				);
				const expected = { expectedNonce: nonce, requireIdToken: true, ...(maxAge && { maxAge }) };
				tokens = await oauth.processAuthorizationCodeResponse(as, client, response, expected);
				// By default it leaves the signature unchecked; this is its way to have it checked.
				await oauth.validateApplicationLevelSignature(as, response, loopback);
				return oauth.getValidatedIdTokenClaims(tokens).sub;
			},
			async renew() {
				const as = await discover();
				const response = await oauth.refreshTokenGrantRequest(
					...[as, client, oauth.None(), tokens.refresh_token, loopback],
				);
				const renewed = await oauth.processRefreshTokenResponse(as, client, response);
				if (renewed.id_token) await oauth.validateApplicationLevelSignature(as, response, loopback);
				return oauth.getValidatedIdTokenClaims(renewed)?.sub;
			},
			async userinfo() {
				const as = await discover();
				const { sub } = oauth.getValidatedIdTokenClaims(tokens);
				const response = await oauth.userInfoRequest(as, client, tokens.access_token, loopback);
				return (await oauth.processUserInfoResponse(as, client, sub, response)).sub;
			},
		};
	},
};
