// Authorization requests that have been sent: what only this tab may know of each. What the text says is the core's.

import type { LoginClient } from "countersign:bindings";
import type { CoreObject } from "../core/core-object.js";
import { type ErrorData, TokenError } from "../error.js";
import { ownAddress, tabStorage } from "./browser.js";

/** What is remembered of an authorization request. */
export interface Transaction {
	/** RFC 7636 §4.1: a secret until the code is exchanged. */
	readonly verifier: string;
	readonly state: string;
	readonly nonce?: string | null;
	/** Whether the page asked by itself, and not the user. */
	readonly silent: boolean;
	/** What the ID token has to show. */
	readonly maxAge?: number | null;
	readonly acr?: readonly string[] | null;
	/** The thumbprint of the key that the code is bound to. */
	readonly jkt?: string | null | undefined;
	/** What an API has demanded of this login, by name. */
	readonly stepUp?: string | null | undefined;
	/** The address that is asked again afterwards, and the user who asked. */
	readonly repeat?: string | null | undefined;
	readonly subject?: string | null | undefined;
}

/** A request that is about to be sent; the application's state as JSON. */
export interface NewTransaction extends Transaction {
	readonly returnTo: string;
	readonly appState?: string | undefined;
}

/** What an answer belongs to. */
export interface Taken {
	readonly transaction: (Transaction & { readonly appState?: unknown }) | null;
	/** Where the user wanted to be: an address of this site. */
	readonly returnTo: string | undefined;
	/** Why the answer belongs to nothing. */
	readonly refusal: TokenError | undefined;
}

interface TakenByCore extends Pick<Taken, "transaction"> {
	/** What this tab keeps from now on. */
	readonly kept: string | null;
	readonly refusal: ErrorData | null;
	readonly returnTo: string | null;
}

/** The transactions of one client at one issuer. */
export class TransactionStore {
	readonly #name: string;
	readonly #now: () => number;

	constructor(name: string, now: () => number) {
		this.#name = `${name}:transactions`;
		this.#now = now;
	}

	/** Remembers a request. */
	add(client: CoreObject<LoginClient>, request: NewTransaction): void {
		const present = Object.entries(request).filter(([, value]) => value !== null);
		const record = Object.fromEntries(present);
		const [kept, now] = [this.#read(), this.#now()];
		this.#write(client.use((client) => client.withTransaction(kept, record, now)));
	}

	/** Takes out the request that an answer with this state, at this address, belongs to. */
	take(client: CoreObject<LoginClient>, state: string | null, address: string): Taken {
		const [kept, now] = [this.#read(), this.#now()];
		const taken: TakenByCore = client.use((client) => client.takeTransaction(kept, state ?? undefined, address, now));
		this.#write(taken.kept);
		return {
			transaction: taken.transaction,
			returnTo: taken.returnTo === null ? undefined : ownAddress(taken.returnTo) && taken.returnTo,
			refusal: taken.refusal === null ? undefined : new TokenError(taken.refusal),
		};
	}

	#read(): string {
		return tabStorage().getItem(this.#name) ?? "";
	}

	#write(text: string | null | undefined): void {
		if (text) tabStorage().setItem(this.#name, text);
		else tabStorage().removeItem(this.#name);
	}
}
