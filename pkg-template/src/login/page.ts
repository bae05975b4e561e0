// What a login keeps on a page where nobody is logged in: little, for visitors that nobody knows.

import { CurrentSession } from "./session.js";
import { SessionHint, TokenStore } from "./token-store.js";
import type { LoginOptions } from "./types.js";

/** One login on one page. */
export class Page {
	readonly options: LoginOptions;
	/** What this login is called in storages, locks and channels. */
	readonly name: string;
	/** Seconds since 1970. */
	readonly now: () => number;
	readonly store: TokenStore;
	readonly hint: SessionHint;
	readonly current: CurrentSession = new CurrentSession();

	constructor(options: LoginOptions) {
		this.options = options;
		this.name = `countersign:${options.issuer}:${options.clientId}`;
		this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
		this.store = new TokenStore(this.name, options.storage ?? "memory");
		this.hint = new SessionHint(this.name);
	}
}
