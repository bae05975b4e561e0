// DEMO ONLY, not part of an OAuth server: what this server did for one login, so that the storefront's
// diagram shows steps 2 and 3 as they really happened, although the page was elsewhere meanwhile.
// Anybody who knows the state of a login can read its events; they hold no code, token, password or verifier.
const KEPT = 200;

export function keepEventLog(provider) {
	const logs = new Map(); // state → events, oldest login first
	const stateOfNonce = new Map();

	const add = (state, event) => {
		if (typeof state !== "string" || state.length < 16 || state.length > 512) return;
		if (!logs.has(state)) {
			logs.set(state, []);
			if (logs.size > KEPT) logs.delete(logs.keys().next().value);
		}
		const events = logs.get(state);
		if (events.length < 32) events.push({ at: Date.now(), ...event });
	};

	// Both come after the server has checked client, redirect URI, PKCE challenge and resource.
	const verified = ({ params, client }) => {
		if (logs.has(params.state)) return;
		if (params.nonce) stateOfNonce.set(params.nonce, params.state);
		if (stateOfNonce.size > KEPT) stateOfNonce.delete(stateOfNonce.keys().next().value);
		add(params.state, {
			event: "client verified",
			client: client.clientName,
			checks: [
				{ name: "client is registered", spec: "RFC 6749 §3.1", found: client.clientId },
				{ name: "redirect URI is exactly the registered one", spec: "RFC 9700 §2.1", found: params.redirect_uri },
				{ name: "PKCE challenge is there", spec: "RFC 7636 §4.3", found: params.code_challenge_method },
				{ name: "resource is known", spec: "RFC 8707 §2", found: [params.resource ?? "none"].flat().join(" ") },
			],
		});
	};
	provider.on("interaction.started", ({ oidc }, prompt) => {
		verified(oidc);
		add(oidc.params.state, { event: `${prompt.name} asked` });
	});
	provider.on("authorization.accepted", ({ oidc }) => verified(oidc));
	provider.on("interaction.ended", ({ oidc }) => {
		const { login, consent, error } = oidc.result ?? {};
		add(oidc.params.state, {
			event: error
				? "denied"
				: consent
					? "consent given"
					: login?.acr
						? "confirmed by PIN"
						: login
							? "signed in"
							: "went on",
		});
	});
	provider.on("authorization.success", ({ oidc }) => {
		add(oidc.params.state, { event: "code issued" });
	});
	provider.on("authorization.error", ({ oidc }, error) => {
		add(oidc?.params?.state, { event: `refused: ${error.error ?? "server_error"}` });
	});
	provider.on("grant.success", ({ oidc }) => {
		const nonce = oidc.entities.AuthorizationCode?.nonce;
		add(stateOfNonce.get(nonce), {
			event: "tokens issued",
			checks: [
				{ name: "code is fresh and used once", spec: "RFC 6749 §4.1.2", found: "first use" },
				{ name: "verifier hashes to the challenge", spec: "RFC 7636 §4.6", found: "S256, equal" },
			],
		});
	});

	return (state) => logs.get(state) ?? [];
}
