// An issuer for tests.

import { TestAuthorizationServer } from "./authorization-server.js";
import { Clock } from "./clock.js";
import { KeyRing } from "./key-ring.js";
import { discoveryUrls, metadataOf } from "./metadata.js";
import { Minter } from "./minter.js";
import { type Endpoint, Network, showing } from "./network.js";
import { readOutage, readRotateOptions, readTestIssuerOptions } from "./options.js";
import { shapeOf } from "./shapes.js";
import { SigningKey } from "./signing-key.js";
import type { TestIssuer, TestIssuerOptions } from "./types.js";

/** Makes an issuer whose tokens, keys, clock and failures a test decides. */
export async function createTestIssuer(options?: TestIssuerOptions): Promise<TestIssuer> {
	const read = readTestIssuerOptions(options);
	const shape = shapeOf(read.provider);
	const { issuer = shape.issuer, clientId = shape.clientId, audience = shape.audience, alg = shape.alg } = read;
	const keys = new KeyRing(alg, await firstKey(read, alg));
	const clock = new Clock(read.now ?? Math.floor(Date.now() / 1000));
	const minter = new Minter(shape, { issuer, audience, clientId }, alg, keys, clock, read);
	const metadata = metadataOf(issuer, alg, shape, read.metadata);
	const network = new Network(endpointsOf(issuer, metadata, keys, minter), read.fallback);
	return {
		issuer,
		audience: shape.verified === undefined ? audience : shape.verified && clientId,
		clientId,
		alg,
		metadata,
		get jwks() {
			return keys.jwks;
		},
		get requests() {
			return [...network.requests];
		},
		mint: (claims, header) => minter.accessToken(claims, header),
		mintIdToken: (claims, header) => minter.idToken(claims, header),
		fetch: network.fetch,
		now: () => clock.now(),
		advance: (seconds) => clock.advance(seconds),
		rotate: async (given) => keys.rotate(readRotateOptions(given).withdraw ?? false),
		down: (outage = "unreachable") => {
			network.outage = readOutage(outage);
		},
		up: () => {
			network.outage = undefined;
		},
		exportKey: () => keys.current.export(),
	};
}

function firstKey({ signingKey }: TestIssuerOptions, alg: TestIssuer["alg"]): Promise<SigningKey> {
	if (signingKey) return SigningKey.from(alg, signingKey.kid ?? "key-1", signingKey);
	return SigningKey.generate(alg, "key-1");
}

/** What answers at the addresses that the metadata names, and at those of the metadata itself. */
function endpointsOf(
	issuer: string,
	metadata: Record<string, unknown>,
	keys: KeyRing,
	minter: Minter,
): ReadonlyMap<string, Endpoint> {
	const endpoints = new Map(discoveryUrls(issuer).map((url) => [url, showing(() => metadata)]));
	const server = new TestAuthorizationServer(issuer, minter);
	const named: [string, Endpoint][] = [
		["jwks_uri", showing(() => keys.publicJwks)],
		["authorization_endpoint", (asked) => server.authorize(asked)],
		["token_endpoint", (asked) => server.token(asked)],
	];
	for (const [name, endpoint] of named) {
		const address = String(metadata[name]);
		if (URL.canParse(address)) endpoints.set(new URL(address).href, endpoint);
	}
	return endpoints;
}
