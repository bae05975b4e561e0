// Metadata kept over the redirect, so that coming back costs no extra request. It lies in the open: whoever reads it here
// has it judged again.

import { tabStorage } from "./browser.js";

/** Metadata documents as this tab keeps them. */
export interface Documents {
	readonly text: string;
	/** The other of the issuer's two documents; empty where there is none, absent where it was not asked for. */
	readonly other?: string;
	/** Where the first was found. */
	readonly url: string;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** What this tab knows of one issuer. */
export class MetadataStore {
	readonly #name: string;

	constructor(name: string) {
		this.#name = `${name}:metadata`;
	}

	/** What an earlier page has discovered; throws where there is nothing. How long that is believed, the core says. */
	read(): Documents {
		return JSON.parse(tabStorage().getItem(this.#name) ?? "") as Documents;
	}

	write(documents: Documents): void {
		try {
			tabStorage().setItem(this.#name, JSON.stringify(documents));
		} catch {
			// Then it is fetched again.
		}
	}
}
