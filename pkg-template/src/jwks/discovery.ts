// Where an issuer says that it keeps its keys and endpoints: fetched here, judged in the core.

import type { Fetch } from "../core/fetch-types.js";
import { withInstance } from "../core/instance.js";
import { TokenError } from "../error.js";
import { reasonOf } from "./fetch-error.js";
import { exchange } from "./http.js";
import type { Metadata, MetadataPurpose } from "./metadata.js";

/** Metadata as judged by the core, and the text it came from. */
export interface Discovered {
	readonly metadata: Metadata;
	readonly text: string;
	/** Where it was found. */
	readonly url: string;
}

/** Fetches an issuer's metadata. Rejects with `metadata_invalid` or `metadata_unavailable`. */
export async function discover(
	issuer: string,
	purpose: MetadataPurpose,
	fetch: Fetch,
	seconds?: number,
): Promise<Discovered> {
	const failures: TokenError[] = [];
	for (const url of withInstance(({ core }) => core.wellKnownUrls(issuer))) {
		try {
			const { status, text } = await exchange(fetch, url, { headers: { accept: "application/json" } }, seconds);
			return { metadata: judged(url, status, text, issuer, purpose), text, url };
		} catch (error) {
			failures.push(error instanceof TokenError ? error : unreachable(url, error));
		}
	}
	throw withInstance(({ core }) => new TokenError(core.betterFailure(failures[0], failures[1]), failures[1]));
}

/** What an answer says, as the core judges it; also one that was kept. */
export function judged(url: string, status: number, text: string, issuer: string, purpose: MetadataPurpose): Metadata {
	return withInstance(({ core }) => core.metadataOfResponse(url, status, text, issuer, purpose));
}

function unreachable(url: string, cause: unknown): TokenError {
	return withInstance(({ core }) => new TokenError(core.metadataUnreachable(url, reasonOf(cause)), cause));
}
