// Where an issuer says that it keeps its keys and endpoints: fetched here, judged in the core.

import { withInstance } from "../core/instance.js";
import { TokenError } from "../error.js";
import { exchange } from "./http.js";
import { fetchError } from "./fetch-error.js";
import type { Metadata, MetadataPurpose } from "./metadata.js";
import type { Fetch } from "./types.js";

/** Metadata as judged by the core, and the text it came from. */
export interface Discovered {
	readonly metadata: Metadata;
	readonly text: string;
}

/** Fetches an issuer's metadata. Rejects with `metadata_invalid` or `metadata_unavailable`. */
export async function discover(issuer: string, purpose: MetadataPurpose, fetch: Fetch): Promise<Discovered> {
	const failures: TokenError[] = [];
	for (const url of withInstance(({ core }) => core.wellKnownUrls(issuer))) {
		try {
			const { status, text } = await exchange(fetch, url, { headers: { accept: "application/json" } });
			if (status !== 200) throw new Error(`answered with status ${status}`);
			return { metadata: judged(text, issuer, purpose), text };
		} catch (error) {
			failures.push(error instanceof TokenError ? error : fetchError("metadata_unavailable", url, error));
		}
	}
	throw failures.find(({ code }) => code !== "metadata_unavailable") ?? failures.at(-1);
}

/** Metadata from its text, judged by the core. */
export function judged(text: string, issuer: string, purpose: MetadataPurpose): Metadata {
	return withInstance(({ core }) => core.parseMetadata(text, issuer, purpose));
}
