// What is needed when somebody logs in, or may be logged in: loaded by then, with the core.

import type { Claims } from "../verifier/claims.js";
import { fetchFromApi } from "./api-fetch.js";
import { sendAuthorizationRequest } from "./authorization-request.js";
import { finishLogin } from "./callback.js";
import { Context } from "./context.js";
import { endedElsewhere, endSession } from "./logout.js";
import type { Page } from "./page.js";
import { restoreSession } from "./restore.js";
import type { ApiInit, FetchInput, FetchResponse, Finished, LogoutOptions, Session, StartOptions } from "./types.js";
import { userinfo } from "./userinfo.js";

/** A login at work. */
export class Engine {
	readonly #context: Context;

	constructor(page: Page) {
		this.#context = new Context(page);
	}

	start(options: StartOptions): Promise<void> {
		return sendAuthorizationRequest(this.#context, options);
	}

	finish(address: string, cleaned: string): Promise<Finished | null> {
		return finishLogin(this.#context, address, cleaned);
	}

	restore(): Promise<Session | null> {
		return restoreSession(this.#context, this.#context.refresh);
	}

	async accessToken(): Promise<string> {
		return (await this.#context.refresh.access()).token;
	}

	fetch(input: FetchInput, init?: ApiInit): Promise<FetchResponse> {
		return fetchFromApi(this.#context, input, init);
	}

	userinfo(): Promise<Claims> {
		return userinfo(this.#context);
	}

	endSession(options: LogoutOptions): Promise<void> {
		return endSession(this.#context, options);
	}

	endedElsewhere(): Promise<void> {
		return endedElsewhere(this.#context);
	}

	/** Somebody has logged in in another tab. */
	async begunElsewhere(): Promise<void> {
		await this.#context.refresh.restore();
	}

	/** The user has done something on this page. */
	acted(): void {
		const { loaded, now } = this.#context;
		loaded?.use((session) => session.acted(now()));
	}
}
