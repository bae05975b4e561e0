// What the issuer's address is good for: lines to paste.

import type { TestIssuer } from "../testing/types.js";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The addresses, a token by curl, how to check it, and the lines of a verifier. */
export function pasteable({ issuer, audience, clientId, metadata }: TestIssuer, provider: string | undefined): string {
	const allowHttp = !LOOPBACK.includes(new URL(issuer).hostname);
	const options = [
		provider && `provider: ${JSON.stringify(provider)},`,
		`issuer: ${JSON.stringify(issuer)},`,
		`audience: ${JSON.stringify(audience)},`,
		provider === "clerk" && `authorizedParty: ${JSON.stringify(clientId)},`,
		provider === "github-actions" && 'claims: { repository: "octo-org/octo-repo" },',
		// Where a provider's keys are known, its metadata is not asked.
		provider && `jwksUri: ${JSON.stringify(metadata.jwks_uri)},`,
		allowHttp && "allowHttp: true, // for development alone",
	].filter(Boolean);
	const flags = [
		`--issuer ${issuer}`,
		...[audience ?? "any"].flat().map((one) => `--audience ${quoted(one)}`),
		provider && `--provider ${provider} --jwks ${metadata.jwks_uri}`,
		provider === "clerk" && `--authorized-party ${quoted(clientId)}`,
		provider === "github-actions" && "--claim repository=octo-org/octo-repo",
		allowHttp && "--allow-http",
	].filter(Boolean);
	const ask = `curl -s ${metadata.token_endpoint} -d grant_type=client_credentials -d client_id=${quoted(clientId)}`;
	return `issuer    ${issuer}
metadata  ${issuer}/.well-known/openid-configuration
keys      ${metadata.jwks_uri}

A token:
  ${ask} -d scope=orders:read
One, checked:
  ${ask} |
    npx countersign verify ${flags.join(" ")}
In code:
  import { createVerifier } from "countersign";
  const verifier = createVerifier({
    ${options.join("\n    ")}
  });
A login: this issuer, any clientId and redirectUri; the user is whom login_hint names.

It is for development: whoever reaches it gets tokens. Ctrl-C ends it.`;
}

/** A word for a shell. */
function quoted(word: string): string {
	return /^[\w:/.@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
