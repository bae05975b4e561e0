// jose, as its README shows it: issuer and audience. Scopes are the caller's to check.

import * as jose from "jose";

export const name = "jose";

export function open({ issuers, audience, jwksUri, certificates, check }, network) {
	const url = new URL(jwksUri);
	const keys = certificates
		? async ({ kid }) => jose.importX509((await (await network.fetch(url)).json())[kid], "RS256")
		: jose.createRemoteJWKSet(url, { [jose.customFetch]: network.fetch });
	return {
		async verify(token) {
			const { payload, protectedHeader } = await jose.jwtVerify(token, keys, {
				issuer: issuers,
				...(audience !== undefined && { audience }),
			});
			check(payload, protectedHeader);
		},
		close() {},
	};
}

/** What a reader writes. */
export const sourceOf = ({ issuers, audience, jwksUri, certificates, byHand }) => [
	`import { ${certificates ? "importX509" : "createRemoteJWKSet"}, jwtVerify } from "jose";`,
	certificates
		? `const keys = async ({ kid }) => importX509((await (await fetch("${jwksUri}")).json())[kid], "RS256");`
		: `const keys = createRemoteJWKSet(new URL("${jwksUri}"));`,
	"const { payload, protectedHeader: header } = await jwtVerify(token, keys, {",
	`issuer: ${JSON.stringify(issuers)},`,
	...(audience ? [`audience: "${audience}",`] : []),
	"});",
	...byHand,
];

/** It has no option for scopes. */
export const hasScope = () => false;
