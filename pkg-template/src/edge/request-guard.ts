import type { Guard as CoreGuard } from "countersign:bindings";
import type { KeySetStatus } from "../core/key-events.js";
import {
	type Attempting,
	CoreObject,
	type Demand,
	encodedHeader,
	KeySets,
	type Opinion,
	opinion,
	type Patience,
	RepeatedJson,
	snapshot,
	VerdictCache,
	verdict,
} from "../core.js";
import { TokenError } from "../error.js";
import type { Claims, Header } from "../verifier/claims.js";
import type { Explanation } from "../verifier/explanation.js";
import { responseTo } from "./answer.js";
import { type Decided, decided, type Grant } from "./decision.js";
import type { Guard } from "./guard-types.js";
import { notify } from "./notify.js";
import { headersOf, metadataOf } from "./other-answers.js";
import { Refusals } from "./refusals.js";
import type { GuardSettings } from "./settings.js";
import { credentialsOf, foundToken } from "./token-places.js";
import type { AnonymousOptions, Auth, EdgeResponse, GuardOptions, RequestContext, RequestLike } from "./types.js";

/** The guard of one resource: the core decides about each request in one crossing. */
export class RequestGuard<C extends object> implements Guard<C> {
	readonly settings: GuardSettings;
	readonly #core: CoreObject<CoreGuard>;
	readonly #keySets: KeySets;
	readonly #verdicts: VerdictCache<Auth>; // By the whole header: only tokens that passed without a proof are kept.
	readonly #headers = new RepeatedJson<Header>();
	readonly #refusals: Refusals;

	readonly with: Guard<C>["with"];
	constructor(options: GuardOptions<C> | AnonymousOptions<C>, beforeHandler: boolean, route?: object) {
		const [given, changed] = [snapshot(options), snapshot(route)];
		this.with = (changes: object) => new RequestGuard<never>(given as never, beforeHandler, { ...changed, ...changes });
		this.#core = new CoreObject(
			(core) => new core.Guard(given, beforeHandler, changed),
			(core) => this.#keySets?.attachTo(core),
		);
		this.settings = this.#core.use((core) => core.settings);
		this.#verdicts = new VerdictCache(this.settings.slots);
		this.#keySets = new KeySets(this.settings, this.#core);
		this.#core.use((core) => this.#keySets.attachTo(core));
		this.#refusals = new Refusals(this.#core, () => this.#keySets.clocks().policy);
	}

	readonly check = async (request: RequestLike, context?: RequestContext): Promise<Auth<C>> => {
		const found = foundToken(this.settings, request);
		const attempt: Attempting<Decided> = (patience, arrival) => this.#decide(request, found, patience, arrival);
		const first = attempt("Waits", undefined);
		const last = first.demand ? await this.#keySets.settle(attempt, first, context) : first;
		let said: Opinion<C> | undefined;
		try {
			const decision = verdict(last);
			if (decision.auth === null) return null as never; // Only by `required: false`, whose type says so.
			await this.#refusals.ask(this.settings, request, decision.questions);
			said = await opinion<C>(this.settings, decision.auth.claims);
			if (said.refusal) throw this.#refusals.claims(request, said.refusal);
			notify(this.settings, request, last.explanation, said);
			return { ...decision.auth, claims: said.claims };
		} catch (error) {
			if (error instanceof TokenError) notify(this.settings, request, last.explanation, said, error);
			throw error;
		}
	};

	readonly loadKeys = (): Promise<void> => this.#keySets.load();
	readonly status = (): KeySetStatus[] => this.#keySets.status();
	readonly grant = (token: string): Grant => this.#core.use((core) => core.grant(token));
	readonly refuse = (error: TokenError): EdgeResponse => responseTo(this.#refusals.answerTo(error));
	readonly headers = (): Record<string, string> => headersOf(this.settings, this.#core, this.#keySets.clocks);
	readonly metadata = (request: RequestLike): EdgeResponse | undefined =>
		metadataOf(this.settings, this.#core, request);

	#decide(request: RequestLike, found: string | undefined, patience: Patience, arrival?: number): Decided {
		const { policy, machine } = this.#keySets.clocks();
		const explain = this.settings.onVerdict !== null;
		const name = credentialsOf(this.settings, request, found);
		return this.#core.use((guard, { core, buffer }) => {
			const kept = this.#verdicts.get(guard, name, policy, machine);
			if (kept) return decided({ auth: kept, questions: [] }, undefined, null);
			const waits = core.Patience[patience];
			const reached = guard.authorize(request as Request, found, policy, machine, explain, waits, arrival);
			if (reached === core.Outcome.Anonymous) return decided({ auth: null, questions: [] }, undefined, null);
			const demand: Demand | undefined = reached === core.Outcome.Demands ? guard.demand() : undefined;
			const outcome = demand?.outcome ?? reached;
			const explanation: Explanation | null = explain ? guard.explanation() : null;
			if (outcome !== core.Outcome.Passed && outcome !== core.Outcome.Bound) {
				return { value: undefined, error: this.#refusals.of(guard), demand, explanation };
			}
			const claims = JSON.parse(buffer.payloadText()) as Claims;
			const token = guard.token();
			const header = this.#headers.parse(encodedHeader(token), () => buffer.headerText());
			const auth = { claims, header, token };
			if (outcome === core.Outcome.Passed) this.#verdicts.set(guard, name, auth);
			return decided({ auth, questions: guard.questions() }, demand, explanation);
		});
	}
}
