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

/** Whose keys these are. */
type Core = { use(work: (object: TakesKeys) => void): void };

/** The index of a trusted issuer, which the core reads from a token. */
type IssuerIndex = () => number | undefined;

/** The remote key sets of one policy. */
export class KeySets {
	readonly #sets: readonly (RemoteJwkSet | undefined)[];
	/** The texts fetched so far: an object that is made again gets them again. */
	readonly #texts = new Map<number, string>();

	constructor(core: Core, settings: Settings, changed: () => void) {
		const io = { fetch: settings.fetch ?? platformFetch, cache: settings.cache ?? undefined, now: clockOf(settings) };
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

	/**
	 * A verdict with keys that are fresh; once more where the refusal was for want of a key. `issuer` tells the index of
	 * the issuer that is asked about, where there are several.
	 */
	async settle<V>(issuer: IssuerIndex, attempt: () => Attempt<V>): Promise<V> {
		const last = await this.#twice(issuer, attempt);
		if (last.passed) return last.value;
		throw last.error;
	}

	/** The same for what has a value even where the token is refused. */
	async settleAnyway<V>(issuer: IssuerIndex, attempt: () => Attempt<V>): Promise<V> {
		return (await this.#twice(issuer, attempt)).value as V;
	}

	/** Begins a refresh of keys that are stale, and does not wait for it. */
	refreshBehind(issuer: IssuerIndex): void {
		this.#stale(issuer)?.refreshBehind();
	}

	async #twice<V>(issuer: IssuerIndex, attempt: () => Attempt<V>): Promise<Attempt<V>> {
		await this.#stale(issuer)?.load();
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
	#stale(issuer: IssuerIndex): RemoteJwkSet | undefined {
		const stale = this.#sets.filter((set) => set?.stale);
		if (stale.length === 0 || this.#sets.length === 1) return stale[0];
		const named = issuer();
		return stale.find((set) => named !== undefined && set === this.#sets[named]);
	}
}
