/** What an API says of the token or of the login; nothing where a page may not see it. */
export function challengeOf(response: { readonly headers: { get(name: string): string | null } }): string | undefined {
	return response.headers.get("www-authenticate") ?? undefined;
}
