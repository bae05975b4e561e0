// What is shown of what crosses the wire: every secret cut short.

import type { LoginStep } from "./step-types.js";

const SECRETS: ReadonlySet<string> = new Set([
	"access_token",
	"authorization",
	"code",
	"code_verifier",
	"id_token",
	"id_token_hint",
	"refresh_token",
	"token",
]);

/** Six characters of a secret, and how long it is. */
export function truncate(secret: string): string {
	return `${secret.slice(0, 6)}… (${secret.length} characters)`;
}

/** The same members, secrets cut short. */
export function redact(members: Iterable<readonly [string, unknown]>): Record<string, string> {
	const shown: Record<string, string> = {};
	for (const [name, value] of members) shown[name] = SECRETS.has(name) ? truncate(String(value)) : String(value);
	return shown;
}

/** A form's text, secrets cut short. */
export function redactForm(form: string): Record<string, string> {
	return redact(new URLSearchParams(form));
}

/** An address, the secrets among its parameters cut short. */
export function redactUrl(url: string): string {
	const shown = new URL(url);
	for (const [name, value] of [...shown.searchParams]) {
		if (SECRETS.has(name)) shown.searchParams.set(name, truncate(value));
	}
	return shown.href;
}

/** Headers with secrets, which are cut short: behind a scheme, or as they are. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
	const shown = ([name, value]: [string, string]) => {
		const [scheme, secret] = value.split(" ") as [string, string | undefined];
		return [name, secret === undefined ? truncate(value) : `${scheme} ${truncate(secret)}`];
	};
	return Object.fromEntries(Object.entries(headers).map(shown));
}

/** A token to look at: its signature is cut off, so that it opens nothing. Access tokens need not be JWTs. */
export function stripSignature(token: string): Pick<LoginStep, "token"> {
	const end = token.lastIndexOf(".");
	return end > 0 ? { token: token.slice(0, end + 1) } : {};
}
