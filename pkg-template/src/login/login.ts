// The authorization code flow with PKCE, by redirect: what a page calls, and in which order it happens.

import { currentUrl, hasPage, onUserAction, replaceUrl } from "./browser.js";
import { isAnswer, withoutAnswer } from "./callback-address.js";
import { followTabs } from "./elsewhere.js";
import { handOver, isInFrame } from "./frame.js";
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
		onUserAction(() => {
			this.#page.hint.userActed(this.#page.now());
			this.#engine?.acted();
		});
		const ended = () => {
			this.#finishing = undefined;
		};
		this.#page.current.onChange((session) => session ?? ended());
		followTabs(this.#page, ended, (work) => this.#withEngine(work));
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
			this.#page.current.settle();
		});
		return this.#restoring;
	};

	readonly accessToken: Login["accessToken"] = async () => (await this.#load()).accessToken();
	readonly fetch: Login["fetch"] = async (input, init) => (await this.#load()).fetch(input, init);
	readonly userinfo: Login["userinfo"] = async () => (await this.#load()).userinfo();
	readonly logout: Login["logout"] = async (options) => {
		const given = readLogoutOptions(options);
		this.#finishing = undefined;
		await (await this.#load().catch((why) => this.#page.forget(why))).endSession(given);
	};

	readonly onChange: Login["onChange"] = (listener) => this.#page.current.onChange(listener);
	readonly on: Login["on"] = (event, listener) => this.#page.events.on(event, listener);
	readonly subscribe: Login["subscribe"] = (listener) => this.#page.current.subscribe(listener);
	readonly getSnapshot: Login["getSnapshot"] = () => this.#page.current.snapshot;

	#finish(url: string | undefined): Promise<Finished | null> {
		if (url === undefined && !hasPage()) return Promise.resolve(null);
		const address = url ?? currentUrl();
		// StrictMode runs effects twice, and by the second time the address has been cleaned.
		if (this.#finishing?.addresses.includes(address)) return this.#finishing.promise;
		if (!isAnswer(this.#page, address)) return Promise.resolve(null);
		if (url === undefined && isInFrame(this.#page.name)) return this.#handOver(address);
		const cleaned = withoutAnswer(address);
		if (url === undefined || url === currentUrl()) replaceUrl(cleaned);
		const promise = this.#load()
			.then((engine) => engine.finish(address, cleaned))
			.finally(() => this.#page.current.settle());
		this.#finishing = { addresses: [address, cleaned], promise };
		return promise;
	}

	async #restore(): Promise<Session | null> {
		if (this.session || !hasPage()) return this.session;
		await this.finish();
		if (this.session) return this.session;
		const { name, store, hint } = this.#page;
		if (isInFrame(name)) return null;
		// A visitor that nobody knows loads nothing for it, and may have a browser that keeps nothing.
		if (!hint.present && (await store.read().catch(() => undefined)) === undefined) return null;
		return (await this.#load()).restore();
	}

	// The page around this one goes on with it; nothing more happens here.
	#handOver(address: string): Promise<never> {
		handOver(this.#page.name, address);
		return new Promise(() => {});
	}

	#withEngine<R>(work: (engine: Engine) => Promise<R>): Promise<R> {
		return this.#engine ? work(this.#engine) : this.#load().then(work);
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
