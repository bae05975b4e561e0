import type { Settings } from "../core/settings.js";
import type { EdgeRequest, GuardOptions } from "./types.js";

/** What the core has read of a guard's options for the shell. */
export interface GuardSettings extends Settings {
	/** The origins whose pages may call; `null`: none. */
	readonly origins: readonly string[] | null;
	readonly seen: NonNullable<GuardOptions["dpop"]>["seen"] | null;
	readonly onVerdict: NonNullable<GuardOptions["onVerdict"]> | null;
	/** The resource identifier, where there is one. */
	readonly resource: string | null;
	readonly servesMetadata: boolean;
	/** Finds the token of a request. */
	readonly token: ((request: EdgeRequest) => unknown) | null;
	/** The headers in which the core looks for tokens besides Authorization. */
	readonly places: readonly string[];
}
