// What a kind of issuer's tokens look like.

import { randomId } from "./encoding.js";
import type { TestAlgorithm } from "./types.js";

/** What a token is about. */
export interface Facts {
	readonly issuer: string;
	readonly audience: string | readonly string[];
	readonly clientId: string;
	readonly iat: number;
	readonly exp: number;
}

/** The tokens of a kind of issuer, by default. */
export interface Shape {
	readonly issuer: string;
	readonly alg: TestAlgorithm;
	readonly audience: string;
	readonly clientId: string;
	/** What a verifier is to compare `aud` with, where that is not the audience: the client, or nothing. */
	readonly verified?: "client" | null;
	/** The path of the key set behind the issuer's address, or its address beside that, or its whole address. */
	readonly keys: string;
	/** Header members of tokens for APIs, and of ID tokens. */
	readonly header: object;
	/** The claims of a token that is sent to APIs. */
	claims(facts: Facts): object;
	/** The claims of an ID token. */
	idToken(facts: Facts): object;
}

/** The ID token of OpenID Connect Core §2, for issuers that have no page about theirs. */
export function idToken({ issuer, clientId, iat, exp }: Facts): object {
	return { iss: issuer, sub: "user-1", aud: clientId, iat, exp, auth_time: iat };
}

/** The access token of RFC 9068 §2.2. */
export const STANDARD: Shape = {
	issuer: "https://issuer.example",
	alg: "ES256",
	audience: "https://api.example",
	clientId: "client-1",
	keys: "/jwks",
	header: { typ: "at+jwt" },
	claims: ({ issuer, audience, clientId, iat, exp }) => ({
		iss: issuer,
		sub: "user-1",
		aud: audience,
		client_id: clientId,
		iat,
		exp,
		jti: randomId(),
	}),
	idToken,
};

/** The beginning of a row: what most providers have in common. */
export const PROVIDER: Shape = {
	...STANDARD,
	alg: "RS256",
	keys: "/.well-known/jwks.json",
	header: { typ: "JWT" },
};

/** A list of audiences: these, and others of the provider's own. */
export function listOf(audience: string | readonly string[], ...others: string[]): string[] {
	return [...(typeof audience === "string" ? [audience] : audience), ...others];
}
