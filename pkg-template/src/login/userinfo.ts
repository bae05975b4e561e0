// Claims about the user that the ID token does not have.

import type { Answer } from "../jwks/http.js";
import type { Claims } from "../verifier/claims.js";
import { challengeOf } from "./challenge.js";
import type { Context } from "./context.js";
import type { Access } from "./refresh.js";

/** Asks the server for claims about the user; a token that it refuses is renewed once. */
export async function userinfo(context: Context): Promise<Claims> {
	const { refresh, server, current } = context;
	const access = await refresh.access();
	const { core, client, fetch, metadata } = await server.connectTo("userinfoEndpoint");
	const url = metadata.userinfoEndpoint;
	if (!url) throw new TypeError("login.userinfo: the server's metadata has no userinfo_endpoint, or one without https");
	const seconds = client.use(({ requestTimeout }) => requestTimeout);
	const ask = async ({ token, jkt }: Access): Promise<Answer> => {
		const key = await context.dpop.sessionKey(jkt);
		const request = { method: "GET", url, accessToken: token };
		const sent = context.dpop.send(client, key, request, async (proof) => {
			const headers = { ...proof, accept: "application/json, application/jwt" };
			return [await core.exchange(fetch, url, { headers, credentials: "omit" }, seconds), 0];
		});
		return sent.catch((reason) => {
			throw core.fetchError("token_request_failed", url, reason);
		});
	};
	let answer = await ask(access);
	const isRefused = core.withInstance(({ core }) => core.refusesToken(answer.status, challengeOf(answer)));
	if (isRefused && (await refresh.canReplace(access.token))) answer = await ask(await refresh.access(access.token));
	const { status, headers, text } = answer;
	// Of the user who is logged in now: whoever was when it was asked may have left.
	const subject = current.session?.claims.sub;
	if (subject === undefined) throw new TypeError("login.userinfo: needs a session with an ID token: openid in scope");
	const type = headers.get("content-type") ?? undefined;
	const signed = core.withInstance((bound) => bound.core.signedUserinfo(status, type, text));
	if (signed === undefined) {
		core.withInstance((bound) => bound.core.checkUserinfo(status, text, subject));
		return JSON.parse(text) as Claims;
	}
	const claims = await context.idTokens.verifyUserinfo({ core, metadata }, signed);
	core.withInstance((bound) => bound.core.checkUserinfoSubject(claims.sub, subject));
	return claims;
}
