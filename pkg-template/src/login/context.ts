// What the parts of one login share.

import type { Fetch } from "../core/fetch-types.js";
import { AuthorizationServer } from "./authorization-server.js";
import { IdTokens } from "./id-token.js";
import { CurrentSession } from "./session.js";
import { StepReporter } from "./step-reporter.js";
import { SessionHint, TokenStore } from "./token-store.js";
import { TransactionStore } from "./transaction-store.js";
import type { LoginOptions } from "./types.js";

/** The parts of one login. */
export interface Context {
	readonly options: LoginOptions;
	/** What this login is called in storages and locks. */
	readonly name: string;
	/** Seconds since 1970. */
	readonly now: () => number;
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
	return {
		options,
		name,
		now,
		fetch,
		server: new AuthorizationServer(options, serverFetch, name),
		transactions: new TransactionStore(name, now),
		idTokens: new IdTokens(options, serverFetch, now),
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
