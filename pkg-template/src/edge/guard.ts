import type { Guard as CoreGuard } from "countersign:bindings";
import {
	type Attempt,
	CoreObject,
	clockOf,
	encodedHeader,
	KeySets,
	lacking,
	passed,
	RepeatedJson,
	snapshot,
	VerdictCache,
} from "../core.js";
import { TokenError } from "../error.js";
import type { Claims, Header } from "../verifier/claims.js";
import type { Explanation } from "../verifier/explanation.js";
import { type Answer, responseTo } from "./answer.js";
import type { Decision } from "./decision.js";
import { isRequest } from "./is-request.js";
import { notify } from "./notify.js";
import type { GuardSettings } from "./settings.js";
import type { Auth, EdgeResponse, Guard, GuardOptions, RequestLike } from "./types.js";

/** Checks the access tokens of requests. Throws a `TypeError` that names the option, if one is wrong. */
export function guard<C extends object = Claims>(options: GuardOptions): Guard<C> {
	return new RequestGuard<C>(options, false);
}

/** The guard of one resource: the core decides about each request in one crossing. */
export class RequestGuard<C extends object> implements Guard<C> {
	readonly settings: GuardSettings;
	readonly #core: CoreObject<CoreGuard>;
	readonly #keySets: KeySets;
	readonly #now: () => number;
	/** By the whole header: only tokens that passed without a proof are kept. */
	readonly #verdicts: VerdictCache<Auth<C>>;
	readonly #headers = new RepeatedJson<Header>();
	readonly #answers = new WeakMap<TokenError, Answer>();

	constructor(options: GuardOptions, beforeHandler: boolean) {
		const given = snapshot(options);
		this.#core = new CoreObject(
			(core) => new core.Guard(given, beforeHandler),
			(core) => this.#keySets?.restore(core),
		);
		this.settings = this.#core.use((core) => core.settings);
		this.#now = clockOf(this.settings);
		this.#verdicts = new VerdictCache(this.settings.slots);
		this.#keySets = new KeySets(this.#core, this.settings, () => this.#verdicts.clear());
	}

	readonly check = async (request: RequestLike): Promise<Auth<C>> => {
		let explanation: Explanation | null = null;
		try {
			const issuer = () => this.#core.use((core) => core.issuerIndex(request as Request));
			const decision = await this.#keySets.settle(issuer, () => {
				const attempt = this.#decide(request);
				explanation = attempt.value?.explanation ?? null;
				return attempt;
			});
			if (decision.jti !== undefined) await this.#refuseReplay(request, decision.jti);
			notify(this.settings, request, () => explanation);
			return decision.auth;
		} catch (error) {
			if (error instanceof TokenError) {
				// A list of checks says more than an error, where it is the token that was refused.
				notify(this.settings, request, () => (explanation?.valid === false ? explanation : error));
			}
			throw error;
		}
	};

	readonly refuse = (error: TokenError): EdgeResponse => {
		return responseTo(this.#answers.get(error) ?? this.#core.use((core) => core.answer(error)));
	};

	/** The answer to a request for the resource's metadata, if this is one. */
	metadata(request: RequestLike): EdgeResponse | undefined {
		if (!this.settings.servesMetadata || !isRequest(request)) return undefined;
		const answer = this.#core.use((core) => core.metadata(request as Request));
		return answer && (new Response(answer.body, answer) as EdgeResponse);
	}

	#decide(request: RequestLike): Attempt<Decision<C>> {
		const now = this.#now();
		const explain = this.settings.onVerdict !== null;
		const name = this.settings.slots > 0 && isRequest(request) ? request.headers.get("authorization") : undefined;
		return this.#core.use((core, { core: { Outcome }, buffer }) => {
			const kept = explain ? undefined : this.#verdicts.get(core, name, now);
			if (kept) return passed({ auth: kept, jti: undefined, explanation: null });
			const outcome = core.authorize(request as Request, now, explain);
			const explanation: Explanation | null = explain ? core.explanation() : null;
			if (outcome !== Outcome.Passed && outcome !== Outcome.PassedWithProof) {
				return lacking(this.#refusal(core), core.lackingIssuer(), { explanation } as Decision<C>);
			}
			const claims = JSON.parse(buffer.payloadText()) as C;
			const token = core.token();
			const header = this.#headers.parse(encodedHeader(token), () => buffer.headerText());
			const auth = { claims, header, token };
			if (outcome === Outcome.PassedWithProof) return passed({ auth, jti: core.jti(), explanation });
			this.#verdicts.set(core, name, auth);
			return passed({ auth, jti: undefined, explanation });
		});
	}

	#refusal(core: CoreGuard): TokenError {
		const error = new TokenError(core.refusal());
		this.#answers.set(error, core.lastAnswer());
		return error;
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
