// What is needed when somebody logs in, or may be logged in: loaded by then, with the core.

import { fetchFromApi } from "./api-fetch.js";
import { sendAuthorizationRequest } from "./authorization-request.js";
import { finishLogin } from "./callback.js";
import { Context } from "./context.js";
import { endedElsewhere, endSession } from "./logout.js";
import type { Page } from "./page.js";
import { Refresh } from "./refresh.js";
import { restoreSession } from "./restore.js";
import type { FetchInit, FetchInput, FetchResponse, Finished, LogoutOptions, Session, StartOptions } from "./types.js";

/** A login at work. */
export class Engine {
	readonly #context: Context;
	readonly #refresh: Refresh;

	constructor(page: Page) {
		this.#context = new Context(page);
		this.#refresh = new Refresh(this.#context);
	}

	start(options: StartOptions): Promise<void> {
		return sendAuthorizationRequest(this.#context, options);
	}

	finish(address: string, cleaned: string): Promise<Finished | null> {
		return finishLogin(this.#context, address, cleaned);
	}

	restore(): Promise<Session | null> {
		return restoreSession(this.#context, this.#refresh);
	}

	accessToken(): Promise<string> {
		return this.#refresh.accessToken();
	}

	fetch(input: FetchInput, init?: FetchInit): Promise<FetchResponse> {
		return fetchFromApi(this.#context, this.#refresh, input, init);
	}

	endSession(options: LogoutOptions): Promise<void> {
		return endSession(this.#context, options);
	}

	endedElsewhere(): Promise<void> {
		return endedElsewhere(this.#context);
	}
}
