import type { Bindings, Verifier as CoreVerifier } from "countersign:bindings";
import { CoreObject } from "../core/core-object.js";
import type { KeySetStatus } from "../core/key-events.js";
import type { Settings } from "../core/settings.js";
import { snapshot } from "../core/snapshot.js";
import type { Token } from "../core/token-buffer.js";
import { TokenError } from "../error.js";
import { type Attempt, type Attempting, type Demand, type Patience, verdict } from "../jwks/attempt.js";
import { KeySets } from "../jwks/key-sets.js";
import type { Claims, Header, Verified } from "./claims.js";
import { accepted, explained, opinion, opinionAtOnce } from "./claims-check.js";
import type { Explanation } from "./explanation.js";
import { encodedHeader, RepeatedJson } from "./json-copies.js";
import type { VerifierOptions } from "./options.js";
import type { EffectivePolicy, Verifier } from "./types.js";
import { VerdictCache } from "./verdict-cache.js";

/** Creates a verifier. Throws a `TypeError` that names the option, if one is wrong. */
export function createVerifier<C extends object = Claims>(options: VerifierOptions<C>): Verifier<C> {
	return new PolicyVerifier<C>(options);
}

/** @internal A verifier of whatever policy the core makes of the options. */
export class PolicyVerifier<C extends object> implements Verifier<C> {
	readonly #core: CoreObject<CoreVerifier>;
	readonly #keySets: KeySets;
	readonly #settings: Settings;
	readonly #verdicts: VerdictCache<Verified> | undefined;
	readonly #headers = new RepeatedJson<Header>();
	declare readonly [Symbol.dispose]: () => void;

	constructor(options: object, make = (core: Bindings, given: object) => new core.Verifier(given)) {
		// Not a method: some runtimes do not have the symbol yet, and bundlers keep classes with computed names.
		if (Symbol.dispose) Object.defineProperty(this, Symbol.dispose, { value: () => this.dispose() });
		const given = snapshot(options);
		this.#core = new CoreObject(
			(core) => make(core, given),
			(verifier) => this.#keySets?.attachTo(verifier),
		);
		this.#settings = this.#core.use((verifier) => verifier.settings);
		const { slots } = this.#settings;
		this.#verdicts = slots > 0 ? new VerdictCache(slots) : undefined;
		this.#keySets = new KeySets(this.#settings, this.#core);
		this.#core.use((verifier) => this.#keySets.attachTo(verifier));
	}

	async verify(token: Token): Promise<Verified<C>> {
		const attempt: Attempting<Attempt<Verified>> = (patience, arrival) => this.#attempt(token, patience, arrival);
		const first = attempt("Waits", undefined);
		const verified = verdict(first.demand ? await this.#keySets.settle(attempt, first) : first);
		return accepted(verified, await opinion<C>(this.#settings, verified.claims));
	}

	verifySync(token: Token): Verified<C> {
		const verified = verdict(this.#keySets.settleAtOnce(() => this.#attempt(token, "AtOnce")));
		return accepted(verified, opinionAtOnce<C>(this.#settings, verified.claims));
	}

	async explain(token: Token): Promise<Explanation> {
		const attempt: Attempting<Attempt<Explanation>> = (patience, arrival) => this.#explain(token, patience, arrival);
		const explanation = verdict(await this.#keySets.settle(attempt, attempt("Waits", undefined)));
		const { valid, claims } = explanation;
		return explained(this.#settings, explanation, valid && claims ? await opinion(this.#settings, claims) : undefined);
	}

	/** Every check that needs no key, for when none can be had. The token is never valid by it. */
	explainWithoutKeys(token: Token): Explanation {
		const { policy } = this.#keySets.clocks();
		return this.#core.use((own, { core, buffer }) => core.explainWithoutKeys(own, buffer.write(token), policy));
	}

	get policy(): readonly EffectivePolicy[] {
		return this.#core.use((verifier) => verifier.policy);
	}

	async loadKeys(): Promise<void> {
		await this.#keySets.load();
	}

	status(): KeySetStatus[] {
		return this.#keySets.status();
	}

	dispose(): void {
		this.#core.dispose();
	}

	#explain(token: Token, patience: Patience, arrival?: number): Attempt<Explanation> {
		const { policy, machine } = this.#keySets.clocks();
		return this.#core.use((verifier, { core, buffer }) => {
			const length = buffer.write(token);
			const outcome = core.explain(verifier, length, policy, machine, core.Patience[patience], arrival);
			const demand = outcome === core.Outcome.Demands ? verifier.demand() : undefined;
			const explanation: Explanation | null = verifier.explanation();
			// Where the fault is not the token's, there is no verdict on it to explain.
			if (!explanation) return { value: undefined, error: new TokenError(verifier.refusal()), demand };
			return { value: explanation, error: undefined, demand };
		});
	}

	#attempt(token: Token, patience: Patience, arrival?: number): Attempt<Verified> {
		const { policy, machine } = this.#keySets.clocks();
		return this.#core.use((verifier, { core, buffer }) => {
			const kept = this.#verdicts?.get(verifier, token, policy, machine);
			if (kept) return { value: kept, error: undefined, demand: undefined };
			const length = buffer.write(token, this.#settings.maxTokenSize);
			const outcome = core.verify(verifier, length, policy, machine, core.Patience[patience], arrival);
			const demand: Demand | undefined = outcome === core.Outcome.Demands ? verifier.demand() : undefined;
			if ((demand?.outcome ?? outcome) !== core.Outcome.Passed) {
				return { value: undefined, error: new TokenError(verifier.refusal()), demand };
			}
			const claims = JSON.parse(buffer.payloadText()) as Claims;
			const header = this.#headers.parse(encodedHeader(token), () => buffer.headerText());
			const verified = { claims, header };
			this.#verdicts?.set(verifier, token, verified);
			return { value: verified, error: undefined, demand };
		});
	}
}
