import { ask, createPkce, type Fetch, randomToken, refusal, TokenError, type TokenResponse } from "../core.js";
import { AUTHORIZATION_CODE } from "../operations.js";
import { callApi } from "./api.js";
import { go, here, showAddress } from "./browser.js";
import { Flights } from "./flights.js";
import { IdTokens } from "./id-token.js";
import { alone } from "./lock.js";
import { form, type Parameters, Server } from "./server.js";
import { withoutSecrets, withoutSecretsIn, withoutSignature } from "./steps.js";
import { Keeper, type Kept, Mark, type Tokens } from "./tokens.js";
import type {
	FetchInit,
	FetchInput,
	FetchResponse,
	Finished,
	Login,
	LoginOptions,
	LoginStep,
	Session,
	StartOptions,
} from "./types.js";

/** Seconds before its expiry at which an access token is renewed. */
const EARLY = 30;
/** Milliseconds that a page waits to be left, before it takes the redirect for failed. */
const LEAVING = 10_000;

/** The authorization code flow with PKCE, by redirect. */
export class RedirectLogin implements Login {
	readonly #options: LoginOptions;
	readonly #scope: string;
	readonly #now: () => number;
	readonly #server: Server;
	readonly #flights: Flights;
	readonly #idTokens: IdTokens;
	readonly #keeper: Keeper;
	readonly #mark: Mark;
	readonly #lock: string;
	readonly #fetch: typeof globalThis.fetch;
	readonly #listeners = new Set<(session: Session | null) => void>();
	#tokens: Tokens | undefined;
	#finishing: { readonly addresses: readonly string[]; readonly promise: Promise<Finished | null> } | undefined;
	#renewing: Promise<Tokens> | undefined;
	#restoring: Promise<Session | null> | undefined;

	constructor(options: LoginOptions) {
		this.#options = options;
		this.#scope = options.scope ?? "openid";
		this.#now = options.now ?? (() => Math.floor(Date.now() / 1000));
		this.#fetch = (options.fetch as typeof globalThis.fetch) ?? ((input, init) => globalThis.fetch(input, init));
		const name = `countersign:${options.issuer}:${options.clientId}`;
		const fetch: Fetch = (url, init) => this.#fetch(url, init);
		this.#server = new Server(options.issuer, fetch, name);
		this.#flights = new Flights(name, this.#now);
		this.#idTokens = new IdTokens(options.issuer, options.clientId, fetch, this.#now);
		this.#keeper = new Keeper(name, options.storage ?? "memory");
		this.#mark = new Mark(name);
		this.#lock = `${name}:refresh`;
		this.#watchOtherTabs();
	}

	get session(): Session | null {
		return this.#tokens?.session ?? null;
	}

	async start(options: StartOptions = {}): Promise<void> {
		await this.#start(options, false);
	}

	async #start({ returnTo, prompt, loginHint, extra }: StartOptions, silent: boolean): Promise<void> {
		const { clientId, redirectUri, resource } = this.#options;
		const pkce = createPkce();
		const state = randomToken();
		const nonce = randomToken();
		const parameters: Parameters = {
			...extra,
			response_type: "code",
			client_id: clientId,
			redirect_uri: redirectUri,
			scope: this.#scope,
			state,
			nonce,
			code_challenge: pkce.challenge,
			code_challenge_method: pkce.method,
			resource,
			prompt: prompt ?? extra?.prompt,
			login_hint: loginHint ?? extra?.login_hint,
		};
		const url = new URL((await this.#server.metadata()).authorization_endpoint);
		const pushed = await this.#server.push(parameters);
		const sent = form(pushed === undefined ? parameters : { client_id: clientId, request_uri: pushed }); // RFC 9126 §4
		for (const [name, value] of sent) url.searchParams.append(name, value);

		this.#flights.add(state, {
			verifier: pkce.verifier,
			nonce,
			returnTo: returnTo ?? here(),
			silent,
			createdAt: this.#now(),
		});
		this.#tell(() => ({
			step: 1,
			name: pushed === undefined ? "authorization request" : "authorization request, pushed beforehand",
			request: { method: "GET", url: url.href, body: withoutSecrets(form(parameters)) },
		}));
		go(url.href);
	}

	finish(url?: string): Promise<Finished | null> {
		const address = url ?? here();
		// StrictMode runs effects twice, and by the second time the address has been cleaned.
		if (this.#finishing?.addresses.includes(address)) return this.#finishing.promise;
		if (!this.#isAnswer(address)) return Promise.resolve(null);
		const cleaned = withoutAnswer(address);
		if (url === undefined || url === here()) showAddress(cleaned);
		const promise = this.#finish(new URL(address));
		this.#finishing = { addresses: [address, cleaned], promise };
		return promise;
	}

	#isAnswer(address: string): boolean {
		const { origin, pathname, searchParams } = new URL(address);
		const expected = new URL(this.#options.redirectUri);
		const answers = ["code", "error", "state"].some((name) => searchParams.has(name));
		return answers && origin === expected.origin && pathname === expected.pathname;
	}

	async #finish(address: URL): Promise<Finished | null> {
		const answered = this.#flights.take(address.searchParams.get("state"));
		const silent = answered?.flight.silent ?? false;
		try {
			const session = await this.#exchange(address, answered);
			const { returnTo } = (answered as NonNullable<typeof answered>).flight;
			if (silent) showAddress(returnTo);
			return { session, returnTo };
		} catch (error) {
			if (!(error instanceof TokenError)) throw error;
			// The page asked, not the user: that nobody is logged in is an answer, not a failure.
			if (!(silent && error.code === "login_required")) throw error;
			this.#mark.remove();
			showAddress(answered?.flight.returnTo ?? here());
			return null;
		}
	}

	async #exchange(address: URL, answered: ReturnType<Flights["take"]>): Promise<Session> {
		const { issuer, clientId, redirectUri, resource } = this.#options;
		const { authorization_response_iss_parameter_supported, jwks_uri } = await this.#server.metadata();
		const code = ask(AUTHORIZATION_CODE, {
			query: address.search,
			state: answered?.state ?? this.#flights.latest(),
			issuer,
			issuerRequired: authorization_response_iss_parameter_supported === true,
		});
		this.#tell(() => ({
			step: 3,
			name: "the user has agreed: authorization code",
			response: { status: 302, headers: { location: withoutSecretsIn(address.href) } },
		}));
		// Without its flight, the core has refused the answer above.
		const { verifier, nonce } = (answered as NonNullable<typeof answered>).flight;
		const response = await this.#request("code for tokens", {
			grant_type: "authorization_code",
			code,
			redirect_uri: redirectUri,
			client_id: clientId,
			code_verifier: verifier,
			resource,
		});
		const claims = await this.#checkIdToken(response, jwks_uri, { nonce });
		await this.#accept(response, claims, response.idToken ?? null, undefined);
		return this.session as Session;
	}

	restore(): Promise<Session | null> {
		this.#restoring ??= this.#restore().finally(() => {
			this.#restoring = undefined;
		});
		return this.#restoring;
	}

	async #restore(): Promise<Session | null> {
		if (this.session) return this.session;
		if (this.#finishing || this.#isAnswer(here())) {
			const finished = await this.finish();
			if (finished || this.session) return finished?.session ?? this.session;
		}
		if (await this.#keeper.read()) {
			try {
				return (await this.#renew()).session;
			} catch (error) {
				if (!(error instanceof TokenError && error.code === "session_ended")) throw error;
			}
		}
		if (!this.#mark.set) return null;
		await this.#start({ prompt: "none" }, true);
		await new Promise((resolve) => setTimeout(resolve, LEAVING));
		return null;
	}

	async accessToken(): Promise<string> {
		const tokens = this.#tokens;
		if (!tokens) throw refusal("login_required", "no session");
		const left = this.#left(tokens);
		if (left > EARLY) return tokens.accessToken;
		try {
			return (await this.#renew()).accessToken;
		} catch (error) {
			// An outage at the server is no reason to give up a token that still has time.
			if (left > 0 && this.#tokens === tokens) return tokens.accessToken;
			throw error;
		}
	}

	/** Seconds until the access token expires. */
	#left({ session }: Tokens): number {
		return session.expiresAt === null ? Number.POSITIVE_INFINITY : session.expiresAt - this.#now();
	}

	// One renewal for all callers of this page, and one at a time for all tabs: a refresh token that is used
	// twice ends the session (RFC 9700 §4.14.2).
	#renew(): Promise<Tokens> {
		this.#renewing ??= alone(this.#lock, () => this.#renewAlone()).finally(() => {
			this.#renewing = undefined;
		});
		return this.#renewing;
	}

	async #renewAlone(): Promise<Tokens> {
		const before = this.#tokens;
		// Another tab may have had its turn while this one waited: the storage knows the latest.
		const kept = await this.#keeper.read();
		const refreshToken = kept?.refreshToken ?? before?.refreshToken;
		if (refreshToken === undefined) {
			throw refusal("login_required", "an expired access token and no refresh token");
		}
		const { clientId, resource } = this.#options;
		let response: TokenResponse;
		try {
			response = await this.#request("refresh", {
				grant_type: "refresh_token",
				refresh_token: refreshToken,
				client_id: clientId,
				resource,
			});
		} catch (error) {
			if (!(error instanceof TokenError && error.found?.startsWith("invalid_grant"))) throw error;
			await this.#forget();
			throw refusal("session_ended", error.found, error);
		}
		const { jwks_uri } = await this.#server.metadata();
		const idToken = response.idToken ?? before?.session.idToken ?? kept?.idToken ?? null;
		const claims =
			response.idToken === undefined
				? (before?.session.claims ?? (await this.#checkKept(kept, jwks_uri)))
				: await this.#checkIdToken(response, jwks_uri, await this.#sameSubject(before, kept, jwks_uri));
		return this.#accept(response, claims, idToken, refreshToken);
	}

	// OpenID Connect Core §12.2: a renewed ID token is about the same user.
	async #sameSubject(before: Tokens | undefined, kept: Kept | undefined, jwksUri: string | undefined) {
		const { sub } = before?.session.claims ?? (await this.#checkKept(kept, jwksUri));
		return sub === undefined ? {} : { subject: sub };
	}

	// A kept ID token was good when it was kept; by now it may have expired, which ends no session.
	async #checkKept(kept: Kept | undefined, jwksUri: string | undefined): Promise<Session["claims"]> {
		if (!kept?.idToken) return {};
		return this.#idTokens.check(kept.idToken, jwksUri, { now: () => kept.checkedAt });
	}

	async #request(name: string, parameters: Parameters): Promise<TokenResponse> {
		const request = {
			method: "POST",
			url: (await this.#server.metadata()).token_endpoint,
			body: withoutSecrets(form(parameters)),
		};
		try {
			// A renewal may leave the ID token out (OpenID Connect Core §12.2).
			const openid = parameters.grant_type === "authorization_code" && this.#scope.split(" ").includes("openid");
			const response = await this.#server.token(parameters, openid);
			this.#tell(() => ({
				step: 4,
				name: `${name}: granted`,
				request,
				response: { status: 200, body: withoutSecrets(onTheWire(response)) },
				...withoutSignature(response.accessToken),
			}));
			return response;
		} catch (error) {
			if (error instanceof TokenError) this.#tell(() => ({ step: 4, name: `${name}: refused`, request, error }));
			throw error;
		}
	}

	async #checkIdToken(
		response: TokenResponse,
		jwksUri: string | undefined,
		expected: { nonce?: string; subject?: string },
	): Promise<Session["claims"]> {
		const { idToken } = response;
		if (idToken === undefined) return {};
		return this.#idTokens.check(
			idToken,
			jwksUri,
			{ ...expected, accessToken: response.accessToken },
			this.#options.onStep &&
				((explanation) =>
					this.#tell(() => ({ step: 4, name: "the ID token's verdict", ...withoutSignature(idToken), explanation }))),
		);
	}

	async #accept(
		response: TokenResponse,
		claims: Session["claims"],
		idToken: string | null,
		usedRefreshToken: string | undefined,
	): Promise<Tokens> {
		const scope = response.scope ?? this.#tokens?.session.scope ?? this.#scope; // RFC 6749 §5.1: same as requested
		const refreshToken = response.refreshToken ?? usedRefreshToken; // RFC 6749 §6: the old one if no new one
		const tokens: Tokens = {
			session: {
				claims,
				scope,
				idToken,
				expiresAt: response.expiresIn === undefined ? null : this.#now() + response.expiresIn,
			},
			accessToken: response.accessToken,
			refreshToken,
		};
		await this.#keeper.write(
			refreshToken === undefined ? undefined : { refreshToken, idToken, scope, checkedAt: this.#now() },
		);
		this.#mark.put();
		this.#set(tokens);
		return tokens;
	}

	fetch(input: FetchInput, init?: FetchInit): Promise<FetchResponse> {
		return callApi(
			{
				origins: this.#origins(),
				fetch: this.#fetch,
				accessToken: () => this.accessToken(),
				replace: async (refused) => {
					const now = this.#tokens;
					if (now && now.accessToken !== refused) return now.accessToken;
					if (!now?.refreshToken) return undefined;
					return (await this.#renew()).accessToken;
				},
				tell: (step) => this.#tell(step),
			},
			input,
			init,
		);
	}

	#origins(): ReadonlySet<string> {
		const { resource = [], origins = [] } = this.#options;
		const named = [...(typeof resource === "string" ? [resource] : resource), ...origins];
		// A resource may also be a name without an origin (urn:…), which opens nothing.
		return new Set(named.filter((url) => /^https?:/i.test(url)).map((url) => new URL(url).origin));
	}

	async logout({ global = true }: { readonly global?: boolean } = {}): Promise<void> {
		const tokens = this.#tokens;
		const kept = await this.#keeper.read();
		const refreshToken = kept?.refreshToken ?? tokens?.refreshToken;
		await this.#forget();
		if (refreshToken !== undefined) await this.#server.revoke(refreshToken, this.#options.clientId);
		if (!global) return;
		const { end_session_endpoint } = await this.#server.metadata();
		if (!end_session_endpoint) return;
		// OpenID Connect RP-Initiated Logout §2
		const url = new URL(end_session_endpoint);
		const parameters = form({
			id_token_hint: tokens?.session.idToken ?? kept?.idToken ?? undefined,
			client_id: this.#options.clientId,
			post_logout_redirect_uri: this.#options.postLogoutRedirectUri,
		});
		for (const [name, value] of parameters) url.searchParams.append(name, value);
		go(url.href);
	}

	onChange(listener: (session: Session | null) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	#set(tokens: Tokens | undefined): void {
		if (this.#tokens === tokens) return;
		this.#tokens = tokens;
		for (const listener of [...this.#listeners]) {
			try {
				listener(this.session);
			} catch (error) {
				queueMicrotask(() => {
					throw error; // Theirs to see; it must not end a login.
				});
			}
		}
	}

	async #forget(): Promise<void> {
		this.#finishing = undefined;
		this.#mark.remove();
		await this.#keeper.write(undefined);
		this.#set(undefined);
	}

	// Signed out in one tab is signed out in all.
	#watchOtherTabs(): void {
		if (typeof window === "undefined") return;
		window.addEventListener("storage", ({ key, newValue }) => {
			if (key !== this.#mark.name || newValue !== null) return;
			this.#finishing = undefined;
			this.#keeper.write(undefined).catch(() => {});
			this.#set(undefined);
		});
	}

	#tell(step: () => LoginStep): void {
		this.#options.onStep?.(step());
	}
}

/** A token response in the names it came with (RFC 6749 §5.1): those by which secrets are known. */
function onTheWire(response: TokenResponse): (readonly [string, unknown])[] {
	const members = [
		["access_token", response.accessToken],
		["token_type", response.tokenType],
		["expires_in", response.expiresIn],
		["refresh_token", response.refreshToken],
		["scope", response.scope],
		["id_token", response.idToken],
	] as const;
	return members.filter(([, value]) => value !== undefined);
}

/** The address without the parameters of an authorization response (RFC 6749 §4.1.2, RFC 9207 §2). */
function withoutAnswer(address: string): string {
	const cleaned = new URL(address);
	for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) {
		cleaned.searchParams.delete(name);
	}
	return cleaned.href;
}
