// No rule stands in TypeScript: no RFC section outside the documentation of types, no error name of OAuth, no lifetime.

import { filesOf } from "./sources.mjs";

/** RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1; RFC 9449 §7.1, §8; OpenID Connect Core §3.1.2.6 */
const OAUTH_ERRORS =
	/["'`](invalid_(request|client|grant|scope|token|target|dpop_proof|request_uri)|unauthorized_client|unsupported_(grant|response)_type|server_error|temporarily_unavailable|insufficient_scope|use_dpop_nonce|access_denied|(login|interaction|consent|account_selection)_required)\b/;

const SECTION = /\bRFC \d{4}|OpenID Connect|\bFetch §/;

const LIFETIME = /\b[A-Z_]*(AGE|LIFETIME|COOLDOWN|STALE[A-Z_]*|LEEWAY|TTL|EXPIRY)\b\s*(:[^=]*)?=\s*[\d_]+/;

/** The codes of our own errors are types. */
const TYPES = ["error-code.ts"];

/** The test kit plays the authorization server: the errors that it answers with are its own words, and decide nothing. */
const PLAYS_THE_SERVER = "testing/authorization-server.ts";

/** The most lines of a file of the shell. */
const MAX_LINES = 120;

/** What is wrong, a line each. */
export async function rules() {
	const wrong = [];
	for (const { path, text } of await filesOf("pkg-template/src", ".ts")) {
		const name = path.replace("pkg-template/src/", "");
		const lines = text.trimEnd().split("\n").length;
		if (lines > MAX_LINES) wrong.push(`${path}: ${lines} lines, more than ${MAX_LINES}`);
		const code = text.replaceAll(/\/\*\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ""));
		for (const [index, line] of code.split("\n").entries()) {
			const at = `${path}:${index + 1}`;
			if (SECTION.test(line)) wrong.push(`${at}: a section of a specification outside the documentation of types`);
			const isOwn = name === PLAYS_THE_SERVER || TYPES.includes(name);
			if (OAUTH_ERRORS.test(line) && !isOwn) wrong.push(`${at}: an error name of OAuth`);
			if (LIFETIME.test(line)) wrong.push(`${at}: a lifetime`);
		}
	}
	return wrong;
}
