// The authorization server: what it says of itself, and the core that knows how to speak with it.

import type { LoginClient } from "countersign:bindings";
import type { CoreObject } from "../core/core-object.js";
import type { Fetch } from "../core/fetch-types.js";
import type { Metadata, MetadataPurpose } from "../jwks/metadata.js";
import { type Core, loadCore } from "./load-core.js";
import { type Documents, MetadataStore } from "./metadata-store.js";
import type { LoginOptions } from "./types.js";

/** All that a request to the server needs. */
export interface Connection {
	readonly core: Core;
	readonly fetch: Fetch;
	readonly client: CoreObject<LoginClient>;
	readonly metadata: Metadata;
}

type Loaded = Pick<Connection, "core" | "client">;

/** One authorization server, as one client sees it. */
export class AuthorizationServer {
	readonly #options: LoginOptions;
	readonly #fetch: Fetch;
	readonly #store: MetadataStore;
	readonly #statePrefix: string;
	#loaded: Loaded | undefined;
	#documents: Documents | undefined;
	#metadata: Metadata | undefined;

	constructor(options: LoginOptions, fetch: Fetch, name: string, statePrefix: string) {
		this.#options = options;
		this.#fetch = fetch;
		this.#store = new MetadataStore(name);
		this.#statePrefix = statePrefix;
	}

	/** The core's side of this client; nothing is fetched for it but the core. */
	async client(): Promise<CoreObject<LoginClient>> {
		return (await this.#load()).client;
	}

	/** Loads the core, and the server's metadata where no page of this tab has lately. */
	async connect(): Promise<Connection> {
		const loaded = await this.#load();
		this.#metadata ??= this.#given(loaded) ?? this.#stored(loaded) ?? (await this.#discovered(loaded));
		return { ...loaded, fetch: this.#fetch, metadata: this.#metadata };
	}

	/** The same for an endpoint that some servers tell of in the other of their two documents alone. */
	async connectTo(endpoint: "endSessionEndpoint" | "revocationEndpoint" | "userinfoEndpoint"): Promise<Connection> {
		const connection = await this.connect();
		const { core, metadata } = connection;
		const known = this.#documents;
		if (metadata[endpoint] || !known || known.other !== undefined) return connection;
		const url = core.withInstance(({ core }) => core.wellKnownUrls(this.#options.issuer)).at(-1) as string;
		const asked = url === known.url ? undefined : core.exchange(this.#fetch, url, {}).catch(() => undefined);
		this.#metadata = this.#keep(connection, { ...known, other: (await asked)?.text ?? "" });
		return { ...connection, metadata: this.#metadata };
	}

	async #load(): Promise<Loaded> {
		const core = await loadCore();
		this.#loaded ??= { core, client: this.#clientIn(core) };
		return this.#loaded;
	}

	#clientIn(core: Core): CoreObject<LoginClient> {
		const { metadata, origins, storage, navigate, fetch, now, onStep, ...options } = this.#options;
		return new core.CoreObject(
			({ LoginClient }) => new LoginClient({ ...options, statePrefix: this.#statePrefix }),
			() => {},
		);
	}

	#given({ core, client }: Loaded): Metadata | undefined {
		const { issuer, metadata } = this.#options;
		return metadata && core.judged(issuer, 200, JSON.stringify(metadata), issuer, purposeOf(client));
	}

	#stored(loaded: Loaded): Metadata | undefined {
		try {
			const documents = this.#store.read();
			const age = (Date.now() - documents.at) / 1000;
			if (!loaded.client.use((client) => client.believesMetadata(age))) return undefined;
			return this.#keep(loaded, documents);
		} catch {
			return undefined;
		}
	}

	async #discovered({ core, client }: Loaded): Promise<Metadata> {
		const seconds = client.use(({ requestTimeout }) => requestTimeout);
		const found = await core.discover(this.#options.issuer, purposeOf(client), this.#fetch, seconds);
		return this.#keep({ core, client }, { text: found.text, url: found.url, at: Date.now() });
	}

	#keep({ core, client }: Loaded, documents: Documents): Metadata {
		const { text, other = "" } = documents;
		const { issuer } = this.#options;
		const read = core.withInstance((bound) => bound.core.metadataOfDocuments(text, other, issuer, purposeOf(client)));
		this.#documents = documents;
		this.#store.write(documents);
		return read;
	}
}

function purposeOf(client: CoreObject<LoginClient>): MetadataPurpose {
	return client.use(({ metadataPurpose }) => metadataPurpose) as MetadataPurpose;
}
