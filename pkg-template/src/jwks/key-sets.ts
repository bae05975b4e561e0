// The key sets of all trusted issuers of one policy: loaded where a verdict needs them.

import { clockOf, type Settings } from "../core/settings.js";
import type { TokenError } from "../error.js";
import { platformFetch } from "./http.js";
import { RemoteJwkSet } from "./remote-jwk-set.js";

/** A verdict, or a refusal and the index of the issuer whose keys might lift it. */
export type Attempt<V> =
	| { readonly passed: true; readonly value: V }
	| {
			readonly passed: false;
			readonly error: TokenError;
			readonly issuer: number | undefined;
			readonly value: V | undefined;
	  };

export const passed = <V>(value: V): Attempt<V> => ({ passed: true, value });

export function lacking<V>(error: TokenError, issuer: number | undefined, value?: V): Attempt<V> {
	return { passed: false, error, issuer, value };
}

/** An object of the core that takes keys. */
interface TakesKeys {
	setKeys(index: number, text: string): void;
}

interface Owner<T> {
	/** Called whenever keys are replaced. */
	changed(): void;
	/** The index of the issuer that would judge what `T` carries. */
	issuerOf(subject: T): number | undefined;
}

/** The remote key sets of one policy. */
export class KeySets<T> {
	readonly #sets: readonly (RemoteJwkSet | undefined)[];
	/** The texts fetched so far: an object that is made again gets them again. */
	readonly #texts = new Map<number, string>();
	readonly #issuerOf: (subject: T) => number | undefined;

	constructor(
		core: { use(work: (object: TakesKeys) => void): void },
		settings: Settings,
		{ changed, issuerOf }: Owner<T>,
	) {
		const io = { fetch: settings.fetch ?? platformFetch, cache: settings.cache ?? undefined, now: clockOf(settings) };
		this.#issuerOf = issuerOf;
		this.#sets = settings.sources.map((source, index) => {
			if (source.loaded) return undefined;
			const accept = (text: string) => {
				core.use((object) => object.setKeys(index, text));
				this.#texts.set(index, text);
				changed();
			};
			return new RemoteJwkSet(source, { ...io, accept });
		});
	}

	/** Gives an object of the core all keys fetched so far. */
	restore(object: TakesKeys): void {
		for (const [index, text] of this.#texts) object.setKeys(index, text);
	}

	async load(): Promise<void> {
		await Promise.all(this.#sets.map((set) => set?.load()));
	}

	/** A verdict with keys that are fresh; once more where the refusal was for want of a key. */
	async settle<V>(subject: T, attempt: () => Attempt<V>): Promise<V> {
		const last = await this.#twice(subject, attempt);
		if (last.passed) return last.value;
		throw last.error;
	}

	/** The same for what has a value even where the token is refused. */
	async settleAnyway<V>(subject: T, attempt: () => Attempt<V>): Promise<V> {
		return (await this.#twice(subject, attempt)).value as V;
	}

	/** Begins a refresh of keys that are stale, and does not wait for it. */
	refreshBehind(subject: T): void {
		this.#stale(subject)?.refreshBehind();
	}

	async #twice<V>(subject: T, attempt: () => Attempt<V>): Promise<Attempt<V>> {
		await this.#stale(subject)?.load();
		const first = attempt();
		return first.passed || !(await this.#fetchLacking(first)) ? first : attempt();
	}

	// Whether the keys have been fetched and the token is worth a second look.
	async #fetchLacking({ error, issuer }: { error: TokenError; issuer: number | undefined }): Promise<boolean> {
		const set = issuer === undefined ? undefined : this.#sets[issuer];
		if (!set) return false;
		try {
			return await set.refresh();
		} catch (cause) {
			// With no keys at all, the network is the reason. Else the refusal stands, and says what was tried.
			if (set.empty) throw cause;
			error.cause = cause;
			return false;
		}
	}

	// Several issuers: only the one that the token names is worth a request, and it is no more than a hint.
	#stale(subject: T): RemoteJwkSet | undefined {
		const stale = this.#sets.filter((set) => set?.stale);
		if (stale.length === 0 || this.#sets.length === 1) return stale[0];
		const named = this.#issuerOf(subject);
		return stale.find((set) => named !== undefined && set === this.#sets[named]);
	}
}
