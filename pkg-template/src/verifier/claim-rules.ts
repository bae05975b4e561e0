// Rules about claims, as callers give them.

/** A value that a claim is compared with, by its exact JSON type. Numbers are whole ones. */
export type ClaimValue = string | number | boolean | null;

/** What a claim has to be. All members hold at once. A claim that is absent passes `present: false` alone. */
export interface ClaimTest {
	readonly equals?: ClaimValue;
	readonly oneOf?: readonly ClaimValue[];
	/** The claim is an array that has this value. */
	readonly includes?: ClaimValue;
	/** The claim is an array that has all of these. */
	readonly all?: readonly ClaimValue[];
	/** The claim is an array that has one of these. */
	readonly any?: readonly ClaimValue[];
	/** The claim is a string like this, each `*` standing for any characters, also none. */
	readonly pattern?: string;
	/** `true`: the claim is there, and not null. `false`: it is not there. */
	readonly present?: boolean;
}

/**
 * Claims by their paths, and what each has to be: one value, one of several, or a test. Dots separate names, as in
 * `realm_access.roles`; a dot within a name is written `\\.`, as in `"https://shop\\.example/roles"`.
 */
export type ClaimRules = { readonly [path: string]: ClaimValue | readonly ClaimValue[] | ClaimTest };

/**
 * A provider whose tokens are known: what its own page tells to check is checked, and types, claims and key set's address
 * are as it has them.
 */
export type Provider =
	| "auth0"
	| "entra"
	| "okta"
	| "cognito"
	| "keycloak"
	| "google"
	| "apple"
	| "firebase"
	| "clerk"
	| "supabase"
	| "cloudflare-access"
	| "google-iap"
	| "workos"
	| "github-actions"
	| "kubernetes";
