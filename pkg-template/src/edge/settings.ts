import type { Settings } from "../core/settings.js";
import type { SigningKey } from "./assertion-signer.js";
import type { GuardDpopOptions } from "./dpop-options.js";
import type { ReplayStore } from "./replay-store.js";
import type { SessionStore } from "./session-store.js";
import type { EdgeRequest, GuardOptions } from "./types.js";

/** What the core has read of a guard's options for the shell. */
export interface GuardSettings extends Settings {
	/** The origins whose pages may call; `null`: none. */
	readonly origins: readonly string[] | null;
	/** Who is asked whether a proof is used for the first time. */
	readonly replay: ReplayStore | null;
	/** Who is asked whether the session of a token has ended. */
	readonly revoked: Pick<SessionStore, "ended"> | null;
	readonly seen: GuardDpopOptions["seen"] | null;
	readonly onOutcome: NonNullable<GuardOptions["onOutcome"]> | null;
	readonly onVerdict: NonNullable<GuardOptions["onVerdict"]> | null;
	/** The resource identifier, where there is one. */
	readonly resource: string | null;
	readonly servesMetadata: boolean;
	/** Whom to ask about opaque tokens; `null`: nobody. */
	readonly introspection: {
		readonly issuer: string;
		readonly privateKey: SigningKey | null;
	} | null;
	/** Whether answers carry a nonce for proofs. */
	readonly hasNonces: boolean;
	/** Finds the token of a request. */
	readonly token: ((request: EdgeRequest) => unknown) | null;
	/** The headers in which the core looks for tokens besides Authorization. */
	readonly places: readonly string[];
}
