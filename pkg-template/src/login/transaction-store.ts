// Authorization requests that have been sent and not answered: what only this tab may know of each.

import { tabStorage } from "./browser.js";

/** One authorization request under way. */
export interface Transaction {
	/** RFC 7636 §4.1: a secret until the code is exchanged. */
	readonly verifier: string;
	readonly nonce: string;
	readonly returnTo: string;
	/** Whether the page asked by itself, and not the user. */
	readonly silent: boolean;
	/** Seconds since 1970. */
	readonly createdAt: number;
}

/** A transaction and the state that its answer repeats. */
export interface NamedTransaction {
	readonly state: string;
	readonly transaction: Transaction;
}

const MAX_TRANSACTIONS = 8;
/** Seconds. */
const LIFETIME = 600;

/** The transactions of one client at one issuer, by their state. */
export class TransactionStore {
	readonly #name: string;
	readonly #now: () => number;

	constructor(name: string, now: () => number) {
		// The name that earlier versions gave it: a page may be updated while its user is away.
		this.#name = `${name}:flights`;
		this.#now = now;
	}

	/** Remembers a transaction; the oldest goes when there are too many. */
	add(state: string, transaction: Transaction): void {
		const transactions = [...this.#read(), [state, transaction] as const];
		this.#write(transactions.slice(-MAX_TRANSACTIONS));
	}

	/** Takes out the transaction of this state: an answer is good for one use. */
	take(state: string | null): NamedTransaction | undefined {
		const transactions = this.#read();
		const found = transactions.find(([name]) => name === state);
		if (!found) return undefined;
		this.#write(transactions.filter((one) => one !== found));
		return { state: found[0], transaction: found[1] };
	}

	/** The state of the latest transaction: what an answer with another state is compared with. */
	latest(): string | undefined {
		return this.#read().at(-1)?.[0];
	}

	#read(): (readonly [string, Transaction])[] {
		try {
			const transactions = JSON.parse(tabStorage().getItem(this.#name) ?? "[]") as [string, Transaction][];
			return transactions.filter(([, { createdAt }]) => Math.abs(this.#now() - createdAt) < LIFETIME);
		} catch (error) {
			if (error instanceof SyntaxError || error instanceof TypeError) return [];
			throw error;
		}
	}

	#write(transactions: readonly (readonly [string, Transaction])[]): void {
		if (transactions.length > 0) tabStorage().setItem(this.#name, JSON.stringify(transactions));
		else tabStorage().removeItem(this.#name);
	}
}
