// What a server says of itself.

import { accepted, open, refused, rows } from "../row.mjs";
import { elsewhere, endless, html, json, raw, silence } from "../server.mjs";

const withMembers = (members) => ({ metadata: (document) => ({ ...document, ...members }) });
const IDENTICAL = "RFC 8414 §3.3";
const PRESENT = "RFC 8414 §2";
const TLS = "RFC 8414 §2, RFC 6749 §3";
const invalid = (spec, name, bend) => refused("metadata_invalid", spec, name, bend);
const unavailable = (name, bend) => open("metadata_unavailable", "RFC 8414 §3.2", name, bend);
/** Nothing listens there, and the name is one that never resolves (RFC 6761 §6.4). */
const INSECURE = "http://as.invalid/x";
const shortTime = { options: { timeout: 1 } };

export const metadata = rows("M", "login", [
	accepted(IDENTICAL, "nothing is wrong", {}),
	invalid(IDENTICAL, "another issuer", withMembers({ issuer: "https://as.example" })),
	invalid(IDENTICAL, "the issuer with a slash behind it", {
		metadata: (document) => ({ ...document, issuer: `${document.issuer}/` }),
	}),
	invalid(IDENTICAL, "the issuer in capitals", {
		metadata: (document) => ({ ...document, issuer: document.issuer.toUpperCase() }),
	}),
	invalid(PRESENT, "no issuer", withMembers({ issuer: undefined })),
	invalid(PRESENT, "a list of issuers", { metadata: (document) => ({ ...document, issuer: [document.issuer] }) }),
	open("metadata_invalid", "RFC 8259 §4", "two issuers, the wrong one first", {
		metadata: (document) => json(JSON.stringify(document).replace("{", '{"issuer":"https://as.example",')),
	}),
	invalid("RFC 8414 §3.2", "a page of HTML with status 200", { metadata: () => html(200) }),
	invalid("RFC 8414 §3.2", "an empty body", { metadata: () => json("") }),
	invalid("RFC 8414 §3.2", "an array", { metadata: (document) => json(JSON.stringify([document])) }),
	invalid("RFC 8414 §3.2", "nested 100,000 deep", { metadata: () => json("[".repeat(100_000)) }),
	refused("metadata_unavailable", "RFC 8414 §3.2", "right, but with status 500", {
		metadata: (document) => json(JSON.stringify(document), 500),
	}),
	refused("metadata_unavailable", "RFC 8414 §3.2", "none", { metadata: () => raw(404) }),
	unavailable("a redirect to another origin", {
		metadata: (_, { elsewhere }) => raw(302, "", { location: `${elsewhere}/openid-configuration` }),
		check: untouched,
	}),
	unavailable("three megabytes", withMembers({ padding: "a".repeat(3_000_000) })),
	unavailable("bytes that are not UTF-8", { metadata: () => json(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])) }),
	unavailable("no answer", { metadata: silence, ...shortTime }),
	unavailable("an answer without an end", { metadata: endless, ...shortTime }),
	invalid(TLS, "an authorization endpoint without TLS", withMembers({ authorization_endpoint: INSECURE })),
	invalid(TLS, "a token endpoint without TLS", withMembers({ token_endpoint: INSECURE })),
	invalid(TLS, "a key set without TLS", { ...withMembers({ jwks_uri: INSECURE }), na: ["oidcClient"] }),
	invalid("RFC 6749 §3.1", "an authorization endpoint with a fragment", {
		metadata: (document) => ({ ...document, authorization_endpoint: `${document.authorization_endpoint}#x` }),
	}),
	invalid(TLS, "an authorization endpoint that is a script", withMembers({ authorization_endpoint: "javascript:0" })),
	invalid(TLS, "an authorization endpoint that is a document", {
		...withMembers({ authorization_endpoint: "data:text/html,x" }),
	}),
	invalid(PRESENT, "no authorization endpoint", withMembers({ authorization_endpoint: undefined })),
	invalid(PRESENT, "no token endpoint", withMembers({ token_endpoint: undefined })),
	invalid(PRESENT, "a token endpoint that is a number", withMembers({ token_endpoint: 7 })),
	invalid("OpenID Connect Discovery §3", "no key set", { ...withMembers({ jwks_uri: undefined }), na: ["oidcClient"] }),
	open("metadata_invalid", "RFC 7636 §4.2", "PKCE without S256", {
		...withMembers({ code_challenge_methods_supported: ["plain"] }),
	}),
	open("metadata_invalid", "RFC 9207 §3", "a flag that is a text", {
		...withMembers({ authorization_response_iss_parameter_supported: "true" }),
	}),
	accepted(PRESENT, "members that nobody knows, and odd ones that nobody uses", {
		...withMembers({
			"x-odd": [1],
			registration_endpoint: null,
			introspection_endpoint: INSECURE,
			signed_metadata: "x",
		}),
	}),
	accepted("RFC 8414 §3.2", "the byte order mark before it, which a parser may ignore (RFC 8259 §8.1)", {
		metadata: (document) => json(`\ufeff${JSON.stringify(document)}`),
		due: undefined,
	}),
]);

/** Nobody was asked on the other origin. */
export function untouched({ asked }) {
	return asked.elsewhere > 0 && "the other origin was asked";
}

export const redirected = (what) => ({ [what]: elsewhere, check: untouched });
