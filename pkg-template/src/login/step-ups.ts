// An API that wants to see another login: the user is sent to the server, and the request is made again afterwards. What is
// asked for, and whether it may be, the core says.

import { fetchFromApi } from "./api-fetch.js";
import { authorizationRequest } from "./authorization-request.js";
import { tabStorage } from "./browser.js";
import { challengeOf } from "./challenge.js";
import type { Context } from "./context.js";
import { loadCore } from "./load-core.js";
import type { Transaction } from "./transaction-store.js";
import type { Finished, Session } from "./types.js";
import { WaitingRequests } from "./waiting-requests.js";

/** What an API asks of the user. */
interface StepUp {
	readonly name: string;
	readonly parameters: Readonly<Record<string, string | null>>;
	readonly repeat: string | null;
}

/** The logins that APIs have asked for. */
export class StepUps {
	readonly #context: Context;
	readonly #waiting: WaitingRequests = new WaitingRequests();

	constructor(context: Context) {
		this.#context = context;
	}

	/**
	 * Where an answer asks for another login: sends the user there. Resolves to whether the user has come back to this very
	 * page, so that the request may succeed now; rejects with what the login failed with.
	 */
	async begin(request: Request, response: Response): Promise<boolean> {
		const context = this.#context;
		const { withInstance } = await loadCore();
		const { status } = response;
		const { method, url } = request;
		const asked = withInstance(({ core }) =>
			core.stepUpOf(status, challengeOf(response), method, url, this.#kept(), context.now()),
		) as StepUp | false | null;
		if (asked === null) this.#keep(undefined);
		if (!asked) return false;
		const { name } = asked;
		const seconds = (await context.server.client()).use(({ transactionLifetime }) => transactionLifetime);
		const isUnderWay = this.#waiting.has(name);
		const back = this.#waiting.wait(name, seconds);
		// What waits hears of a failure as of the login's own.
		if (!isUnderWay) await this.#leave(asked).catch((error) => this.failed({ stepUp: name }, error));
		return back;
	}

	async #leave({ name, parameters, repeat }: StepUp): Promise<void> {
		const context = this.#context;
		const { idToken, claims } = context.current.session ?? {};
		const present = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
		const asked = {
			extra: Object.fromEntries(present),
			idTokenHint: idToken ?? undefined,
			stepUp: name,
			repeat,
			subject: claims?.sub,
		};
		const target = await authorizationRequest(context, asked);
		context.hint.userActed(context.now());
		context.navigate(target, "assign");
	}

	/** Such a login has come back. Resolves to what is to be asked again, unless who asked waits on this page. */
	async ended({ stepUp, repeat, subject }: Transaction, session: Session): Promise<Finished["repeat"]> {
		if (!stepUp) return null;
		const { withInstance } = await loadCore();
		this.#keep(withInstance(({ core }) => core.stepUpDone(stepUp, this.#context.now())));
		// Another user has not asked for it.
		const isSameUser = (subject ?? undefined) === session.claims.sub;
		if (this.#waiting.settle(stepUp, isSameUser) || !isSameUser || !repeat) return null;
		return { url: repeat, send: () => fetchFromApi(this.#context, repeat) };
	}

	/** Such a login has failed. */
	failed(transaction: Pick<Transaction, "stepUp"> | null, error: unknown): void {
		if (!transaction?.stepUp) return;
		const failed = Promise.reject(error);
		failed.catch(() => {});
		this.#waiting.settle(transaction.stepUp, failed);
	}

	#kept(): string | undefined {
		return tabStorage().getItem(`${this.#context.name}:step-up`) ?? undefined;
	}

	#keep(text: string | undefined): void {
		const name = `${this.#context.name}:step-up`;
		if (text === undefined) tabStorage().removeItem(name);
		else tabStorage().setItem(name, text);
	}
}
