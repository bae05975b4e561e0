import type { Guard as CoreGuard } from "countersign:bindings";
import type { KeySetStatus } from "../core/key-events.js";
import { CoreObject, KeySets, type Opinion, opinion, snapshot, verdict } from "../core.js";
import { TokenError } from "../error.js";
import { responseTo } from "./answer.js";
import { Decider } from "./decider.js";
import type { Guard } from "./guard-types.js";
import { Introspection } from "./introspection.js";
import { notify, report } from "./notify.js";
import { headersOf, metadataOf } from "./other-answers.js";
import { Refusals } from "./refusals.js";
import type { GuardSettings } from "./settings.js";
import { foundToken } from "./token-places.js";
import type { AnonymousOptions, Auth, EdgeResponse, GuardOptions, RequestContext, RequestLike } from "./types.js";

/** The guard of one resource: the core decides about each request in one crossing. */
export class RequestGuard<C extends object> implements Guard<C> {
	readonly settings: GuardSettings;
	readonly #core: CoreObject<CoreGuard>;
	readonly #keySets: KeySets;
	readonly #decider: Decider;
	readonly #refusals: Refusals;
	readonly #introspection: Introspection | undefined;

	readonly with: Guard<C>["with"];
	constructor(
		options: GuardOptions<C> | AnonymousOptions<C>,
		beforeHandler: boolean,
		route?: object,
		shared?: Introspection,
		tellsGrants = false,
	) {
		const [given, changed] = [snapshot(options), snapshot(route)];
		this.with = (changes: object) =>
			new RequestGuard<never>(given as never, beforeHandler, { ...changed, ...changes }, this.#introspection);
		this.#core = new CoreObject(
			(core) => new core.Guard(given, beforeHandler, changed, tellsGrants),
			(core) => this.#keySets && this.#attachTo(core),
		);
		this.settings = this.#core.use((core) => core.settings);
		const { introspection } = this.settings;
		this.#introspection =
			shared ?? (introspection ? new Introspection(given, this.settings, introspection) : undefined);
		this.#keySets = new KeySets(this.settings, this.#core, this.#introspection);
		this.#core.use((core) => this.#attachTo(core));
		this.#refusals = new Refusals(this.#core, () => this.#keySets.clocks().policy);
		this.#decider = new Decider(this.settings, this.#core, this.#keySets, this.#refusals, tellsGrants);
	}

	readonly check = async (request: RequestLike, context?: RequestContext): Promise<Auth<C>> => {
		const attempt = this.#decider.attempts(request, foundToken(this.settings, request));
		const first = attempt("Waits", undefined);
		const last = first.demand ? await this.#keySets.settle(attempt, first, context) : first;
		let said: Opinion<C> | undefined;
		try {
			const decision = verdict(last);
			if (decision.auth === null) {
				report(this.settings, request, "anonymous");
				return null as never; // Only by `required: false`, whose type says so.
			}
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
	readonly refuse = (error: TokenError): EdgeResponse => responseTo(this.#refusals.answerTo(error));
	readonly headers = (): Record<string, string> => headersOf(this.settings, this.#core, this.#keySets.clocks);
	readonly metadata = (request: RequestLike): EdgeResponse | undefined =>
		metadataOf(this.settings, this.#core, request);

	#attachTo(guard: CoreGuard): void {
		this.#keySets.attachTo(guard);
		this.#introspection?.core.use((core) => guard.attachIntrospector(core));
	}
}
