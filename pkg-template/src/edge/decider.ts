// Asks the core for the decision about a request: one crossing.

import type { Guard as CoreGuard } from "countersign:bindings";
import { type Attempting, type CoreObject, encodedHeader, type KeySets, RepeatedJson, VerdictCache } from "../core.js";
import type { Claims, Header } from "../verifier/claims.js";
import type { Explanation } from "../verifier/explanation.js";
import { type Decided, decided } from "./decision.js";
import type { Refusals } from "./refusals.js";
import type { GuardSettings } from "./settings.js";
import { credentialsOf } from "./token-places.js";
import type { Auth, RequestLike } from "./types.js";

/** Decides for one guard. */
export class Decider {
	readonly #settings: GuardSettings;
	readonly #core: CoreObject<CoreGuard>;
	readonly #clocks: KeySets["clocks"];
	readonly #refusals: Refusals;
	readonly #tellsGrants: boolean;
	/** By the whole header: only JWTs that passed without a proof are kept. */
	readonly #verdicts: VerdictCache<Auth> | undefined;
	readonly #headers = new RepeatedJson<Header>();

	constructor(
		settings: GuardSettings,
		core: CoreObject<CoreGuard>,
		keySets: KeySets,
		refusals: Refusals,
		tellsGrants: boolean,
	) {
		this.#settings = settings;
		this.#core = core;
		this.#clocks = keySets.clocks;
		this.#refusals = refusals;
		this.#tellsGrants = tellsGrants;
		this.#verdicts = settings.slots > 0 ? new VerdictCache(settings.slots) : undefined;
	}

	/** Decides about a request, as often as it asks. `found`: the token, where a function of the caller's finds it. */
	attempts(request: RequestLike, found: string | undefined): Attempting<Decided> {
		let waited: number | undefined;
		return (patience, arrival) => {
			const decided = this.#decide(request, found, patience, arrival, waited);
			if (decided.demand?.about === "introspection") waited ??= decided.demand.wait ?? undefined;
			return decided;
		};
	}

	#decide(
		request: RequestLike,
		found: string | undefined,
		patience: Parameters<Attempting<Decided>>[0],
		arrival: number | undefined,
		waited: number | undefined,
	): Decided {
		const { policy, machine } = this.#clocks();
		const explain = this.#settings.onVerdict !== null;
		const name = this.#verdicts && credentialsOf(this.#settings, request, found);
		return this.#core.use((guard, { core, buffer }) => {
			const kept = this.#verdicts?.get(guard, name, policy, machine);
			if (kept) return decided({ auth: kept, questions: [] }, undefined, null);
			const waits = core.Patience[patience];
			const reached = guard.authorize(request as Request, found, policy, machine, explain, waits, arrival, waited);
			if (reached === core.Outcome.Anonymous) return decided({ auth: null, questions: [] }, undefined, null);
			const demand = reached === core.Outcome.Demands ? guard.demand() : undefined;
			const outcome = demand?.outcome ?? reached;
			const explanation: Explanation | null = explain ? guard.explanation() : null;
			if (outcome !== core.Outcome.Passed && outcome !== core.Outcome.Bound) {
				return { value: undefined, error: this.#refusals.of(guard), demand, explanation };
			}
			const claims = JSON.parse(buffer.payloadText()) as Claims;
			const token = guard.token();
			const isOpaque = this.#settings.introspection !== null && buffer.headerText() === "";
			const header = isOpaque ? { alg: "" } : this.#headers.parse(encodedHeader(token), () => buffer.headerText());
			const who = { claims, header, token };
			const auth = this.#tellsGrants ? { ...who, grant: guard.grant() } : who;
			if (outcome === core.Outcome.Passed) this.#verdicts?.set(guard, name, auth);
			return decided({ auth, questions: guard.questions() }, demand, explanation);
		});
	}
}
