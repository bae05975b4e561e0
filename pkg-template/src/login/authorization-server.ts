// The authorization server: what it says of itself, and the core that knows how to speak with it.

import type { LoginClient } from "countersign:bindings";
import type { CoreObject } from "../core/core-object.js";
import type { Fetch } from "../core/fetch-types.js";
import type { Metadata, MetadataPurpose } from "../jwks/metadata.js";
import { tabStorage } from "./browser.js";
import { type Core, loadCore } from "./load-core.js";
import type { LoginOptions } from "./types.js";

/** All that a request to the server needs. */
export interface Connection {
	readonly core: Core;
	readonly fetch: Fetch;
	readonly client: CoreObject<LoginClient>;
	readonly metadata: Metadata;
}

/** Milliseconds for which a page believes what an earlier one has discovered. */
const METADATA_AGE = 600_000;

/** One authorization server, as one client sees it. */
export class AuthorizationServer {
	readonly #options: LoginOptions;
	readonly #fetch: Fetch;
	readonly #name: string;
	#loaded: Pick<Connection, "core" | "client"> | undefined;
	#metadata: Metadata | undefined;

	constructor(options: LoginOptions, fetch: Fetch, name: string) {
		this.#options = options;
		this.#fetch = fetch;
		this.#name = `${name}:metadata`;
	}

	/** Loads the core, and the server's metadata where no page of this tab has lately. */
	async connect(): Promise<Connection> {
		const { core, client } = await this.#load();
		const { issuer } = this.#options;
		const purpose = client.use(({ metadataPurpose }) => metadataPurpose) as MetadataPurpose;
		this.#metadata ??= this.#stored(core, purpose);
		if (!this.#metadata) {
			const { metadata, text } = await core.discover(issuer, purpose, this.#fetch);
			this.#metadata = metadata;
			this.#store(text);
		}
		return { core, fetch: this.#fetch, client, metadata: this.#metadata };
	}

	async #load(): Promise<Pick<Connection, "core" | "client">> {
		if (this.#loaded) return this.#loaded;
		const core = await loadCore();
		const { issuer, clientId, redirectUri, postLogoutRedirectUri, scope, resource } = this.#options;
		const options = { issuer, clientId, redirectUri, postLogoutRedirectUri, scope, resource };
		const client = new core.CoreObject(
			({ LoginClient }) => new LoginClient(options),
			() => {},
		);
		this.#loaded ??= { core, client };
		return this.#loaded;
	}

	// Kept over the redirect, so that coming back costs no extra request; and judged again, since it lies in the open.
	#stored(core: Core, purpose: MetadataPurpose): Metadata | undefined {
		try {
			const stored = JSON.parse(tabStorage().getItem(this.#name) ?? "") as { text: string; at: number };
			if (!(Math.abs(Date.now() - stored.at) < METADATA_AGE)) return undefined;
			return core.judged(this.#name, 200, stored.text, this.#options.issuer, purpose);
		} catch {
			return undefined;
		}
	}

	#store(text: string): void {
		try {
			tabStorage().setItem(this.#name, JSON.stringify({ text, at: Date.now() }));
		} catch {
			// Then it is fetched again.
		}
	}
}
