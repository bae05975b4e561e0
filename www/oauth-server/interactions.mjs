// Login, consent and a second look at who it is: what oidc-provider leaves to us.
import { CONFIRMED } from "../addresses.mjs";
import { confirmPage, consentPage, errorPage, loginPage } from "./pages.mjs";
import { wantsConfirmation } from "./step-up.mjs";

const BODY_LIMIT = 8 * 1024;

async function readForm(request) {
	let body = "";
	for await (const chunk of request) {
		body += chunk;
		if (body.length > BODY_LIMIT) return new URLSearchParams();
	}
	return new URLSearchParams(body);
}

export function createInteractions({ provider, accounts, storefront }) {
	const send = (response, status, body, headers = {}) => {
		response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers });
		response.end(body);
	};

	async function show(response, { uid, prompt, params, session }) {
		const client = await provider.Client.find(params.client_id);
		const known = whoConfirms({ prompt, params, session });
		if (known) return send(response, 200, confirmPage({ uid, client, account: known }));
		if (prompt.name === "login")
			return send(response, 200, loginPage({ uid, client, params, email: params.login_hint }));
		const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details;
		const [[resource, resourceScopes] = [undefined, []]] = Object.entries(missingResourceScopes);
		return send(
			response,
			200,
			consentPage({
				uid,
				client,
				params,
				resource,
				scopes: [...missingOIDCScope, ...resourceScopes],
				account: accounts.find(session.accountId),
			}),
		);
	}

	async function login(request, response, { uid, params }) {
		const form = await readForm(request);
		const email = form.get("email") ?? "";
		const { account, retryAfter } = await accounts.signIn(email, form.get("password") ?? "");
		if (account) return finish(request, response, { login: { accountId: account.sub, amr: ["pwd"] } });

		const client = await provider.Client.find(params.client_id);
		const problem = retryAfter
			? `Too many tries. Wait ${retryAfter} seconds, then try again.`
			: "Email and password do not match. Check both and try again.";
		return send(
			response,
			retryAfter ? 429 : 422,
			loginPage({ uid, client, params, email, problem }),
			retryAfter ? { "retry-after": String(retryAfter) } : {},
		);
	}

	/** The user who is signed in, where all that is asked of them is to confirm it. A hint at somebody else asks for another. */
	const whoConfirms = ({ prompt: { name, reasons }, params, session }) =>
		name === "login" && session && wantsConfirmation(params) && !reasons.includes("id_token_hint")
			? accounts.find(session.accountId)
			: undefined;

	async function prove(request, response, details) {
		const known = whoConfirms(details);
		const form = await readForm(request);
		const { account, retryAfter } = known ? await accounts.confirm(known.sub, form.get("pin") ?? "") : {};
		// Its time is that of the login, for `max_age`. OpenID Connect Core §2
		if (account)
			return finish(request, response, { login: { accountId: account.sub, acr: CONFIRMED, amr: ["pwd", "pin"] } });
		if (!known) return show(response, details);

		const { uid, params } = details;
		const client = await provider.Client.find(params.client_id);
		const problem = retryAfter
			? `Too many tries. Wait ${retryAfter} seconds, then try again.`
			: "That is not your PIN. Try again.";
		return send(
			response,
			retryAfter ? 429 : 422,
			confirmPage({ uid, client, account: known, problem }),
			retryAfter ? { "retry-after": String(retryAfter) } : {},
		);
	}

	async function confirm(request, response, { grantId, params, prompt, session }) {
		const grant =
			(grantId && (await provider.Grant.find(grantId))) ||
			new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
		const { missingOIDCScope, missingOIDCClaims, missingResourceScopes = {} } = prompt.details;
		if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(" "));
		if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
		for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
			grant.addResourceScope(resource, scopes.join(" "));
		}
		return finish(request, response, { consent: { grantId: await grant.save() } }, true);
	}

	const abort = (request, response) =>
		finish(request, response, { error: "access_denied", error_description: "the user said no" });

	const finish = (request, response, result, mergeWithLastSubmission = false) =>
		provider.interactionFinished(request, response, result, { mergeWithLastSubmission });

	const actions = { login: { login, confirm: prove, abort }, consent: { confirm, abort } };

	/** Answers /interaction/:uid and its actions; false when the request is not for it. */
	return async function interactions(request, response, path) {
		const [, uid, action] = /^\/interaction\/([\w-]{1,64})(?:\/(login|confirm|abort))?$/.exec(path) ?? [];
		if (!uid) return false;
		const expired = () => send(response, 400, errorPage({ expired: true, storefront }));

		let details;
		try {
			details = await provider.interactionDetails(request, response);
		} catch {
			expired();
			return true;
		}
		if (details.uid !== uid) expired();
		else if (!action && request.method === "GET") await show(response, details);
		else if (action && request.method === "POST") {
			// The cookie is SameSite=Lax; other ports of this host are the same site, so the origin counts too.
			const { origin } = request.headers;
			const act = actions[details.prompt.name]?.[action];
			if (origin !== undefined && origin !== provider.issuer) {
				send(
					response,
					403,
					errorPage({ code: "invalid_request", text: "This form was sent from another site.", storefront }),
				);
			} else if (act) await act(request, response, details);
			else expired();
		} else
			send(response, 405, errorPage({ code: "invalid_request", text: "Method not allowed.", storefront }), {
				allow: action ? "POST" : "GET",
			});
		return true;
	};
}
