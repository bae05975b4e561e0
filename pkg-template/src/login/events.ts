// What a login tells its page of: each event by its name.

import { unknownName } from "../own-options.js";
import type { LoginEvent, LoginEvents } from "./event-types.js";
import { Listeners } from "./listeners.js";

const NAMES = [
	"signed-in",
	"restored",
	"renewed",
	"expiring",
	"renewal-failed",
	"userinfo-failed",
	"signed-out",
] as const;

/** Who listens to the events of one login. */
export class Events {
	readonly #listeners = new Map<unknown, Listeners<never>>(NAMES.map((name) => [name, new Listeners()]));

	on<N extends keyof LoginEvents>(name: N, listener: (event: LoginEvents[N]) => void): () => void {
		const listeners = this.#listeners.get(name) as Listeners<LoginEvents[N]> | undefined;
		if (!listeners) throw new TypeError(`event: ${unknownName(String(name), NAMES, "event")}`);
		return listeners.add(listener);
	}

	emit(event: LoginEvent): void {
		(this.#listeners.get(event.type) as Listeners<never>).call(event as never);
	}
}
