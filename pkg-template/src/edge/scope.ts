/** @internal The wanted scopes as a list: RFC 6749 §3.3 writes several with spaces between. */
export function scopes(scope: string | readonly string[] | undefined): string[] {
	if (scope === undefined) return [];
	return typeof scope === "string" ? scope.split(" ").filter(Boolean) : [...scope];
}
