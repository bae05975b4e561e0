// oauth4webapi knows two of the profiles: access tokens (RFC 9068) and ID tokens.
import * as oauth from "oauth4webapi";
import { headerOf, isToken, keysOf, tokenText } from "./material.mjs";

export const name = "oauth4webapi";

const KNOWN = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];

export const skips = ({ kind, policy, ...entry }) => {
	if (!isToken({ kind }) || !["access-token", "id-token"].includes(policy.profile))
		return "knows access tokens and ID tokens only";
	const { alg } = headerOf(entry);
	if (typeof alg === "string" && /^(HS|ES256K)/.test(alg)) return `has no ${alg}`;
	if (typeof policy.issuer !== "string" || typeof policy.audience !== "string")
		return "takes one issuer and one audience";
	if (
		policy.maxTokenAge !== undefined ||
		policy.subject !== undefined ||
		policy.acr !== undefined ||
		policy.accessToken !== undefined ||
		policy.code !== undefined
	)
		return "lacks the option";
	return undefined;
};

const json = (body) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });

export const accepts = async (entry) => {
	const { policy, now } = entry;
	const token = tokenText(entry);
	const keys = keysOf(entry);
	const set = Array.isArray(keys?.keys) ? keys : { keys: [keys] };
	const clock = {
		[oauth.clockSkew]: now - Math.floor(Date.now() / 1000),
		[oauth.clockTolerance]: policy.clockTolerance ?? 0,
	};
	const options = { [oauth.customFetch]: async () => json(set) };
	const server = {
		issuer: policy.issuer,
		jwks_uri: "https://keys.example/jwks",
		id_token_signing_alg_values_supported: policy.algorithms ?? KNOWN,
	};
	try {
		if (policy.profile === "access-token") {
			const request = new Request("https://api.example/", { headers: { authorization: `Bearer ${token}` } });
			await oauth.validateJwtAccessToken(server, request, policy.audience, {
				...options,
				...clock,
				signingAlgorithms: policy.algorithms ?? KNOWN,
			});
		} else {
			const client = { client_id: policy.audience, ...clock };
			const response = json({ access_token: "access", token_type: "bearer", id_token: token });
			const expectedNonce = policy.nonce ?? oauth.expectNoNonce;
			await oauth.processAuthorizationCodeResponse(server, client, response, {
				expectedNonce,
				maxAge: policy.maxAge ?? oauth.skipAuthTimeCheck,
				requireIdToken: true,
			});
			await oauth.validateApplicationLevelSignature(server, response, options);
		}
		return (policy.requiredClaims ?? []).every(
			(claim) => claim in JSON.parse(Buffer.from(token.split(".")[1], "base64url")),
		);
	} catch {
		return false;
	}
};
