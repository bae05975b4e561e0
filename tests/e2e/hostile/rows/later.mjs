// What happens once somebody is logged in: renewals, further claims, requests that are pushed, and the way out.

import { accepted, open, refused, rows } from "../row.mjs";
import { endless, html, json, raw, silence } from "../server.mjs";
import { part } from "../tokens.mjs";
import { withClaims } from "./id-tokens.mjs";
import { redirected } from "./metadata.mjs";
import { withTokens } from "./tokens.mjs";

const SAME = "OpenID Connect Core §12.2";
const RENEWED = "RFC 6749 §6";
const shortTime = { options: { timeout: 1 } };
const refusal = (error, status = 400) => ({ tokens: () => json(JSON.stringify({ error }), status) });

export const renewals = rows("N", "renewal", [
	accepted(SAME, "nothing is wrong, and there is no nonce", {}),
	accepted(SAME, "the nonce of the login", { claims: (claims, { nonce }) => ({ ...claims, nonce }) }),
	accepted(SAME, "no ID token", withTokens({ id_token: undefined })),
	accepted(RENEWED, "no new refresh token", withTokens({ refresh_token: undefined })),
	refused("subject_mismatch", SAME, "another subject", { ...withClaims({ sub: "mallory" }), ends: true }),
	refused("nonce_mismatch", SAME, "another nonce", withClaims({ nonce: "x".repeat(43) })),
	refused("issuer_mismatch", SAME, "another issuer", withClaims({ iss: "https://as.example" })),
	refused("audience_mismatch", SAME, "for another client", withClaims({ aud: "other" })),
	open("authorized_party_mismatch", SAME, "issued to another party", withClaims({ azp: "other" })),
	refused("alg_none", "OpenID Connect Core §2", "alg none", {
		idToken: (one) => `${part({ alg: "none" })}.${one.split(".")[1]}.`,
	}),
	refused("token_expired", SAME, "an ID token that has expired", {
		...withClaims(({ iat }) => ({ iat: iat - 9_000, exp: iat - 8_000 })),
	}),
	open("at_hash_mismatch", "OpenID Connect Core §3.1.3.8", "the hash of another access token", {
		...withClaims({ at_hash: "A".repeat(22) }),
	}),
	refused(
		"token_response_invalid",
		"RFC 6749 §7.1",
		"a token_type that nobody knows",
		withTokens({ token_type: "mac" }),
	),
	refused("token_response_invalid", "RFC 6749 §5.1", "no access token", withTokens({ access_token: undefined })),
	open("token_response_invalid", "RFC 6749 §5.1", "a refresh token that is a number", withTokens({ refresh_token: 7 })),
	refused("token_response_invalid", "RFC 6749 §5.1", "a page of HTML with status 200", { tokens: () => html(200) }),
	refused("session_ended", "RFC 6749 §5.2", "invalid_grant", { ...refusal("invalid_grant"), ends: true }),
	refused("token_request_failed", "RFC 6749 §5.2", "invalid_client", refusal("invalid_client", 401)),
	refused("token_request_failed", "RFC 6749 §5.2", "a page of HTML with status 503", { tokens: () => html(503) }),
	refused("session_ended", "RFC 6749 §5.2", "an error that repeats the refresh token", {
		tokens: (_, run) =>
			json(JSON.stringify({ error: "invalid_grant", error_description: `unknown: ${run.refreshed}` }), 400),
		ends: true,
	}),
	open("token_request_failed", "RFC 9700 §4.12", "sent on to another origin, with the refresh token", {
		...redirected("tokens"),
	}),
	open("token_request_failed", RENEWED, "no answer", { tokens: silence, ...shortTime }),
	open("token_request_failed", RENEWED, "an answer without an end", { tokens: endless, ...shortTime }),
]);

const ABOUT = "OpenID Connect Core §5.3.2";
const malformed = (name, bend) => refused("token_response_invalid", ABOUT, name, bend);

export const userinfos = rows("U", "userinfo", [
	accepted(ABOUT, "nothing is wrong", {}),
	refused("subject_mismatch", ABOUT, "about somebody else", { userinfo: () => ({ sub: "mallory" }) }),
	refused("subject_mismatch", ABOUT, "about ADA in place of ada", { userinfo: () => ({ sub: "ADA" }) }),
	malformed("about nobody", { userinfo: () => ({ name: "Ada" }) }),
	malformed("about a list with the subject", { userinfo: () => ({ sub: ["ada"] }) }),
	open("token_response_invalid", "RFC 8259 §4", "about two", { userinfo: () => json('{"sub":"mallory","sub":"ada"}') }),
	malformed("a list", { userinfo: () => json('[{"sub":"ada"}]') }),
	malformed("a page of HTML", { userinfo: () => html(200) }),
	open("alg_none", "RFC 8725 §3.2", "a JWT that nobody signed", {
		userinfo: () =>
			raw(200, `${part({ alg: "none" })}.${part({ sub: "ada" })}.`, { "content-type": "application/jwt" }),
	}),
	refused("token_request_failed", "OpenID Connect Core §5.3.3", "status 500", { userinfo: () => html(500) }),
	refused("token_request_failed", "OpenID Connect Core §5.3.3", "an access token that is never good enough", {
		userinfo: () => raw(401, "", { "www-authenticate": 'Bearer error="invalid_token"' }),
		check: ({ asked }) => asked.userinfo > 2 && `asked ${asked.userinfo} times`,
	}),
	open("token_request_failed", ABOUT, "sent on to another origin, with the access token", redirected("userinfo")),
	open("token_request_failed", ABOUT, "no answer", { userinfo: silence, ...shortTime }),
	open("token_request_failed", ABOUT, "an answer without an end", { userinfo: endless, ...shortTime }),
	refused("TypeError", "OpenID Connect Core §5.3", "an address without TLS", {
		metadata: (document) => ({ ...document, userinfo_endpoint: "http://as.invalid/x" }),
	}),
]);

const PUSHED = "RFC 9126 §2.2";
const pushed = (members) => ({ pushed: (pushed) => ({ ...pushed, ...members }) });
const others = { na: ["oidcClient"] };
const notTaken = (code, spec, name, bend) => refused(code, spec, name, { ...others, ...bend });

export const pushes = rows("P", "push", [
	accepted(PUSHED, "nothing is wrong", others),
	notTaken("token_request_failed", "RFC 9126 §2.3", "invalid_request", {
		pushed: () => json('{"error":"invalid_request"}', 400),
	}),
	notTaken("token_request_failed", "RFC 9126 §2.2", "status 200 in place of 201", {
		pushed: (pushed) => json(JSON.stringify(pushed)),
		due: undefined,
	}),
	notTaken("token_request_failed", "RFC 9126 §2.3", "a page of HTML with status 500", { pushed: () => html(500) }),
	notTaken("token_response_invalid", PUSHED, "no request_uri", pushed({ request_uri: undefined })),
	notTaken("token_response_invalid", PUSHED, "an empty request_uri", pushed({ request_uri: "" })),
	notTaken("token_response_invalid", PUSHED, "a request_uri that is a number", pushed({ request_uri: 7 })),
	notTaken("token_response_invalid", PUSHED, "a list", { pushed: () => json("[]", 201) }),
	open("token_response_invalid", PUSHED, "expires_in true", { ...pushed({ expires_in: true }), ...others }),
	accepted(PUSHED, "a request_uri that would be more than one parameter", {
		...pushed({ request_uri: "urn:x&redirect_uri=https://as.example&state=x" }),
		...others,
		check: ({ request }) =>
			(request.get("request_uri") !== "urn:x&redirect_uri=https://as.example&state=x" || request.has("redirect_uri")) &&
			"it became several",
	}),
	notTaken("token_request_failed", PUSHED, "sent on to another origin", { ...redirected("pushed"), due: undefined }),
	open("token_request_failed", PUSHED, "no answer", { pushed: silence, ...shortTime, ...others }),
	notTaken("metadata_invalid", "RFC 9126 §2", "an address without TLS", {
		metadata: (document) => ({ ...document, pushed_authorization_request_endpoint: "http://as.invalid/x" }),
	}),
]);

const OUT = "RFC 7009 §2.2, RP-Initiated Logout §2";
/** The user is out here, whatever the server does, and no token is of use that could be revoked. */
const leaves = (name, bend) => accepted(OUT, name, { na: ["oauth4webapi"], ...bend, due: undefined });

export const logouts = rows("O", "logout", [
	leaves("nothing is wrong", { check: ({ asked }) => !asked.revoke && "nothing was revoked" }),
	leaves("status 500 for the revocation", { revoked: () => html(500) }),
	leaves("no answer to the revocation", { revoked: silence, ...shortTime }),
	leaves("the revocation sent on to another origin", redirected("revoked")),
	refused("metadata_invalid", "RP-Initiated Logout §2.1", "an address that is a script", {
		metadata: (document) => ({ ...document, end_session_endpoint: "javascript:0" }),
		na: ["oauth4webapi"],
	}),
	leaves("an address that is a script, in the other document alone", {
		metadata: (document, { isOpenId }) => ({
			...document,
			end_session_endpoint: isOpenId ? "javascript:0" : undefined,
		}),
		check: (_, { left }) => left !== null && !left.includes("response_type=") && `the page was left for ${left}`,
	}),
]);
