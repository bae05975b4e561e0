// Makes the issuer's tokens: default claims of its shape, what the caller wants otherwise, a signature.

import type { Clock } from "./clock.js";
import type { KeyRing } from "./key-ring.js";
import { merge, readMembers } from "./options.js";
import type { Facts, Shape } from "./shape.js";
import type { TestAlgorithm, TestIssuerOptions } from "./types.js";

/** Who issues tokens, to whom and for whom, unless told otherwise. */
export interface Parties {
	readonly issuer: string;
	readonly audience: string | readonly string[];
	readonly clientId: string;
}

/** What a grant is about (RFC 6749 §4). */
export interface Grant {
	readonly audience?: Parties["audience"] | undefined;
	readonly clientId?: string;
	readonly scope?: string | undefined;
	/** The client itself, for client credentials. */
	readonly isClient?: boolean;
}

export class Minter {
	readonly #shape: Shape;
	readonly #parties: Parties;
	readonly #alg: TestAlgorithm;
	readonly #keys: KeyRing;
	readonly #clock: Clock;
	readonly #own: object;
	readonly lifetime: number;

	constructor(
		shape: Shape,
		parties: Parties,
		alg: TestAlgorithm,
		keys: KeyRing,
		clock: Clock,
		options: TestIssuerOptions,
	) {
		this.#shape = shape;
		this.#parties = parties;
		this.#alg = alg;
		this.#keys = keys;
		this.#clock = clock;
		this.lifetime = options.lifetime ?? 300;
		this.#own = options.claims ?? {};
	}

	/** A token for APIs. */
	async accessToken(claims?: unknown, header?: unknown, grant: Grant = {}): Promise<string> {
		const defaults = { ...this.#shape.claims(this.#facts(grant)) } as Record<string, unknown>;
		if (grant.isClient) defaults.sub = grant.clientId;
		if (grant.scope !== undefined) Object.assign(defaults, scopeOf(defaults, grant.scope));
		return this.#sign(this.#shape.header, { ...defaults, ...this.#own }, claims, header);
	}

	/** An ID token. */
	async idToken(claims?: unknown, header?: unknown, grant: Grant = {}): Promise<string> {
		return this.#sign({ typ: "JWT" }, this.#shape.idToken(this.#facts(grant)), claims, header);
	}

	#facts({ audience = this.#parties.audience, clientId = this.#parties.clientId }: Grant): Facts {
		const iat = Math.floor(this.#clock.now());
		return { issuer: this.#parties.issuer, audience, clientId, iat, exp: iat + this.lifetime };
	}

	#sign(own: object, defaults: object, claims: unknown, header: unknown): Promise<string> {
		const members = { alg: this.#alg, kid: this.#keys.current.kid, ...own };
		const merged = merge(members, readMembers(header, "header"));
		return this.#keys.find(merged.kid).sign(merged, merge(defaults, readMembers(claims, "claims")));
	}
}

/** The granted scope in the claim, and of the type, that the issuer's tokens have. */
function scopeOf(defaults: Record<string, unknown>, scope: string): object {
	if (!("scp" in defaults)) return { scope };
	return { scp: Array.isArray(defaults.scp) ? scope.split(" ") : scope };
}
