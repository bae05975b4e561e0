// What comes back to the redirect address: from the server, or from whoever makes a link to it.

import { accepted, open, refused, rows } from "../row.mjs";

const withParameters = (parameters) => ({ answer: (answer) => ({ ...answer, ...parameters }) });
const without = (...names) => ({
	answer: (answer) => Object.fromEntries(Object.entries(answer).filter(([name]) => !names.includes(name))),
});
/** The whole of what stands behind the redirect address. */
const query = (make) => ({ answer: (answer, run) => make(`?${new URLSearchParams(answer)}`, answer, run) });
const unannounced = {
	metadata: (document) => ({ ...document, authorization_response_iss_parameter_supported: undefined }),
};
const SENT = "RFC 6749 §10.12";
const ONCE = "RFC 6749 §3.1";
const ISSUER = "RFC 9207 §2.4";
/** What is no answer to ours is the page's own affair, and stays where it is. */
const NOT_OURS = "no answer";
/** Nobody gave a code for tokens. */
const noExchange = { check: ({ asked }) => asked.token > 0 && "the code was given for tokens" };
const refusedBefore = (code, spec, name, bend) => refused(code, spec, name, { ...noExchange, ...bend });
/** Nothing of these is text (RFC 6749 §4.1.2.1), and all of it is too much. */
const HOSTILE = `<script>alert(1)</script>\r\n\u202e\u0007${"a".repeat(4_000)}`;

export const answers = rows("A", "login", [
	refusedBefore("state_mismatch", SENT, "another state", withParameters({ state: "x".repeat(43) })),
	refusedBefore("state_mismatch", SENT, "another state that is like ours", {
		answer: (answer) => ({ ...answer, state: `${answer.state.slice(0, -22)}${"A".repeat(22)}` }),
	}),
	refusedBefore("state_mismatch", SENT, "the state, and a space", {
		answer: (answer) => ({ ...answer, state: `${answer.state} ` }),
	}),
	refusedBefore("state_mismatch", SENT, "no state", without("state")),
	refusedBefore("response_invalid", ONCE, "the state twice", {
		...query((text, { state }) => `${text}&state=${encodeURIComponent(state)}`),
	}),
	refusedBefore(
		"response_invalid",
		ONCE,
		"a second state that is another",
		query((text) => `${text}&state=x`),
	),
	refusedBefore(
		"response_invalid",
		ONCE,
		"two codes",
		query((text) => `${text}&code=x`),
	),
	refusedBefore("response_invalid", ONCE, "two codes, one of them spelled otherwise", {
		...query((text) => `${text}&c%6fde=x`),
	}),
	refusedBefore(
		"response_invalid",
		ONCE,
		"two issuers",
		query((text) => `${text}&iss=https%3A%2F%2Fas.example`),
	),
	refusedBefore("response_issuer_mismatch", ISSUER, "another issuer", withParameters({ iss: "https://as.example" })),
	refusedBefore("response_issuer_mismatch", ISSUER, "the issuer with a slash behind it", {
		answer: (answer) => ({ ...answer, iss: `${answer.iss}/` }),
	}),
	refusedBefore("response_issuer_mismatch", ISSUER, "the issuer in capitals", {
		answer: (answer) => ({ ...answer, iss: answer.iss.toUpperCase() }),
	}),
	refusedBefore("response_issuer_mismatch", ISSUER, "no issuer, though it was announced", without("iss")),
	refusedBefore(
		"response_issuer_mismatch",
		ISSUER,
		"mix-up: the honest server's answer to a request that this one sent on",
		{
			...unannounced,
			answer: (answer, { elsewhere }) => ({ ...answer, iss: elsewhere }),
		},
	),
	accepted(ISSUER, "no issuer, and none was announced", { ...unannounced, ...without("iss") }),
	accepted(ISSUER, "the right issuer, though none was announced", { ...unannounced, due: undefined }),
	refusedBefore("response_issuer_mismatch", "RFC 9207 §2", "an error of another issuer", {
		answer: ({ state }) => ({ error: "access_denied", state, iss: "https://as.example" }),
	}),
	refusedBefore("access_denied", "RFC 6749 §4.1.2.1", "access_denied", {
		answer: ({ state, iss }) => ({ error: "access_denied", state, iss }),
	}),
	refusedBefore("login_required", "OpenID Connect Core §3.1.2.6", "login_required, to a user who has just asked", {
		answer: ({ state, iss }) => ({ error: "login_required", state, iss }),
	}),
	refusedBefore("authorization_error", "RFC 6749 §4.1.2.1", "an error that is made of script, controls and length", {
		answer: ({ state, iss }) => ({ error: HOSTILE, error_description: HOSTILE, error_uri: "javascript:0", state, iss }),
	}),
	refusedBefore("state_mismatch", "RFC 6749 §4.1.2.1", "an error without state", {
		answer: ({ iss }) => ({ error: "x", iss }),
	}),
	refusedBefore("response_invalid", "RFC 6749 §4.1.2", "neither code nor error", without("code")),
	refusedBefore("response_invalid", "RFC 6749 §4.1.2", "an empty code", withParameters({ code: "" })),
	open("response_invalid", "RFC 6749 §4.1.2.1", "a code and an error", withParameters({ error: "access_denied" })),
	open("response_invalid", "RFC 6749 §B", "a code that is not UTF-8", {
		...query((_, { state, iss }) => `?code=%FF%FE&state=${state}&iss=${encodeURIComponent(iss)}`),
	}),
	refusedBefore(
		NOT_OURS,
		"RFC 6749 §4.1.2",
		"the answer in the fragment",
		query((text) => `#${text.slice(1)}`),
	),
	refusedBefore("response_invalid", "RFC 6749 §4.1.2", "a JWT in place of the answer, which nobody asked for", {
		answer: ({ state, iss }) => ({ response: "eyJhbGciOiJub25lIn0.e30.", state, iss }),
	}),
	accepted(
		"RFC 6749 §4.1.2",
		"parameters that nobody knows",
		withParameters({ session_state: "x.y", "x-odd": HOSTILE }),
	),
	refused("token_request_failed", "RFC 6749 §10.5, RFC 7636 §4.6", "another user's code", {
		answer(answer, run) {
			run.codes.set("stolen", { challenge: "x".repeat(43), nonce: "x" });
			return { ...answer, code: "stolen" };
		},
	}),
]);

export const replays = rows("R", "replay", [
	refused("state_missing", "RFC 6749 §4.1.2, §10.12", "the same answer again, by Back or a bookmark", {}),
]);

export const forgeries = rows("F", "forged", [
	refusedBefore("state_missing", SENT, "an answer to a request of somebody else's browser (login CSRF)", {
		na: ["oauth4webapi"],
	}),
]);
