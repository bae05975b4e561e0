// What a login keeps on a page where nobody is logged in: little, for visitors that nobody knows.

import { STATE } from "./callback-address.js";
import { Events } from "./events.js";
import { SessionHint } from "./mark.js";
import { CurrentSession } from "./session.js";
import { TokenStore } from "./token-store.js";
import type { LoginOptions } from "./types.js";

/** One login on one page. */
export class Page {
	readonly options: LoginOptions;
	/** What this login is called in storages, locks and channels. */
	readonly name: string;
	/** Seconds since 1970. */
	readonly now: () => number;
	/** What every `state` of this login begins with. */
	readonly statePrefix: string;
	readonly store: TokenStore;
	readonly hint: SessionHint;
	readonly current: CurrentSession = new CurrentSession();
	readonly events: Events = new Events();

	constructor(options: LoginOptions) {
		this.options = options;
		this.name = `countersign:${options.issuer}:${options.clientId}`;
		this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
		this.statePrefix = `${STATE}${shortName(this.name)}-`;
		this.store = new TokenStore(this.name, options.storage ?? "memory");
		this.hint = new SessionHint(this.name);
	}

	/** What a logout does at least, where the rest of it cannot be loaded. Rejects with the reason of that. */
	async forget(why: unknown): Promise<never> {
		this.hint.remove();
		await this.store.write(undefined).catch(() => {});
		throw why;
	}
}

/** A few letters for a name: two logins of one page tell their answers apart (FNV-1a). */
function shortName(name: string): string {
	let hash = 0x811c9dc5;
	for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) as number), 0x01000193);
	return (hash >>> 0).toString(36);
}
