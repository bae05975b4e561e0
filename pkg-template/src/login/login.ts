// The authorization code flow with PKCE, by redirect: what a page calls, and in which order it happens.

import { currentUrl, onRemovedElsewhere, replaceUrl } from "./browser.js";
import { isCallback, withoutAnswer } from "./callback-address.js";
import { loadEngine } from "./load-engine.js";
import type { Engine } from "./login-engine.js";
import { readLogoutOptions, readStartOptions, readUrl } from "./options.js";
import { Page } from "./page.js";
import type { Finished, Login, LoginOptions, Session } from "./types.js";

/** A login by redirect. Its functions are properties, so that they need no `this`. */
export class RedirectLogin implements Login {
	readonly #page: Page;
	#loading: Promise<Engine> | undefined;
	#engine: Engine | undefined;
	#finishing: { readonly addresses: readonly string[]; readonly promise: Promise<Finished | null> } | undefined;
	#restoring: Promise<Session | null> | undefined;

	constructor(options: LoginOptions) {
		this.#page = new Page(options);
		this.#page.current.onChange((session) => {
			if (!session) this.#finishing = undefined;
		});
		onRemovedElsewhere(this.#page.hint.name, () => this.#endedElsewhere());
	}

	get session(): Session | null {
		return this.#page.current.session;
	}

	readonly start: Login["start"] = async (options) => {
		const given = readStartOptions(options);
		return (await this.#load()).start(given);
	};

	readonly finish: Login["finish"] = (url) => {
		try {
			return this.#finish(readUrl(url));
		} catch (error) {
			return Promise.reject(error);
		}
	};

	readonly restore: Login["restore"] = () => {
		this.#restoring ??= this.#restore().finally(() => {
			this.#restoring = undefined;
		});
		return this.#restoring;
	};

	readonly accessToken: Login["accessToken"] = async () => (await this.#load()).accessToken();

	readonly fetch: Login["fetch"] = async (input, init) => (await this.#load()).fetch(input, init);

	readonly logout: Login["logout"] = async (options) => {
		const { global = true } = readLogoutOptions(options);
		this.#finishing = undefined;
		await (await this.#load()).endSession(global);
	};

	readonly onChange: Login["onChange"] = (listener) => this.#page.current.onChange(listener);

	#finish(url: string | undefined): Promise<Finished | null> {
		const address = url ?? currentUrl();
		// StrictMode runs effects twice, and by the second time the address has been cleaned.
		if (this.#finishing?.addresses.includes(address)) return this.#finishing.promise;
		if (!this.#isCallback(address)) return Promise.resolve(null);
		const cleaned = withoutAnswer(address);
		if (url === undefined || url === currentUrl()) replaceUrl(cleaned);
		const promise = this.#load().then((engine) => engine.finish(address, cleaned));
		this.#finishing = { addresses: [address, cleaned], promise };
		return promise;
	}

	async #restore(): Promise<Session | null> {
		if (this.session) return this.session;
		if (this.#finishing || this.#isCallback(currentUrl())) {
			const finished = await this.finish();
			if (finished || this.session) return finished?.session ?? this.session;
		}
		const { store, hint } = this.#page;
		// A visitor that nobody knows loads nothing for it.
		if (!hint.present && (await store.read()) === undefined) return null;
		return (await this.#load()).restore();
	}

	#isCallback(address: string): boolean {
		return isCallback(address, this.#page.options.redirectUri);
	}

	// Signed out in one tab is signed out in all, and at once.
	#endedElsewhere(): void {
		this.#finishing = undefined;
		const ended = this.#engine?.endedElsewhere() ?? this.#load().then((engine) => engine.endedElsewhere());
		ended.catch(() => {});
	}

	async #load(): Promise<Engine> {
		this.#loading ??= loadEngine(this.#page).catch((error) => {
			this.#loading = undefined;
			throw error;
		});
		this.#engine = await this.#loading;
		return this.#engine;
	}
}
