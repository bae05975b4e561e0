// What the parts of one login share.

import type { Fetch } from "../core/fetch-types.js";
import { AuthorizationServer } from "./authorization-server.js";
import { STATE } from "./callback-address.js";
import { Clock } from "./clock.js";
import { IdTokens } from "./id-token.js";
import { SessionHint } from "./mark.js";
import { CurrentSession } from "./session.js";
import { StepReporter } from "./step-reporter.js";
import { TokenStore } from "./token-store.js";
import { TransactionStore } from "./transaction-store.js";
import type { LoginOptions } from "./types.js";

/** The parts of one login. */
export interface Context {
	readonly options: LoginOptions;
	/** What this login is called in storages and locks. */
	readonly name: string;
	/** Seconds since 1970. */
	readonly now: () => number;
	/** The server's time, as far as it is known. */
	readonly clock: Clock;
	/** What every `state` of this login begins with. */
	readonly statePrefix: string;
	/** For requests to the API. */
	readonly fetch: typeof globalThis.fetch;
	readonly server: AuthorizationServer;
	readonly transactions: TransactionStore;
	readonly idTokens: IdTokens;
	readonly store: TokenStore;
	readonly hint: SessionHint;
	readonly current: CurrentSession;
	readonly reporter: StepReporter;
}

/** The parts of a login with these options. */
export function contextOf(options: LoginOptions): Context {
	const name = `countersign:${options.issuer}:${options.clientId}`;
	const now = options.now ?? (() => Math.floor(Date.now() / 1000));
	const given = options.fetch as typeof globalThis.fetch | undefined;
	// The platform's is looked up at each call, so that it may be replaced at run time. Neither is called as a method.
	const fetch: typeof globalThis.fetch = (input, init) => (given ?? globalThis.fetch)(input, init);
	const serverFetch: Fetch = (url, init) => fetch(url, init);
	const clock = new Clock(now);
	const statePrefix = `${STATE}${shortName(name)}-`;
	return {
		options,
		name,
		now,
		clock,
		statePrefix,
		fetch,
		server: new AuthorizationServer(options, serverFetch, name, statePrefix),
		transactions: new TransactionStore(name, now),
		idTokens: new IdTokens(options, serverFetch, clock.now),
		store: new TokenStore(name, options.storage ?? "memory"),
		hint: new SessionHint(name),
		current: new CurrentSession(),
		reporter: new StepReporter(options.onStep),
	};
}

/** Ends the session on this page and in what it has stored. */
export async function forget({ hint, store, current }: Context): Promise<void> {
	hint.remove();
	await store.write(undefined);
	current.set(undefined);
}

/** A few letters for a name: two logins of one page tell their answers apart (FNV-1a). */
function shortName(name: string): string {
	let hash = 0x811c9dc5;
	for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) as number), 0x01000193);
	return (hash >>> 0).toString(36);
}
