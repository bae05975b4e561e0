// Questions about opaque tokens: the core decides which and when, this file asks and waits.

import type { Introspector } from "countersign:bindings";
import { type Asker, CoreObject, discover, exchange, Landings, platformFetch, reasonOf } from "../core.js";
import { type AssertionSigner, assertionSigner } from "./assertion-signer.js";
import type { GuardSettings } from "./settings.js";

/** A request to an introspection endpoint, as the core makes it. */
interface IntrospectionRequest {
	readonly authorization: string | null;
	readonly accept: string;
	readonly body: string;
}

/** What one issuer has said about opaque tokens: a guard and its routes share it. */
export class Introspection {
	readonly core: CoreObject<Introspector>;
	readonly #issuer: string;
	readonly #settings: GuardSettings;
	readonly #sign: AssertionSigner | undefined;
	readonly #landings = new Landings();

	constructor(given: object, settings: GuardSettings, { issuer, privateKey }: IntrospectionSettings) {
		this.core = new CoreObject(
			(core) => new core.Introspector(given),
			() => {},
		);
		this.#issuer = issuer;
		this.#settings = settings;
		this.#sign = privateKey ? assertionSigner(privateKey) : undefined;
	}

	/** Asks a question. Resolves when it has been answered; at once where that goes on by itself. */
	begin(question: number, asker: Asker): Promise<void> {
		const beat = () => this.#at(asker, (core, ...at) => core.beat(question, ...at));
		return this.#landings.begin(question, () => this.#perform(question, asker), beat, asker.context);
	}

	/** Waits until a question has been answered, or so many seconds. Resolves to whether it is over. */
	wait(question: number, seconds: number | null, asker: Asker, isMine: boolean): Promise<boolean> {
		const isUnderWay = () => this.#at(asker, (core, ...at) => core.isUnderWay(question, ...at));
		return this.#landings.wait(question, seconds, isMine, isUnderWay);
	}

	async #perform(question: number, asker: Asker): Promise<void> {
		try {
			const timeout = this.core.use((core) => core.timeout);
			const url = await this.#endpoint(asker, timeout);
			const input = this.#at(asker, (core, ...at) => core.assertionInput(this.#issuer, ...at));
			const signature = input === undefined ? undefined : await this.#sign?.(input);
			const request: IntrospectionRequest | undefined = this.core.use((core) =>
				core.request(question, input, signature),
			);
			if (!request) return;
			const { status, headers, text } = await exchange(this.#fetch, url, initOf(request), timeout);
			const type = headers.get("content-type") ?? undefined;
			this.#at(asker, (core, ...at) => core.answered(question, status, type, text, ...at));
		} catch (error) {
			this.#at(asker, (core, ...at) => core.failed(question, reasonOf(error), ...at));
		}
	}

	async #endpoint(asker: Asker, timeout: number): Promise<string> {
		const known = this.#at(asker, (core, ...at) => core.endpoint(...at));
		if (known !== undefined) return known;
		const { metadata } = await discover(this.#issuer, "introspection", this.#fetch, timeout);
		const found = metadata.introspectionEndpoint as string; // The core has seen to that.
		this.#at(asker, (core, ...at) => core.discovered(found, ...at));
		return found;
	}

	get #fetch() {
		return this.#settings.fetch ?? platformFetch;
	}

	#at<R>({ clocks }: Asker, ask: (core: Introspector, policy: number, machine: number) => R): R {
		const { policy, machine } = clocks();
		return this.core.use((core) => ask(core, policy, machine));
	}
}

/** What the core has read of the options `tokens` and `introspection` for the shell. */
export type IntrospectionSettings = NonNullable<GuardSettings["introspection"]>;

function initOf({ authorization, accept, body }: IntrospectionRequest) {
	const headers = { accept, "content-type": "application/x-www-form-urlencoded" };
	return { method: "POST", headers: authorization === null ? headers : { ...headers, authorization }, body };
}
