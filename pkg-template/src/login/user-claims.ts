// Claims of the userinfo endpoint in the session, for those who have asked for it.

import type { Claims } from "../verifier/claims.js";
import type { Context } from "./context.js";
import { show } from "./effects.js";
import type { Core } from "./load-core.js";
import type { Machine } from "./machine.js";
import { userinfo } from "./userinfo.js";

/** What this page knows of its user beside the ID token; nothing without `userinfo: true`. */
export class UserClaims {
	readonly #context: Context;
	/** The sign-in whose user was asked about. */
	#lineage: string | undefined;
	#claims: Claims | undefined;
	#loading: Promise<void> | undefined;

	constructor(context: Context) {
		this.#context = context;
	}

	/** The claims of an ID token, with what is known beside. */
	beside({ withInstance }: Core, checked: Claims, lineage: string | undefined): Claims {
		if (this.#lineage !== lineage || !this.#claims) return checked;
		const entries = Object.entries(this.#claims);
		const known = withInstance(({ core }) => entries.filter(([name]) => core.isAboutUser(name)));
		// Of two claims of one name the later one counts: that of the ID token.
		return { ...Object.fromEntries(known), ...checked };
	}

	/** Asks about the user of a session that is another now. */
	load(core: Core, machine: Machine): void {
		const lineage = machine.current?.lineage;
		if (!this.#context.options.userinfo || lineage === this.#lineage) return;
		this.#lineage = lineage;
		this.#claims = undefined;
		this.#loading = lineage === undefined ? undefined : this.#load(core, machine, lineage);
	}

	/** When what is asked for is there, or has failed. */
	async loaded(): Promise<void> {
		await this.#loading;
	}

	async #load(core: Core, machine: Machine, lineage: string): Promise<void> {
		try {
			const claims = await userinfo(this.#context);
			if (this.#lineage !== lineage) return;
			this.#claims = claims;
			show(this.#context, core, machine);
		} catch (error) {
			const { events, current } = this.#context;
			if (this.#lineage === lineage) events.emit({ type: "userinfo-failed", session: current.session, error });
		}
	}
}
