// What the stores in Durable Objects share: one object for each first character of a hash, so that load spreads.

/** The part of a namespace of Durable Objects that is used. */
export interface DurableObjects {
	// biome-ignore lint/suspicious/noExplicitAny: the platform's own type, if it is there
	idFromName(name: string): any;
	// biome-ignore lint/suspicious/noExplicitAny: the same
	get(id: any): { fetch(url: string, init: { method: string; body: string }): Promise<DurableObjectAnswer> };
}

interface DurableObjectAnswer {
	readonly status: number;
	text(): Promise<string>;
}

/** The part of the state of a Durable Object with SQLite that is used. */
export interface DurableObjectState {
	readonly storage: {
		readonly sql: { exec(query: string, ...values: unknown[]): { toArray(): Record<string, unknown>[] } };
		getAlarm(): Promise<number | null>;
		setAlarm(milliseconds: number): Promise<void>;
	};
}

/** Sends a message to the object of a hash. Resolves to what it answers; rejects if that is a failure. */
export type Tell = (hash: string, message: unknown) => Promise<unknown>;

/** How objects of a class are told something. Throws a `TypeError` for what is no namespace. */
export function tellObjects(namespace: DurableObjects, className: string): Tell {
	if (typeof namespace?.idFromName !== "function" || typeof namespace.get !== "function") {
		throw new TypeError(
			`namespace: expected a namespace of Durable Objects; bind ${className} under durable_objects in wrangler.jsonc`,
		);
	}
	return async (hash, message) => {
		const object = namespace.get(namespace.idFromName(`countersign:${hash.slice(0, 1)}`));
		const answer = await object.fetch("https://object.invalid/", { method: "POST", body: JSON.stringify(message) });
		const text = await answer.text();
		if (answer.status !== 200) throw new Error(`${className} answered ${answer.status}: ${text}`);
		return JSON.parse(text);
	};
}
