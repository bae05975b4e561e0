// The issuer as an authorization server, for development: it knows every client, and everybody agrees to everything.

import { base64url, randomId, utf8 } from "./encoding.js";
import type { Grant, Minter } from "./minter.js";
import { respond, subtle } from "./platform.js";

/** A request by the form that it carries. */
export type Parameters = URLSearchParams;

interface Code extends Grant {
	readonly clientId: string;
	readonly redirectUri: string;
	readonly challenge: string | null;
	readonly nonce: string | null;
	readonly subject: string | null;
}

const json = (body: object, status = 200): Response =>
	respond(JSON.stringify(body), status, { "content-type": "application/json", "cache-control": "no-store" });

/** An error response. RFC 6749 §5.2 */
function refuse(error: string, error_description: string): Response {
	return json({ error, error_description }, 400);
}

export class TestAuthorizationServer {
	readonly #issuer: string;
	readonly #minter: Minter;
	readonly #codes = new Map<string | null, Code>();
	readonly #refreshTokens = new Map<string | null, Code>();

	constructor(issuer: string, minter: Minter) {
		this.#issuer = issuer;
		this.#minter = minter;
	}

	/** The authorization endpoint: answers with a redirect that carries a code. RFC 6749 §4.1.1, RFC 9207 §2 */
	authorize(asked: Parameters): Response {
		const redirectUri = String(asked.get("redirect_uri"));
		if (!URL.canParse(redirectUri)) return refuse("invalid_request", "redirect_uri: expected a URL");
		const code = randomId();
		this.#codes.set(code, {
			...grantOf(asked),
			clientId: asked.get("client_id") ?? "",
			redirectUri,
			challenge: asked.get("code_challenge"),
			nonce: asked.get("nonce"),
			subject: asked.get("login_hint"),
		});
		const back = new URL(redirectUri);
		for (const [name, value] of Object.entries({ code, state: asked.get("state"), iss: this.#issuer })) {
			if (value !== null) back.searchParams.set(name, value);
		}
		return respond(null, 302, { location: back.href });
	}

	/** The token endpoint. RFC 6749 §4.1.3, §4.4.2, §6 */
	async token(asked: Parameters): Promise<Response> {
		const type = asked.get("grant_type");
		if (type === "client_credentials") return this.#forClient(asked);
		if (type === "authorization_code") return this.#redeem(asked);
		if (type === "refresh_token") return this.#refresh(asked);
		const known = "client_credentials, authorization_code, refresh_token";
		return refuse("unsupported_grant_type", `grant_type: expected one of ${known}`);
	}

	async #forClient(asked: Parameters): Promise<Response> {
		const clientId = asked.get("client_id") ?? undefined;
		const grant: Grant = { ...grantOf(asked), ...(clientId && { clientId }), isClient: clientId !== undefined };
		return json(await this.#granted(grant));
	}

	async #redeem(asked: Parameters): Promise<Response> {
		const code = taken(this.#codes, asked.get("code"));
		if (!code) return refuse("invalid_grant", "code: unknown, or used before");
		if (asked.get("redirect_uri") !== code.redirectUri) return refuse("invalid_grant", "redirect_uri: another one");
		const isProven = code.challenge === null || (await challengeOf(asked.get("code_verifier"))) === code.challenge;
		return isProven ? this.#ofUser(code) : refuse("invalid_grant", "code_verifier: not the challenge's");
	}

	async #refresh(asked: Parameters): Promise<Response> {
		const code = taken(this.#refreshTokens, asked.get("refresh_token"));
		return code ? this.#ofUser(code) : refuse("invalid_grant", "refresh_token: unknown, or used before");
	}

	async #ofUser(code: Code): Promise<Response> {
		const refreshToken = randomId();
		this.#refreshTokens.set(refreshToken, code);
		const subject = code.subject === null ? {} : { sub: code.subject };
		const answer = { ...(await this.#granted(code, subject)), refresh_token: refreshToken };
		if (!code.scope?.split(" ").includes("openid")) return json(answer);
		const claims = { ...subject, ...(code.nonce !== null && { nonce: code.nonce }), aud: code.clientId };
		return json({ ...answer, id_token: await this.#minter.idToken(claims, undefined, code) });
	}

	async #granted(grant: Grant, claims: object = {}): Promise<object> {
		const token = await this.#minter.accessToken(claims, undefined, grant);
		const { scope } = grant;
		return { access_token: token, token_type: "Bearer", expires_in: this.#minter.lifetime, ...(scope && { scope }) };
	}
}

/** What serves once. */
function taken(from: Map<string | null, Code>, name: string | null): Code | undefined {
	const found = from.get(name);
	from.delete(name);
	return found;
}

/** RFC 7636 §4.6 */
async function challengeOf(verifier: string | null): Promise<string | undefined> {
	return verifier === null ? undefined : base64url(new Uint8Array(await subtle().digest("SHA-256", utf8(verifier))));
}

/** What a request asks for: scope, and the audience by RFC 8707 §2 or as several providers name it. */
function grantOf(asked: Parameters): Grant {
	const [scope, apis] = [asked.get("scope"), [...asked.getAll("resource"), ...asked.getAll("audience")]];
	return { audience: apis.length > 1 ? apis : apis[0], ...(scope && { scope }) };
}
