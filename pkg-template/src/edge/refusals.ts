// The refusals of one guard, and what each is answered with: as the core decides it, once.

import type { Guard as CoreGuard } from "countersign:bindings";
import type { CoreObject } from "../core.js";
import { type ErrorData, TokenError } from "../error.js";
import type { Answer } from "./answer.js";
import { ask, type Question } from "./questions.js";
import type { GuardSettings } from "./settings.js";
import type { RequestLike } from "./types.js";

export class Refusals {
	readonly #core: CoreObject<CoreGuard>;
	/** The time by the guard's clock. */
	readonly #now: () => number;
	readonly #answers = new WeakMap<TokenError, Answer>();

	constructor(core: CoreObject<CoreGuard>, now: () => number) {
		this.#core = core;
		this.#now = now;
	}

	/** The refusal of the last request. */
	of(guard: CoreGuard): TokenError {
		const error = new TokenError(guard.refusal());
		this.#answers.set(error, guard.lastAnswer(this.#now()));
		return error;
	}

	/** Puts the questions of a decision, one after the other. Rejects with the refusal by the first reply against it. */
	async ask(settings: GuardSettings, request: RequestLike, questions: readonly Question[]): Promise<void> {
		for (const question of questions) {
			const { how, what } = await ask(settings, question, request);
			const refused = this.#core.use((guard, { core }) => {
				const { kind, issued } = question;
				const reply = core.Replied[how];
				const passes = guard.replied(authorizationOf(request), kind, issued ?? undefined, reply, what);
				return passes ? undefined : this.of(guard);
			});
			if (refused) throw refused;
		}
	}

	/** Of a request whose claims the caller does not accept. */
	claims(request: RequestLike, refusal: ErrorData): TokenError {
		return this.#core.use((guard) => {
			guard.refuseClaims(authorizationOf(request), refusal);
			return this.of(guard);
		});
	}

	answerTo(error: TokenError): Answer {
		return this.#answers.get(error) ?? this.#core.use((guard) => guard.answer(error, this.#now()));
	}
}

const authorizationOf = (request: RequestLike) => request.headers.get("authorization") ?? undefined;
