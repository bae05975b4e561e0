import type { Settings } from "../core/settings.js";

/** Why a function of the caller does not accept claims that every rule has passed; nothing: it does. */
export function objection({ check }: Pick<Settings, "check">, claims: object): string | undefined {
	if (!check) return undefined;
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
