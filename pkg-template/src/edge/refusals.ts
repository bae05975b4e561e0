// The refusals of one guard, and what each is answered with: as the core decides it, once.

import type { Guard as CoreGuard } from "countersign:bindings";
import type { CoreObject } from "../core.js";
import { type ErrorData, TokenError } from "../error.js";
import type { Answer } from "./answer.js";
import type { Question, Reply } from "./questions.js";
import type { RequestLike } from "./types.js";

export class Refusals {
	readonly #core: CoreObject<CoreGuard>;
	readonly #answers = new WeakMap<TokenError, Answer>();

	constructor(core: CoreObject<CoreGuard>) {
		this.#core = core;
	}

	/** The refusal of the last request. */
	of(guard: CoreGuard): TokenError {
		const error = new TokenError(guard.refusal());
		this.#answers.set(error, guard.lastAnswer());
		return error;
	}

	/** Of a request that does not pass by the reply to a question; `undefined` if it does. */
	after(request: RequestLike, { kind }: Question, { how, what }: Reply): TokenError | undefined {
		return this.#core.use((guard, { core }) =>
			guard.replied(authorizationOf(request), kind, core.Replied[how], what) ? undefined : this.of(guard),
		);
	}

	/** Of a request whose claims the caller does not accept. */
	claims(request: RequestLike, refusal: ErrorData): TokenError {
		return this.#core.use((guard) => {
			guard.refuseClaims(authorizationOf(request), refusal);
			return this.of(guard);
		});
	}

	answerTo(error: TokenError): Answer {
		return this.#answers.get(error) ?? this.#core.use((guard) => guard.answer(error));
	}
}

const authorizationOf = (request: RequestLike) => request.headers.get("authorization") ?? undefined;
