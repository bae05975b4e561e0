// What the parts of one login share.

import type { Fetch } from "../core/fetch-types.js";
import { AuthorizationServer } from "./authorization-server.js";
import { Clock } from "./clock.js";
import { perform } from "./flight.js";
import { IdTokens } from "./id-token.js";
import { type Core, loadCore } from "./load-core.js";
import { type Effect, Machine, type View } from "./machine.js";
import type { SessionHint } from "./mark.js";
import type { Page } from "./page.js";
import type { CurrentSession } from "./session.js";
import { StepReporter } from "./step-reporter.js";
import { Tabs } from "./tabs.js";
import type { TokenStore } from "./token-store.js";
import { TransactionStore } from "./transaction-store.js";
import type { LoginOptions } from "./types.js";

/** The parts of one login. */
export class Context {
	readonly options: LoginOptions;
	/** What this login is called in storages, locks and channels. */
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
	readonly tabs: Tabs;
	readonly current: CurrentSession;
	readonly reporter: StepReporter;
	#machine: Promise<Machine> | undefined;
	#loaded: Machine | undefined;

	constructor({ options, name, now, statePrefix, store, hint, current }: Page) {
		this.options = options;
		this.name = name;
		this.now = now;
		this.clock = new Clock(now);
		this.statePrefix = statePrefix;
		this.store = store;
		this.hint = hint;
		this.current = current;
		const given = options.fetch as typeof globalThis.fetch | undefined;
		// The platform's is looked up at each call, so that it may be replaced at run time. Neither is called as a method.
		this.fetch = (input, init) => (given ?? globalThis.fetch)(input, init);
		const serverFetch: Fetch = (url, init) => this.fetch(url, init);
		this.server = new AuthorizationServer(options, serverFetch, name, statePrefix);
		this.transactions = new TransactionStore(name, now);
		this.idTokens = new IdTokens(options, serverFetch, this.clock.now);
		this.tabs = new Tabs(name, (message) => this.#heard(message));
		this.reporter = new StepReporter(options.onStep);
	}

	/** The session's state machine: the core is loaded for it. */
	readonly machine = (): Promise<Machine> => {
		this.#machine ??= this.#load().catch((error) => {
			this.#machine = undefined;
			throw error;
		});
		return this.#machine;
	};

	/** The same, where it is there already. */
	get loaded(): Machine | undefined {
		return this.#loaded;
	}

	async #load(): Promise<Machine> {
		const core = await loadCore();
		const machine: Machine = new Machine(core, this.store.reach, (effect) => this.#perform(effect, core, machine));
		this.tabs.open();
		this.#loaded = machine;
		return machine;
	}

	/** Does what the session wants done beside. */
	#perform(effect: Effect, core: Core, machine: Machine): void {
		if (effect.kind === "tell") this.tabs.tell(effect.message);
		else if (effect.kind === "set-mark") this.hint.put();
		else if (effect.kind === "remove-mark") this.hint.remove();
		else if (effect.kind === "changed") this.#show(core, machine.current);
	}

	#show(core: Core, view: View | undefined): void {
		this.tabs.declare(view?.lineage);
		const claims = this.idTokens.claimsOf(core, view?.idToken ?? null);
		this.current.set(view ? { claims, scope: view.scope, idToken: view.idToken, expiresAt: view.expiresAt } : null);
	}

	/** Another tab says something. */
	async #heard(message: string): Promise<void> {
		const machine = await this.machine();
		const flight = machine.use((session) => session.heard(message, this.now()));
		if (flight !== undefined) await perform(this, machine, flight);
	}
}
