// express-oauth2-jwt-bearer, as its README shows it, in an Express server on real HTTP. Lines by hand are handlers behind it.

import express from "express";
import { auth, InvalidTokenError, requiredScopes } from "express-oauth2-jwt-bearer";

export const name = "express-oauth2-jwt-bearer";

export async function open({ issuers, audience, jwksUri, wantedScope, check }, network) {
	const app = express();
	app.use(auth({ issuer: issuers[0], audience, jwksUri: network.at(jwksUri), ...severalOf(issuers) }));
	if (wantedScope) app.use(requiredScopes(wantedScope));
	app.use(({ auth: { payload, header } }, _response, next) => {
		try {
			check(payload, header);
			next();
		} catch (error) {
			next(new InvalidTokenError(error.message));
		}
	});
	app.get("/", (_request, response) => response.json({}));
	app.use(({ status, message }, _request, response, _next) => response.status(status ?? 500).json({ message }));
	const server = await new Promise((resolve) => {
		const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
	});
	const address = `http://127.0.0.1:${server.address().port}/`;
	return {
		async verify(token) {
			const answer = await network.plain(address, { headers: { authorization: `Bearer ${token}` } });
			if (answer.status !== 200) throw new Error(`${answer.status} ${(await answer.json()).message}`);
		},
		close() {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(resolve));
		},
	};
}

const severalOf = (issuers) => (issuers.length > 1 ? { validators: { iss: (iss) => issuers.includes(iss) } } : {});

/** What a reader writes. */
export const sourceOf = ({ issuers, audience, wantedScope, byHand }) => [
	`import { ${["auth", byHand.length > 0 && "claimCheck", wantedScope && "requiredScopes"].filter(Boolean).join(", ")} } from "express-oauth2-jwt-bearer";`,
	"app.use(auth({",
	`issuerBaseURL: "${issuers[0]}",`,
	`audience: "${audience}",`,
	...(issuers.length > 1 ? [`validators: { iss: (iss) => ${JSON.stringify(issuers)}.includes(iss) },`] : []),
	"}));",
	...(wantedScope ? [`app.use(requiredScopes("${wantedScope}"));`] : []),
	...(byHand.length > 0 ? ["app.use(claimCheck((payload) => {", ...byHand, "return true;", "}));"] : []),
];

/** requiredScopes reads `scope`, a text or a list. */
export const hasScope = (scope) => scope?.includes("payload.scope?.") ?? false;
