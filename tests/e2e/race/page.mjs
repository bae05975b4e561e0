// One tab of the race: it logs in, or takes up what another tab has, and then renews whenever the others do.

import { createAuth0Client } from "@auth0/auth0-spa-js";
import { createLogin } from "countersign/login";
import { UserManager, WebStorageStateStore } from "oidc-client-ts";

const ask = async (path, body) => {
	const response = await fetch(path, body && { method: "POST", body: JSON.stringify(body) });
	return response.json();
};

/** Each: a login, a session that is there already, and an access token with time left. */
const LOGINS = {
	countersign({ issuer, storage }, redirectUri) {
		const login = createLogin({ issuer, clientId: "shop", redirectUri, scope: "openid", storage, silent: "never" });
		return {
			start: () => login.start(),
			resume: async () => (await login.restore()) !== null,
			token: () => login.accessToken(),
		};
	},
	async auth0({ issuer }, redirectUri) {
		const client = await createAuth0Client({
			domain: issuer.replace(/\/$/, ""),
			clientId: "shop",
			cacheLocation: "localstorage",
			useRefreshTokens: true,
			authorizationParams: { redirect_uri: redirectUri, scope: "openid" },
		});
		return {
			start: () => client.loginWithRedirect(),
			async resume() {
				if (location.search.includes("code=")) await client.handleRedirectCallback();
				history.replaceState(null, "", location.pathname);
				return client.isAuthenticated();
			},
			token: () => client.getTokenSilently(),
		};
	},
	oidcClient({ issuer }, redirectUri) {
		const manager = new UserManager({
			authority: issuer,
			client_id: "shop",
			redirect_uri: redirectUri,
			scope: "openid",
			automaticSilentRenew: false,
			monitorSession: false,
			userStore: new WebStorageStateStore({ store: localStorage }),
		});
		return {
			start: () => manager.signinRedirect(),
			async resume() {
				if (location.search.includes("code=")) await manager.signinCallback();
				history.replaceState(null, "", location.pathname);
				return (await manager.getUser()) !== null;
			},
			async token() {
				const user = await manager.getUser();
				if (user && user.expires_in > 1) return user.access_token;
				return (await manager.signinSilent()).access_token;
			},
		};
	},
};

async function run() {
	const settings = await ask("/settings");
	const tab = sessionStorage.getItem("tab") ?? new URL(location.href).searchParams.get("tab");
	sessionStorage.setItem("tab", tab);
	const login = await LOGINS[settings.kind](settings, `${location.origin}/callback`);
	if (tab !== "0") await ask("/signed-in");
	if (!(await login.resume())) {
		if (tab === "0") return login.start();
		throw new Error("no session to take up");
	}
	if (tab === "0") await ask("/signed-in", {});
	for (let round = 1; ; round += 1) {
		const { more } = await ask(`/round?round=${round}`);
		const began = performance.now();
		let error = null;
		try {
			await login.token();
		} catch (reason) {
			error = String(reason?.code ?? reason?.error ?? reason);
		}
		await ask("/result", { tab, round, error, took: Math.round(performance.now() - began) });
		if (!more) break;
		// Who has lost the session logs in again, so that the next round is a race, too.
		if (error && tab === "0") return login.start();
	}
	document.title = "done";
}

run().catch((error) => {
	document.body.textContent = String(error?.stack ?? error);
	ask("/result", { tab: sessionStorage.getItem("tab"), round: 0, error: String(error) });
});
