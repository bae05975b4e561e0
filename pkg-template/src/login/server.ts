// What is said to the authorization server, and heard from it.

import {
	ask,
	checkMetadata,
	discover,
	exchange,
	type Fetch,
	type Metadata,
	TokenError,
	type TokenResponse,
	unavailable,
} from "../core.js";
import { TOKEN_RESPONSE } from "../operations.js";
import { tabStorage } from "./browser.js";

/** Parameters of a request; those that are undefined are left out, and lists are repeated. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The parameters in the form that OAuth wants them (RFC 6749 Appendix B). */
export function form(parameters: Parameters): URLSearchParams {
	const encoded = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) {
		if (value === undefined) continue;
		for (const one of typeof value === "string" ? [value] : value) encoded.append(name, one);
	}
	return encoded;
}

/** Milliseconds for which a page believes what an earlier one has discovered. */
const METADATA_AGE = 600_000;

/** What a login cannot do without. */
const NEEDED = ["authorization_endpoint", "token_endpoint", "jwks_uri"];

/** One authorization server. */
export class Server {
	readonly #issuer: string;
	readonly #fetch: Fetch;
	readonly #name: string;
	#metadata: Metadata | undefined;

	constructor(issuer: string, fetch: Fetch, name: string) {
		this.#issuer = issuer;
		this.#fetch = fetch;
		this.#name = `${name}:metadata`;
	}

	/** The server's metadata, kept over the redirect so that coming back costs no extra request. */
	async metadata(): Promise<Metadata> {
		this.#metadata ??= this.#kept();
		if (this.#metadata) return this.#metadata;
		const { metadata, text } = await discover(this.#issuer, NEEDED, this.#fetch);
		this.#metadata = metadata;
		try {
			tabStorage().setItem(this.#name, JSON.stringify({ text, at: Date.now() }));
		} catch {
			// Then it is fetched again.
		}
		return metadata;
	}

	#kept(): Metadata | undefined {
		try {
			const { text, at } = JSON.parse(tabStorage().getItem(this.#name) ?? "{}") as { text: string; at: number };
			if (!(Math.abs(Date.now() - at) < METADATA_AGE)) return undefined;
			return checkMetadata(text, this.#issuer, NEEDED);
		} catch {
			return undefined;
		}
	}

	/** Asks for tokens (RFC 6749 §3.2); with `openid`, an ID token has to be among them. */
	async token(parameters: Parameters, openid: boolean): Promise<TokenResponse> {
		const { token_endpoint } = await this.metadata();
		const { status, text } = await this.#post(token_endpoint, parameters);
		return ask(TOKEN_RESPONSE, { status, body: text, tokenType: "Bearer", openid });
	}

	/** Pushes an authorization request (RFC 9126 §2); resolves to its name, if the server takes any. */
	async push(parameters: Parameters): Promise<string | undefined> {
		const metadata = await this.metadata();
		const url = metadata.pushed_authorization_request_endpoint;
		if (!url) return undefined;
		try {
			const { status, text } = await this.#post(url, parameters);
			const { request_uri } = JSON.parse(text) as { request_uri?: unknown };
			if (status === 201 && typeof request_uri === "string") return request_uri;
			throw new Error(`answered with status ${status}`);
		} catch (error) {
			// Where the server does not insist, the request goes through the browser instead.
			if (!metadata.require_pushed_authorization_requests) return undefined;
			throw error instanceof TokenError ? error : unavailable("token_request_failed", url, error);
		}
	}

	/** Revokes a token (RFC 7009 §2). Best effort: signing out must not fail for it. */
	async revoke(token: string, clientId: string): Promise<void> {
		try {
			const { revocation_endpoint } = await this.metadata();
			if (!revocation_endpoint) return;
			await this.#post(revocation_endpoint, { token, token_type_hint: "refresh_token", client_id: clientId });
		} catch {
			// It expires by itself.
		}
	}

	async #post(url: string, parameters: Parameters): Promise<{ status: number; text: string }> {
		try {
			return await exchange(this.#fetch, url, {
				method: "POST",
				headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
				body: form(parameters).toString(),
				credentials: "omit",
			});
		} catch (error) {
			throw unavailable("token_request_failed", url, error);
		}
	}
}
