// aws-jwt-verify: JwtVerifier as its README shows it, and CognitoJwtVerifier for Cognito. Lines by hand are a customJwtCheck.

import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

const cacheOf = (network) => ({
	jwksCache: new SimpleJwksCache({
		fetcher: { fetch: async (uri) => (await network.fetch(uri)).arrayBuffer() },
	}),
});
const opened = (verifier) => ({ verify: (token) => verifier.verify(token), close() {} });
const hasText = (scope) => scope?.includes(".scope?.split(") ?? false;

export const generic = {
	name: "aws-jwt-verify",
	open({ issuers, audience, jwksUri, wantedScope, check }, network) {
		const one = (issuer) => ({
			issuer,
			audience: audience ?? null,
			jwksUri,
			...(wantedScope && { scope: wantedScope }),
			customJwtCheck: ({ payload, header }) => check(payload, header),
		});
		return opened(JwtVerifier.create(issuers.length > 1 ? issuers.map(one) : one(issuers[0]), cacheOf(network)));
	},
	sourceOf({ issuers, audience, jwksUri, wantedScope, byHand }) {
		const one = (issuer) => [
			`issuer: "${issuer}",`,
			`audience: ${JSON.stringify(audience ?? null)},`,
			`jwksUri: "${jwksUri}",`,
			...scopeOf(wantedScope),
			...customOf(byHand),
		];
		const several = (issuer) => ["{", ...one(issuer), "},"];
		return [
			'import { JwtVerifier } from "aws-jwt-verify";',
			...(issuers.length > 1
				? ["const verifier = JwtVerifier.create([", ...issuers.flatMap(several), "]);"]
				: ["const verifier = JwtVerifier.create({", ...one(issuers[0]), "});"]),
			"const payload = await verifier.verify(token);",
		];
	},
	/** Its option for a scope reads a text in `scope`. */
	hasScope: hasText,
};

export const cognito = {
	name: "CognitoJwtVerifier",
	open({ issuers: [issuer], wantedScope, clientId, check }, network) {
		const customJwtCheck = ({ payload, header }) => check(payload, header);
		const options = { userPoolId: poolOf(issuer), tokenUse: "access", clientId, scope: wantedScope, customJwtCheck };
		return opened(CognitoJwtVerifier.create(options, cacheOf(network)));
	},
	sourceOf: ({ issuers: [issuer], wantedScope, clientId, byHand }) => [
		'import { CognitoJwtVerifier } from "aws-jwt-verify";',
		"const verifier = CognitoJwtVerifier.create({",
		`userPoolId: "${poolOf(issuer)}",`,
		'tokenUse: "access",',
		`clientId: "${clientId}",`,
		...scopeOf(wantedScope),
		// Its own options are two of the checks.
		...customOf(byHand.slice(2)),
		"});",
		"const payload = await verifier.verify(token);",
	],
	hasScope: hasText,
};

const poolOf = (issuer) => issuer.split("/").at(-1);
const scopeOf = (scope) => (scope ? [`scope: "${scope}",`] : []);
const customOf = (byHand) => (byHand.length > 0 ? ["customJwtCheck({ payload, header }) {", ...byHand, "},"] : []);
