// The authorization code flow with PKCE, by redirect: what a page calls, and in which order it happens.

import { fetchFromApi } from "./api-fetch.js";
import { sendAuthorizationRequest } from "./authorization-request.js";
import { currentUrl, hasPage, onRemovedElsewhere, onUserAction, replaceUrl } from "./browser.js";
import { finishLogin } from "./callback.js";
import { isAnswer, withoutAnswer } from "./callback-address.js";
import { type Context, contextOf } from "./context.js";
import { handOver, isInFrame } from "./frame.js";
import { endSession } from "./logout.js";
import { readLogoutOptions, readStartOptions, readUrl } from "./options.js";
import { Refresh } from "./refresh.js";
import { restoreSession } from "./restore.js";
import type { Finished, Login, LoginOptions, Session } from "./types.js";

/** A login by redirect. Its functions are properties, so that they need no `this`. */
export class RedirectLogin implements Login {
	readonly #context: Context;
	readonly #refresh: Refresh;
	#finishing: { readonly addresses: readonly string[]; readonly promise: Promise<Finished | null> } | undefined;
	#restoring: Promise<Session | null> | undefined;

	constructor(options: LoginOptions) {
		this.#context = contextOf(options);
		this.#refresh = new Refresh(this.#context);
		this.#context.current.onChange((session) => {
			if (!session) this.#finishing = undefined;
		});
		onUserAction(() => this.#context.hint.userActed());
		onRemovedElsewhere(this.#context.hint.name, () => this.#endedElsewhere());
	}

	get session(): Session | null {
		return this.#context.current.session;
	}

	readonly start: Login["start"] = async (options) =>
		sendAuthorizationRequest(this.#context, readStartOptions(options));

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

	readonly accessToken: Login["accessToken"] = () => this.#refresh.accessToken();

	readonly fetch: Login["fetch"] = (input, init) => fetchFromApi(this.#context, this.#refresh, input, init);

	readonly logout: Login["logout"] = async (options) => {
		const given = readLogoutOptions(options);
		this.#finishing = undefined;
		await endSession(this.#context, given);
	};

	readonly onChange: Login["onChange"] = (listener) => this.#context.current.onChange(listener);

	#finish(url: string | undefined): Promise<Finished | null> {
		if (url === undefined && !hasPage()) return Promise.resolve(null);
		const address = url ?? currentUrl();
		// StrictMode runs effects twice, and by the second time the address has been cleaned.
		if (this.#finishing?.addresses.includes(address)) return this.#finishing.promise;
		if (!isAnswer(this.#context, address)) return Promise.resolve(null);
		if (url === undefined && isInFrame(this.#context.name)) return this.#handOver(address);
		const cleaned = withoutAnswer(address);
		if (url === undefined || url === currentUrl()) replaceUrl(cleaned);
		const promise = finishLogin(this.#context, address, cleaned);
		this.#finishing = { addresses: [address, cleaned], promise };
		return promise;
	}

	async #restore(): Promise<Session | null> {
		if (this.session || !hasPage()) return this.session;
		if (this.#finishing || isAnswer(this.#context, currentUrl())) {
			const finished = await this.finish();
			if (finished || this.session) return finished?.session ?? this.session;
		}
		return isInFrame(this.#context.name) ? null : restoreSession(this.#context, this.#refresh);
	}

	// The page around this one goes on with it; nothing more happens here.
	#handOver(address: string): Promise<never> {
		handOver(this.#context.name, address);
		return new Promise(() => {});
	}

	// Signed out in one tab is signed out in all.
	#endedElsewhere(): void {
		this.#finishing = undefined;
		this.#context.store.write(undefined).catch(() => {});
		this.#context.current.set(undefined);
	}
}
