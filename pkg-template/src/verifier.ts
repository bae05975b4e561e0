/// <reference lib="esnext.disposable" preserve="true" />

import { CoreVerifier } from "./core-verifier.js";
import { decodeUnverified } from "./decode.js";
import { enter, type Instance, LACKS_KEY, type Token } from "./engine.js";
import { TokenError } from "./error.js";
import { platformFetch } from "./http.js";
import { RepeatedJson } from "./json.js";
import { RemoteKeys } from "./keys.js";
import type { CoreExplanation, JsonText } from "./operations.js";
import { callable, named, snapshotOptions } from "./options.js";
import type { Claims, Explanation, Header, KeyCache, Verified, VerifierOptions } from "./types.js";
import { Verdicts } from "./verdicts.js";

/** Gives the verdict of one policy on any number of tokens. */
export interface Verifier<C extends object = Claims> {
	/**
	 * Checks a token, fetching keys as needed. Rejects with a {@link TokenError}.
	 * A `Uint8Array` is taken as the token's UTF-8.
	 */
	verify(token: string | Uint8Array): Promise<Verified<C>>;
	/** The same verdict at once; `keys_not_loaded` if it would need the network first. */
	verifySync(token: string | Uint8Array): Verified<C>;
	/** Every check with its RFC section. Never throws for a bad token. */
	explain(token: string | Uint8Array): Promise<Explanation>;
	/** Fetches the key sets now, so that the first token need not wait and `verifySync` works. */
	loadKeys(): Promise<void>;
	/** Frees the core's memory for this verifier. Later calls throw. */
	dispose(): void;
	[Symbol.dispose](): void;
}

/** Creates a verifier. Throws a `TypeError` that names the option, if one is wrong. */
export function createVerifier<C extends object = Claims>(options: VerifierOptions): Verifier<C> {
	return new PolicyVerifier<C>(options);
}

class PolicyVerifier<C extends object> implements Verifier<C> {
	readonly #options: JsonText;
	readonly #now: () => number;
	readonly #sources: (RemoteKeys | undefined)[];
	/** The key texts fetched so far: a new instance of the core gets them again. */
	readonly #texts: (string | undefined)[] = [];
	#instance: Instance | undefined;
	#core: CoreVerifier | undefined;
	#verdicts: Verdicts<C> | undefined;
	readonly #headers = new RepeatedJson<Header>();
	#disposed = false;
	declare readonly [Symbol.dispose]: () => void;

	constructor(options: VerifierOptions) {
		// Not a method: some runtimes do not have the symbol yet, and bundlers keep classes with computed names.
		if (Symbol.dispose) Object.defineProperty(this, Symbol.dispose, { value: () => this.dispose() });
		this.#options = snapshotOptions(options, ["now", "fetch", "cache"]);
		this.#now = clock(options);
		const io = {
			fetch: callable(options, "fetch") ?? platformFetch,
			cache: cacheOf(options),
			now: this.#now,
		};
		const sources = enter((instance) => this.#coreOf(instance).sources);
		this.#sources = sources.map((source, index) =>
			source.loaded
				? undefined
				: new RemoteKeys(source, {
						...io,
						accept: (text) => {
							enter((instance) => this.#coreOf(instance).setKeys(index, text));
							this.#texts[index] = text;
							this.#verdicts?.clear();
						},
					}),
		);
	}

	async verify(token: Token): Promise<Verified<C>> {
		const stale = this.#staleSource(token);
		if (stale) await stale.load();
		const first = this.#attempt(token);
		if ("claims" in first) return first;
		if (!(await this.#fetchLacking(first))) throw first.error;
		const second = this.#attempt(token);
		if ("claims" in second) return second;
		throw second.error;
	}

	verifySync(token: Token): Verified<C> {
		this.#staleSource(token)?.refreshBehind();
		const attempt = this.#attempt(token);
		if ("claims" in attempt) return attempt;
		throw attempt.error;
	}

	async explain(token: Token): Promise<Explanation> {
		await this.#staleSource(token)?.load();
		const { lacksKey, ...first } = this.#explainOnce(token);
		if (lacksKey === null || !first.error) return first;
		if (!(await this.#fetchLacking({ error: new TokenError(first.error), lacking: lacksKey }))) return first;
		const { lacksKey: _, ...second } = this.#explainOnce(token);
		return second;
	}

	#explainOnce(token: Token): CoreExplanation {
		const now = this.#now();
		return enter((instance) => this.#coreOf(instance).explain(token, now));
	}

	async loadKeys(): Promise<void> {
		await Promise.all(this.#sources.map((source) => source?.load()));
	}

	dispose(): void {
		if (this.#disposed) return;
		this.#disposed = true;
		this.#core?.free();
		this.#core = undefined;
		this.#verdicts = undefined;
	}

	#attempt(token: Token): Verified<C> | { readonly error: TokenError; readonly lacking: number } {
		const now = this.#now();
		return enter((instance) => {
			const core = this.#coreOf(instance);
			const kept = this.#verdicts?.find(token, now);
			if (kept) return kept;
			const outcome = core.verify(token, now);
			if (outcome === 0) {
				const claims = JSON.parse(instance.payloadText()) as C;
				const header = this.#headers.parse(encodedHeader(token), () => instance.headerText());
				const verified = { claims, header };
				this.#verdicts?.keep(token, verified);
				return verified;
			}
			return { error: instance.refusal(outcome), lacking: outcome - LACKS_KEY };
		});
	}

	// Whether the keys have been fetched and the token is worth a second look.
	async #fetchLacking(refused: { readonly error: TokenError; readonly lacking: number }): Promise<boolean> {
		const source = this.#sources[refused.lacking];
		if (!source) return false;
		try {
			return await source.refresh();
		} catch (error) {
			// With no keys at all, the network is the reason. Else the refusal stands, and says what was tried.
			if (refused.error.code === "keys_not_loaded") throw error;
			refused.error.cause = error;
			return false;
		}
	}

	// Several issuers: only the one that the token names is worth a request, and it is no more than a hint.
	#staleSource(token: Token): RemoteKeys | undefined {
		let stale: RemoteKeys | undefined;
		for (const source of this.#sources) {
			if (!source?.stale) continue;
			if (this.#sources.length === 1) return source;
			stale ??= source;
		}
		if (!stale) return undefined;
		try {
			const { iss } = decodeUnverified(token).claims;
			return this.#sources.find((source) => source?.stale && source.issuer === iss);
		} catch {
			return undefined; // The verdict will say what is wrong with the token.
		}
	}

	#coreOf(instance: Instance): CoreVerifier {
		if (this.#disposed) throw new TypeError("verifier: used after dispose()");
		if (this.#core && this.#instance === instance) return this.#core;
		const core = new CoreVerifier(instance, this.#options);
		for (const [index, text] of this.#texts.entries()) if (text !== undefined) core.setKeys(index, text);
		this.#instance = instance;
		this.#core = core;
		this.#verdicts = core.slots > 0 ? new Verdicts<C>(core) : undefined;
		return core;
	}
}

/** The first segment of a token that has passed: the same text is the same header. */
function encodedHeader(token: Token): string | undefined {
	return typeof token === "string" ? token.slice(0, token.indexOf(".")) : undefined;
}

function clock(options: VerifierOptions): () => number {
	const given = callable(options, "now");
	if (!given) return () => Math.floor(Date.now() / 1000);
	return () => {
		const seconds = given();
		if (typeof seconds === "number" && Number.isFinite(seconds)) return seconds;
		throw new TypeError("now: must return the seconds since 1970 as a finite number");
	};
}

function cacheOf(options: VerifierOptions): KeyCache | undefined {
	const cache = named("cache", () => options?.cache);
	const complete = named("cache", () => typeof cache?.get === "function" && typeof cache.set === "function");
	if (cache === undefined || complete) return cache;
	throw new TypeError("cache: must have get and set");
}
