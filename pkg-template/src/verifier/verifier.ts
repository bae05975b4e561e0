import type { Bindings, Verifier as CoreVerifier } from "countersign:bindings";
import { CoreObject } from "../core/core-object.js";
import { clockOf, type Settings } from "../core/settings.js";
import { snapshot } from "../core/snapshot.js";
import type { Token } from "../core/token-buffer.js";
import { TokenError } from "../error.js";
import { type Attempt, KeySets, lacking, passed } from "../jwks/key-sets.js";
import type { Claims, Header, Verified } from "./claims.js";
import type { Explanation } from "./explanation.js";
import { encodedHeader, RepeatedJson } from "./json-copies.js";
import type { VerifierOptions } from "./options.js";
import type { Verifier } from "./types.js";
import { VerdictCache } from "./verdict-cache.js";

/** Creates a verifier. Throws a `TypeError` that names the option, if one is wrong. */
export function createVerifier<C extends object = Claims>(options: VerifierOptions): Verifier<C> {
	return new PolicyVerifier<C>(options);
}

/** @internal A verifier of whatever policy the core makes of the options. */
export class PolicyVerifier<C extends object> implements Verifier<C> {
	readonly #core: CoreObject<CoreVerifier>;
	readonly #keySets: KeySets;
	readonly #now: () => number;
	readonly #maxTokenSize: number;
	readonly #verdicts: VerdictCache<Verified<C>>;
	readonly #headers = new RepeatedJson<Header>();
	declare readonly [Symbol.dispose]: () => void;

	constructor(options: object, make = (core: Bindings, given: object) => new core.Verifier(given)) {
		// Not a method: some runtimes do not have the symbol yet, and bundlers keep classes with computed names.
		if (Symbol.dispose) Object.defineProperty(this, Symbol.dispose, { value: () => this.dispose() });
		const given = snapshot(options);
		this.#core = new CoreObject(
			(core) => make(core, given),
			(verifier) => this.#keySets?.restore(verifier),
		);
		const settings: Settings = this.#core.use((verifier) => verifier.settings);
		this.#now = clockOf(settings);
		this.#maxTokenSize = settings.maxTokenSize;
		this.#verdicts = new VerdictCache(settings.slots);
		this.#keySets = new KeySets(this.#core, settings, () => this.#verdicts.clear());
	}

	async verify(token: Token): Promise<Verified<C>> {
		return this.#keySets.settle(
			() => this.#issuerOf(token),
			() => this.#attempt(token),
		);
	}

	verifySync(token: Token): Verified<C> {
		this.#keySets.refreshBehind(() => this.#issuerOf(token));
		const attempt = this.#attempt(token);
		if (attempt.passed) return attempt.value;
		throw attempt.error;
	}

	async explain(token: Token): Promise<Explanation> {
		return this.#keySets.settleAnyway(
			() => this.#issuerOf(token),
			() => this.#explain(token),
		);
	}

	async loadKeys(): Promise<void> {
		await this.#keySets.load();
	}

	dispose(): void {
		this.#core.dispose();
	}

	#issuerOf(token: Token): number | undefined {
		return this.#core.use((verifier, { buffer }) => verifier.issuerIndex(buffer.write(token, this.#maxTokenSize)));
	}

	#explain(token: Token): Attempt<Explanation> {
		const now = this.#now();
		return this.#core.use((verifier, { buffer }) => {
			const explanation = verifier.explain(buffer.write(token), now) as Explanation;
			if (!explanation.error) return passed(explanation);
			return lacking(new TokenError(explanation.error), verifier.lackingIssuer(), explanation);
		});
	}

	#attempt(token: Token): Attempt<Verified<C>> {
		const now = this.#now();
		return this.#core.use((verifier, { core, buffer }) => {
			const kept = this.#verdicts.get(verifier, token, now);
			if (kept) return passed(kept);
			if (core.verify(verifier, buffer.write(token, this.#maxTokenSize), now) !== core.Outcome.Passed) {
				return lacking(new TokenError(verifier.refusal()), verifier.lackingIssuer());
			}
			const claims = JSON.parse(buffer.payloadText()) as C;
			const header = this.#headers.parse(encodedHeader(token), () => buffer.headerText());
			const verified = { claims, header };
			this.#verdicts.set(verifier, token, verified);
			return passed(verified);
		});
	}
}
