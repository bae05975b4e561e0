// When the user was last there, on any page of this origin. What the text means is the core's.

import { browserStorage } from "./browser.js";

/** What this browser remembers of it for one login. */
export class Activity {
	readonly #name: string;
	/** For a browser that keeps nothing. */
	#text: string | undefined;

	constructor(name: string) {
		this.#name = `${name}:active`;
	}

	read(): string | undefined {
		try {
			return (browserStorage().getItem(this.#name) as string | null) ?? this.#text;
		} catch {
			return this.#text;
		}
	}

	write(text: string): void {
		this.#text = text;
		try {
			browserStorage().setItem(this.#name, text);
		} catch {
			// Then each page is for itself.
		}
	}
}
