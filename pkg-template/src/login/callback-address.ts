// Which address holds the answer of an authorization server, and what it is without.

/** Whether an address is the redirect address with an answer in it. */
export function isCallback(address: string, redirectUri: string): boolean {
	const { origin, pathname, searchParams } = new URL(address);
	const expected = new URL(redirectUri);
	const answers = ["code", "error", "state"].some((name) => searchParams.has(name));
	return answers && origin === expected.origin && pathname === expected.pathname;
}

/** The address without the parameters of an answer. */
export function withoutAnswer(address: string): string {
	const cleaned = new URL(address);
	for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) {
		cleaned.searchParams.delete(name);
	}
	return cleaned.href;
}
