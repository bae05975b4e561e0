// What the parts of one login share.

import type { Fetch } from "../core/fetch-types.js";
import { Activity } from "./activity.js";
import { AuthorizationServer } from "./authorization-server.js";
import { navigate } from "./browser.js";
import { Clock } from "./clock.js";
import { Dpop } from "./dpop.js";
import { performEffect } from "./effects.js";
import type { Events } from "./events.js";
import { perform } from "./flight.js";
import { IdTokens } from "./id-token.js";
import { loadCore } from "./load-core.js";
import { Machine } from "./machine.js";
import type { SessionHint } from "./mark.js";
import type { Page } from "./page.js";
import { Refresh } from "./refresh.js";
import type { CurrentSession } from "./session.js";
import { StepReporter } from "./step-reporter.js";
import { StepUps } from "./step-ups.js";
import { Tabs } from "./tabs.js";
import { Ticker } from "./ticker.js";
import type { TokenStore } from "./token-store.js";
import { TransactionStore } from "./transaction-store.js";
import type { LoginOptions } from "./types.js";
import { UserClaims } from "./user-claims.js";

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
	readonly dpop: Dpop;
	readonly store: TokenStore;
	readonly hint: SessionHint;
	readonly tabs: Tabs;
	readonly current: CurrentSession;
	readonly events: Events;
	readonly refresh: Refresh = new Refresh(this);
	readonly stepUps: StepUps = new StepUps(this);
	readonly userClaims: UserClaims = new UserClaims(this);
	readonly reporter: StepReporter;
	/** Leaves the page, or has it left. */
	readonly navigate: (url: string, how: "assign" | "replace") => void;
	readonly activity: Activity;
	/** With the machine it comes. */
	ticker: Ticker | undefined;
	#machine: Promise<Machine> | undefined;
	#loaded: Machine | undefined;

	constructor({ options, name, now, statePrefix, store, hint, current, events }: Page) {
		this.options = options;
		this.name = name;
		this.now = now;
		this.clock = new Clock(now);
		this.statePrefix = statePrefix;
		this.store = store;
		this.hint = hint;
		this.current = current;
		this.events = events;
		this.navigate = options.navigate ?? navigate;
		this.activity = new Activity(name);
		const given = options.fetch as typeof globalThis.fetch | undefined;
		// The platform's is looked up at each call, so that it may be replaced at run time. Neither is called as a method.
		this.fetch = (input, init) => (given ?? globalThis.fetch)(input, init);
		const serverFetch: Fetch = (url, init) => this.fetch(url, init);
		this.server = new AuthorizationServer(options, serverFetch, name, statePrefix);
		this.transactions = new TransactionStore(name, now);
		this.idTokens = new IdTokens(options, serverFetch, this.clock.now);
		this.dpop = new Dpop(this);
		this.tabs = new Tabs(name, (message) => void this.#heard(message).catch(() => {}));
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
		const { reach } = this.store;
		const idleTimeout = (await this.server.client()).use((client) => client.idleTimeout);
		const place = { reach, idleTimeout, isBound: this.options.dpop === true, activity: this.activity };
		const machine: Machine = new Machine(core, place, (effect) => performEffect(this, core, machine, effect));
		this.ticker = new Ticker(machine, this.now);
		this.tabs.open();
		this.#loaded = machine;
		return machine;
	}

	/** Another tab says something. Nobody waits for what comes of it. */
	async #heard(message: string): Promise<void> {
		const machine = await this.machine();
		const flight = machine.use((session) => session.heard(message, this.now()));
		if (flight !== undefined) await perform(this, machine, flight);
	}
}
