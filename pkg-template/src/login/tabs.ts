// The other tabs of this origin that share the session: what they are told, and what they are asked.

import { declare, isDeclaredElsewhere } from "./lock.js";

/** The tabs of one login. */
export class Tabs {
	readonly #name: string;
	readonly #listeners = new Set<(message: string) => void>();
	#channel: BroadcastChannel | undefined;
	#declared: { readonly name: string; readonly end: () => void } | undefined;

	constructor(name: string, heard: (message: string) => void) {
		this.#name = name;
		this.#listeners.add(heard);
	}

	/** Begins to listen. */
	open(): void {
		const Channel = globalThis.window?.BroadcastChannel;
		if (!Channel) return;
		this.#channel = new Channel(this.#name);
		this.#channel.onmessage = ({ data }) => {
			if (typeof data === "string") for (const listener of [...this.#listeners]) listener(data);
		};
	}

	/** This page has the session of this sign-in; of none any more. */
	declare(lineage: string | undefined): void {
		const name = lineage && this.#nameOf(lineage);
		if (this.#declared?.name === name) return;
		this.#declared?.end();
		this.#declared = name ? { name, end: declare(name) } : undefined;
	}

	tell(message: string): void {
		this.#channel?.postMessage(message);
	}

	/** Sends a question, and passes on what is heard until `answered` says that it is enough; or until so many seconds. */
	async ask(lineage: string, message: string, seconds: number, answered: (message: string) => boolean): Promise<void> {
		const name = this.#nameOf(lineage);
		const own = this.#declared?.name === name ? 1 : 0;
		if (!this.#channel || !(await isDeclaredElsewhere(name, own))) return;
		await new Promise<void>((done) => {
			const end = () => {
				clearTimeout(timer);
				this.#listeners.delete(listen);
				done();
			};
			const timer = setTimeout(end, seconds * 1000);
			const listen = (heard: string) => {
				if (answered(heard)) end();
			};
			this.#listeners.add(listen);
			this.tell(message);
		});
	}

	#nameOf(lineage: string): string {
		return `${this.#name}:${lineage}`;
	}
}
