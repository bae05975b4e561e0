// Issuers that somebody has to be asked about: the core decides whom and when, this file asks and waits.

import type { IssuerTable } from "countersign:bindings";
import type { Clocks } from "../core/clocks.js";
import { CoreObject, type Uses } from "../core/core-object.js";
import type { IssuerSettings } from "../core/settings.js";
import { snapshot } from "../core/snapshot.js";
import { reasonOf } from "./fetch-error.js";
import { Landings } from "./landings.js";
import type { Asker } from "./remote-jwk-set.js";
import { within } from "./within.js";

/** An object of the core that judges by answers. */
export interface TakesAnswers {
	attachIssuers(table: IssuerTable): void;
	issuerAnswered(question: number, answer: unknown, policy: number, machine: number): void;
}

const ASKED = "issuer()";

/** The issuers that one function is asked about, or one verifier's tenants. */
export class Issuers {
	readonly core: CoreObject<IssuerTable>;
	readonly #ask: IssuerSettings["ask"];
	readonly #landings = new Landings();

	constructor({ ask, limits, allowHttp }: IssuerSettings) {
		this.#ask = ask;
		this.core = new CoreObject(
			(core) => new core.IssuerTable(limits, allowHttp),
			() => {},
		);
	}

	/** Asks a question, for an object of the core. */
	begin(question: number, asker: Asker, taker: Uses<TakesAnswers>): Promise<void> {
		const { clocks } = asker;
		const beat = () => this.#at(clocks, (table, ...at) => table.beat(question, ...at));
		return this.#landings.begin(question, () => this.#perform(question, clocks, taker), beat, asker.context);
	}

	/** Waits until a question has been answered, or so many seconds. Resolves to whether it is over. */
	wait(question: number, seconds: number | null, { clocks }: Asker, isMine: boolean): Promise<boolean> {
		const isUnderWay = () => this.#at(clocks, (table, ...at) => table.isUnderWay(question, ...at));
		return this.#landings.wait(question, seconds, isMine, isUnderWay);
	}

	async #perform(question: number, clocks: Clocks, taker: Uses<TakesAnswers>): Promise<void> {
		const [issuer, timeout] = this.core.use((table) => [table.question(question), table.timeout] as const);
		try {
			if (issuer === undefined) return;
			const late = () => new Error(`no answer about the issuer within ${timeout} s`);
			const answer = snapshot(await within(timeout, late, () => this.#ask?.(issuer)), ASKED);
			const { policy, machine } = clocks();
			taker.use((object) => object.issuerAnswered(question, answer, policy, machine));
		} catch (error) {
			this.#at(clocks, (table, ...at) => table.failed(question, reasonOf(error), ...at));
		}
	}

	#at<R>(clocks: Clocks, ask: (table: IssuerTable, policy: number, machine: number) => R): R {
		const { policy, machine } = clocks();
		return this.core.use((table) => ask(table, policy, machine));
	}
}

const shared = new WeakMap<object, Map<string, Issuers>>();

/** The issuers of a verifier's settings: whoever asks the same function shares its answers. */
export function issuersOf(settings: IssuerSettings): Issuers {
	const { ask, ...others } = settings;
	if (!ask) return new Issuers(settings);
	const tables = shared.get(ask) ?? new Map<string, Issuers>();
	shared.set(ask, tables);
	const name = JSON.stringify(others);
	const table = tables.get(name) ?? new Issuers(settings);
	tables.set(name, table);
	return table;
}
