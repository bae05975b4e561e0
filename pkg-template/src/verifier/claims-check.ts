// What the caller's own function and schema say about claims that every rule has passed: `check` first, then `schema`.

import { withInstance } from "../core/instance.js";
import type { Settings } from "../core/settings.js";
import type { SchemaIssue, SchemaResult } from "../core/standard-schema.js";
import { type ErrorData, TokenError } from "../error.js";
import type { Verified } from "./claims.js";
import type { Check, Explanation } from "./explanation.js";

/** The options that are asked, in this order. */
type Own = Pick<Settings, "check" | "schema">;

/** What is given out as claims; or why they are refused, and by whom. */
export type Opinion<C> =
	| { readonly claims: C; readonly refusal?: undefined }
	| { readonly claims?: undefined; readonly refusal: ErrorData; readonly by: keyof Own };

/** What the caller says about claims; a promise only where the schema gives one. */
export function opinion<C extends object>(
	{ check, schema }: Own,
	claims: object,
): Opinion<C> | PromiseLike<Opinion<C>> {
	const reason = check ? objection(check, claims) : undefined;
	if (reason !== undefined) return refused("check", undefined, reason);
	if (!schema) return { claims: claims as C };
	const said = schema(claims);
	return isThenable(said) ? said.then(read<C>) : read(said);
}

/** The same for who cannot wait. */
export function opinionAtOnce<C extends object>(own: Own, claims: object): Opinion<C> {
	const said = opinion<C>(own, claims);
	if (!isThenable(said)) return said;
	said.then(undefined, () => {});
	throw new TypeError("schema: answers later, and verifySync cannot wait for it; use verify");
}

/** A verdict with the claims as the caller's schema gives them. */
export function accepted<C extends object>({ header }: Verified<object>, said: Opinion<C>): Verified<C> {
	if (said.refusal) throw new TokenError(said.refusal);
	return { claims: said.claims, header };
}

/** An explanation with what the caller says about the claims; nothing: the token was refused before. */
export function explained(own: Own, explanation: Explanation, said: Opinion<object> | undefined): Explanation {
	const { refusal, by } = said?.refusal ? said : { refusal: undefined, by: undefined };
	let status: Check["status"] = said ? "passed" : "not reached";
	const checks = [...explanation.checks];
	for (const name of ["check", "schema"] as const) {
		if (!own[name]) continue;
		if (name === by) {
			const { claim, spec, found = null, expected = null } = refusal;
			checks.push({ name: claim ? `${name} ${claim}` : name, spec: spec ?? "", status: "failed", found, expected });
			status = "not reached";
		} else {
			checks.push({ name, spec: refusal?.spec ?? claimRefused().spec ?? "", status, found: null, expected: null });
		}
	}
	const told = { ...explanation, checks };
	return refusal ? { ...told, valid: false, code: refusal.code, error: refusal } : told;
}

function objection(check: NonNullable<Own["check"]>, claims: object): string | undefined {
	let said: unknown;
	try {
		said = check(claims);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	// A promise would be an answer that nobody waits for.
	if (said !== undefined && typeof said !== "string") {
		throw new TypeError("check: must return a reason to refuse as a text, or nothing, and not later");
	}
	return said;
}

function read<C extends object>(said: SchemaResult<object>): Opinion<C> {
	if (typeof said !== "object" || said === null || !("issues" in said || "value" in said)) {
		throw new TypeError("schema: its validate must return an object with value, or with issues");
	}
	if (said.issues === undefined) return { claims: said.value as C };
	const first = said.issues[0];
	return refused("schema", first && pathOf(first), undefined, String(first?.message ?? "what the schema wants"));
}

function refused(by: keyof Own, claim?: string, found?: string, expected?: string): Opinion<never> {
	return { refusal: claimRefused(claim, found, expected), by };
}

const claimRefused = (claim?: string, found?: string, expected?: string): ErrorData =>
	withInstance(({ core }) => core.claimRefused(claim, found, expected));

/** As the paths of claim rules are written: names separated by dots, a dot within a name with a backslash. */
function pathOf({ path = [] }: SchemaIssue): string {
	const names = path.map((part) => String(typeof part === "object" ? part.key : part));
	return names.map((name) => name.replaceAll(/[.\\]/g, "\\$&")).join(".");
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
	return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
