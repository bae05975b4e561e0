import type { Guard as CoreGuard } from "countersign:bindings";
import type { KeySetStatus } from "../core/key-events.js";
import {
	type Attempting,
	CoreObject,
	type Demand,
	encodedHeader,
	KeySets,
	objection,
	type Patience,
	RepeatedJson,
	snapshot,
	VerdictCache,
	verdict,
} from "../core.js";
import { TokenError } from "../error.js";
import type { Header } from "../verifier/claims.js";
import type { Explanation } from "../verifier/explanation.js";
import { type Answer, responseTo } from "./answer.js";
import { type Decided, decided } from "./decision.js";
import { isRequest } from "./is-request.js";
import { notify } from "./notify.js";
import type { GuardSettings } from "./settings.js";
import type { Auth, EdgeResponse, Guard, GuardOptions, RequestContext, RequestLike } from "./types.js";

/** The guard of one resource: the core decides about each request in one crossing. */
export class RequestGuard<C extends object> implements Guard<C> {
	readonly settings: GuardSettings;
	readonly #core: CoreObject<CoreGuard>;
	readonly #keySets: KeySets;
	/** By the whole header: only tokens that passed without a proof are kept. */
	readonly #verdicts: VerdictCache<Auth<C>>;
	readonly #headers = new RepeatedJson<Header>();
	readonly #answers = new WeakMap<TokenError, Answer>();

	constructor(options: GuardOptions, beforeHandler: boolean) {
		const given = snapshot(options);
		this.#core = new CoreObject(
			(core) => new core.Guard(given, beforeHandler),
			(core) => this.#keySets?.attachTo(core),
		);
		this.settings = this.#core.use((core) => core.settings);
		this.#verdicts = new VerdictCache(this.settings.slots);
		this.#keySets = new KeySets(this.settings);
		this.#core.use((core) => this.#keySets.attachTo(core));
	}

	readonly check = async (request: RequestLike, context?: RequestContext): Promise<Auth<C>> => {
		const attempt: Attempting<Decided<C>> = (patience, arrival) => this.#decide(request, patience, arrival);
		const first = attempt("Waits", undefined);
		const last = first.demand ? await this.#keySets.settle(attempt, first, context) : first;
		try {
			const decision = verdict(last);
			if (decision.jti !== undefined) await this.#refuseReplay(request, decision.jti);
			this.#refuseClaims(request, decision.auth.claims);
			notify(this.settings, request, () => last.explanation);
			return decision.auth;
		} catch (error) {
			if (error instanceof TokenError) {
				// A list of checks says more than an error, where it is the token that was refused.
				notify(this.settings, request, () => (last.explanation?.valid === false ? last.explanation : error));
			}
			throw error;
		}
	};

	readonly loadKeys = (): Promise<void> => this.#keySets.load();

	readonly status = (): KeySetStatus[] => this.#keySets.status();

	readonly refuse = (error: TokenError): EdgeResponse => {
		return responseTo(this.#answers.get(error) ?? this.#core.use((core) => core.answer(error)));
	};

	/** The answer to a request for the resource's metadata, if this is one. */
	metadata(request: RequestLike): EdgeResponse | undefined {
		if (!this.settings.servesMetadata || !isRequest(request)) return undefined;
		const answer = this.#core.use((core) => core.metadata(request as Request));
		return answer && (new Response(answer.body, answer) as EdgeResponse);
	}

	#decide(request: RequestLike, patience: Patience, arrival?: number): Decided<C> {
		const { policy, machine } = this.#keySets.clocks();
		const explain = this.settings.onVerdict !== null;
		const name = this.settings.slots > 0 && isRequest(request) ? request.headers.get("authorization") : undefined;
		return this.#core.use((guard, { core, buffer }) => {
			const kept = explain ? undefined : this.#verdicts.get(guard, name, policy, machine);
			if (kept) return decided({ auth: kept, jti: undefined }, undefined, null);
			const waits = core.Patience[patience];
			const reached = guard.authorize(request as Request, policy, machine, explain, waits, arrival);
			const demand: Demand | undefined = reached === core.Outcome.Demands ? guard.demand() : undefined;
			const outcome = demand?.outcome ?? reached;
			const explanation: Explanation | null = explain ? guard.explanation() : null;
			if (outcome !== core.Outcome.Passed && outcome !== core.Outcome.PassedWithProof) {
				return { value: undefined, error: this.#refusal(guard), demand, explanation };
			}
			const claims = JSON.parse(buffer.payloadText()) as C;
			const token = guard.token();
			const header = this.#headers.parse(encodedHeader(token), () => buffer.headerText());
			const auth = { claims, header, token };
			const jti = outcome === core.Outcome.PassedWithProof ? guard.jti() : undefined;
			if (jti === undefined) this.#verdicts.set(guard, name, auth);
			return decided({ auth, jti }, demand, explanation);
		});
	}

	#refusal(core: CoreGuard): TokenError {
		const error = new TokenError(core.refusal());
		this.#answers.set(error, core.lastAnswer());
		return error;
	}

	#refuseClaims(request: RequestLike, claims: object): void {
		const reason = objection(this.settings, claims);
		if (reason === undefined) return;
		throw this.#core.use((core) => {
			core.refuseClaims(request.headers.get("authorization") ?? undefined, reason);
			return this.#refusal(core);
		});
	}

	async #refuseReplay(request: RequestLike, jti: string): Promise<void> {
		if (!(await this.settings.seen?.(jti))) return;
		const authorization = request.headers.get("authorization") ?? undefined;
		throw this.#core.use((core) => {
			core.refuseReplay(authorization);
			return this.#refusal(core);
		});
	}
}
