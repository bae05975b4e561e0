// What the token endpoint answers to a code.

import { accepted, open, refused, rows } from "../row.mjs";
import { endless, html, json, raw, silence } from "../server.mjs";
import { redirected } from "./metadata.mjs";

export const withTokens = (members) => ({ tokens: (tokens) => ({ ...tokens, ...members }) });
const text = (make) => ({ tokens: (tokens, run) => make(JSON.stringify(tokens), run) });
const invalid = (spec, name, bend) => refused("token_response_invalid", spec, name, bend);
const oddly = (name, bend) => open("token_response_invalid", "RFC 6749 §5.1", name, bend);
const failed = (name, bend) => refused("token_request_failed", "RFC 6749 §5.2", name, bend);
const TYPE = "RFC 6749 §5.1, §7.1";
const GIVEN = "RFC 6749 §5.1";
const ID_TOKEN = "OpenID Connect Core §3.1.3.3";
const shortTime = { options: { timeout: 1 } };
const HOSTILE = `<img src=x onerror=alert(1)>\r\n\u202e${"a".repeat(100_000)}`;

export const tokens = rows("T", "login", [
	invalid(TYPE, "no token_type", withTokens({ token_type: undefined })),
	invalid(TYPE, "a token_type that nobody knows", withTokens({ token_type: "mac" })),
	invalid(TYPE, "a bound token that nobody asked for", withTokens({ token_type: "DPoP" })),
	invalid(TYPE, "a token_type that is a number", withTokens({ token_type: 1 })),
	accepted(GIVEN, "token_type bEaReR", withTokens({ token_type: "bEaReR" })),
	invalid(GIVEN, "no access token", withTokens({ access_token: undefined })),
	invalid(GIVEN, "an empty access token", withTokens({ access_token: "" })),
	invalid(GIVEN, "an access token that is an object", withTokens({ access_token: {} })),
	invalid(ID_TOKEN, "no ID token", withTokens({ id_token: undefined })),
	invalid(ID_TOKEN, "an ID token that is null", withTokens({ id_token: null })),
	invalid(ID_TOKEN, "an empty ID token", withTokens({ id_token: "" })),
	invalid(ID_TOKEN, "an ID token that is a list of one", { tokens: (all) => ({ ...all, id_token: [all.id_token] }) }),
	oddly("expires_in below zero", withTokens({ expires_in: -1 })),
	oddly(
		"expires_in beyond every number",
		text((all) => json(all.replace('"expires_in":300', '"expires_in":1e999'))),
	),
	oddly('expires_in "soon"', withTokens({ expires_in: "soon" })),
	oddly("expires_in true", withTokens({ expires_in: true })),
	open(undefined, GIVEN, 'expires_in "300"', withTokens({ expires_in: "300" })),
	accepted(GIVEN, "no expires_in", withTokens({ expires_in: undefined })),
	oddly("a scope that is a list", withTokens({ scope: ["openid"] })),
	accepted(GIVEN, "another scope than was asked for", withTokens({ scope: "openid purchases:read" })),
	oddly("a refresh token that is a number", withTokens({ refresh_token: 7 })),
	invalid(
		"RFC 6749 §3.2",
		"two access tokens",
		text((all) => json(all.replace("{", '{"access_token":"x",'))),
	),
	invalid("RFC 6749 §3.2", "two ID tokens, the wrong one first", {
		...text((all) => json(all.replace("{", '{"id_token":"x.y.z",'))),
	}),
	accepted(GIVEN, "members that nobody knows", withTokens({ "x-odd": { a: [1] }, session_state: "x" })),
	invalid(GIVEN, "a page of HTML with status 200", { tokens: () => html(200) }),
	invalid(GIVEN, "an empty body with status 204", { tokens: () => raw(204) }),
	invalid(
		GIVEN,
		"an array",
		text((all) => json(`[${all}]`)),
	),
	invalid(GIVEN, "null", { tokens: () => json("null") }),
	invalid(
		GIVEN,
		"JSON and more behind it",
		text((all) => json(`${all}{}`)),
	),
	open(
		undefined,
		"RFC 8259 §8.1",
		"the byte order mark before it",
		text((all) => json(`\ufeff${all}`)),
	),
	invalid("RFC 8259 §8.1", "UTF-16", {
		...text((all) => json(Buffer.from(all, "utf16le"))),
		code: "token_response_invalid",
	}),
	open("token_request_failed", "RFC 6749 §5.1", "five megabytes", withTokens({ padding: "a".repeat(5_000_000) })),
	failed("invalid_grant", { tokens: () => json('{"error":"invalid_grant"}', 400) }),
	failed("invalid_client, with a challenge of HTTP", {
		tokens: () => raw(401, '{"error":"invalid_client"}', { "www-authenticate": 'Basic realm="x"' }),
	}),
	failed("an error with status 200", { tokens: () => json('{"error":"invalid_grant"}') }),
	open("token_request_failed", "RFC 6749 §5.2", "an error beside tokens", withTokens({ error: "invalid_grant" })),
	failed("an error that is a number", { tokens: () => json('{"error":400}', 400) }),
	failed("an error that is made of script, controls and length", {
		tokens: () => json(JSON.stringify({ error: HOSTILE, error_description: HOSTILE }), 400),
	}),
	failed("an error that repeats the code verifier", {
		tokens: (_, { verifier }) => json(JSON.stringify({ error: "invalid_grant", error_description: verifier }), 400),
	}),
	failed("a page of HTML with status 502", { tokens: () => html(502) }),
	failed(
		"tokens with status 400",
		text((all) => json(all, 400)),
	),
	open(
		"token_request_failed",
		"RFC 9700 §4.12",
		"sent on to another origin, with code and verifier",
		redirected("tokens"),
	),
	open("token_request_failed", "RFC 6749 §5.1", "no answer", { tokens: silence, ...shortTime }),
	open("token_request_failed", "RFC 6749 §5.1", "an answer without an end", { tokens: endless, ...shortTime }),
]);
