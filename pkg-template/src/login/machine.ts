// The core's session: made when somebody logs in or may be logged in, told what happens, and asked what to do.

import type { LoginSession } from "countersign:bindings";
import type { CoreObject } from "../core/core-object.js";
import { type ErrorData, TokenError } from "../error.js";
import type { Activity } from "./activity.js";
import type { SignedOutCause } from "./event-types.js";
import type { Core } from "./load-core.js";

/** What the core wants done beside. */
export type Effect =
	| { readonly kind: "changed"; readonly event: Change; readonly cause: SignedOutCause }
	| { readonly kind: "renewal-failed"; readonly error: TokenError }
	| { readonly kind: "tell"; readonly message: string }
	| { readonly kind: "keep-activity"; readonly message: string }
	| { readonly kind: "perform"; readonly flight: number }
	| { readonly kind: "set-mark" }
	| { readonly kind: "remove-mark" }
	| { readonly kind: "expiring" }
	| { readonly kind: "restore" };

type Change = "signed-in" | "restored" | "renewed" | "signed-out";

/** What a page may know of the session. */
export interface View {
	readonly scope: string;
	readonly idToken: string | null;
	readonly expiresAt: number | null;
	/** The sign-in that it comes from. */
	readonly lineage: string;
	/** The thumbprint of the key that its tokens are bound to. */
	readonly jkt: string | null;
}

/** Where a session lives, and how. */
interface Place {
	readonly reach: string;
	readonly idleTimeout: number | undefined;
	/** Whether its tokens are bound to a key. */
	readonly isBound: boolean;
	readonly activity: Activity;
}

/** The state machine of one session. */
export class Machine {
	readonly #object: CoreObject<LoginSession>;
	readonly #perform: (effect: Effect) => void;
	/** Where a session ends when nobody is there: what other pages know of that. */
	readonly #activity: Activity | undefined;
	/** What an object is made from that takes the place of a lost one. */
	#snapshot: string | undefined;

	constructor(core: Core, { reach, idleTimeout, isBound, activity }: Place, perform: (effect: Effect) => void) {
		this.#activity = idleTimeout === undefined ? undefined : activity;
		this.#object = new core.CoreObject(
			({ LoginSession }) => new LoginSession(reach, idleTimeout, isBound),
			(session) => {
				if (this.#snapshot !== undefined) session.resume(this.#snapshot);
			},
		);
		this.#perform = perform;
	}

	/** The session; none while nobody is signed in. */
	get current(): View | undefined {
		return this.#object.use((session) => session.current);
	}

	/** Runs `work`, and then performs what the core wants done beside. */
	use<R>(work: (session: LoginSession) => R): R {
		const activity = this.#activity?.read();
		try {
			return this.#object.use((session) => {
				session.activityRead(activity);
				return work(session);
			});
		} finally {
			this.#performEffects();
		}
	}

	#performEffects(): void {
		for (;;) {
			const effect = this.#object.use((session) => session.nextEffect()) as
				| (Exclude<Effect, { kind: "renewal-failed" }> | { kind: "renewal-failed"; error: ErrorData })
				| undefined;
			if (!effect) return;
			// Whatever has changed it: a renewal that failed may have brought another refresh token.
			this.#snapshot = this.#object.use((session) => session.snapshot);
			this.#perform(effect.kind === "renewal-failed" ? { ...effect, error: new TokenError(effect.error) } : effect);
		}
	}
}
