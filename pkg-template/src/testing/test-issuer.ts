// An issuer for tests.

import type { JwkSet } from "../verifier/keys.js";
import { Clock } from "./clock.js";
import { discoveryUrls, metadataOf } from "./metadata.js";
import { Network } from "./network.js";
import { merge, readOutage, readRotateOptions, readTestIssuerOptions } from "./options.js";
import type { Facts, Shape } from "./shape.js";
import { shapeOf } from "./shapes.js";
import { SigningKey } from "./signing-key.js";
import type { TestAlgorithm, TestIssuer, TestIssuerOptions } from "./types.js";

/** Makes an issuer whose tokens, keys, clock and failures a test decides. */
export async function createTestIssuer(options?: TestIssuerOptions): Promise<TestIssuer> {
	const read = readTestIssuerOptions(options);
	const shape = shapeOf(read.provider);
	const alg = read.alg ?? shape.alg;
	const first = await (read.signingKey
		? SigningKey.from(alg, read.signingKey.kid ?? "key-1", read.signingKey)
		: SigningKey.generate(alg, "key-1"));
	return issuerOf(read, shape, alg, first);
}

function issuerOf(options: TestIssuerOptions, shape: Shape, alg: TestAlgorithm, first: SigningKey): TestIssuer {
	const { issuer = shape.issuer, clientId = shape.clientId, lifetime = 300 } = options;
	const audience = options.audience ?? shape.audience;
	const clock = new Clock(options.now ?? Math.floor(Date.now() / 1000));
	const keys: SigningKey[] = [first];
	let published: SigningKey[] = [first];
	let current = first;
	let made = 1;

	const jwks = (): JwkSet => ({ keys: published.map(({ jwk }) => jwk) });
	const metadata = metadataOf(issuer, alg, shape, options.metadata);
	const documents = () => {
		const found = new Map<string, object>(discoveryUrls(issuer).map((url) => [url, metadata]));
		const set = { keys: jwks().keys.filter(({ kty }) => kty !== "oct") };
		return found.set(metadata.jwks_uri as string, set);
	};
	const network = new Network(documents, options.fallback);

	const sign = (kind: "claims" | "idToken", given: unknown, header: unknown) => {
		const iat = Math.floor(clock.now());
		const facts: Facts = { issuer, audience, clientId, iat, exp: iat + lifetime };
		const wanted = (header as { kid?: unknown } | undefined)?.kid;
		const key = keys.find(({ kid }) => kid === wanted) ?? current;
		const own = kind === "claims" ? shape.header : { typ: "JWT" };
		const defaults = { alg, kid: key.kid, ...own };
		return key.sign(merge(defaults, header, "header"), merge(shape[kind](facts), given, "claims"));
	};

	return {
		issuer,
		audience: shape.verified === undefined ? audience : shape.verified && clientId,
		clientId,
		alg,
		metadata,
		get jwks() {
			return jwks();
		},
		get requests() {
			return [...network.requests];
		},
		mint: async (claims, header) => sign("claims", claims, header),
		mintIdToken: async (claims, header) => sign("idToken", claims, header),
		fetch: network.fetch,
		now: () => clock.now(),
		advance: (seconds) => clock.advance(seconds),
		rotate: async (given) => {
			const { withdraw = false } = readRotateOptions(given);
			current = await SigningKey.generate(alg, `key-${++made}`);
			keys.push(current);
			published = withdraw ? [current] : [...published, current];
			return current.kid;
		},
		down: (outage = "unreachable") => {
			network.outage = readOutage(outage);
		},
		up: () => {
			network.outage = undefined;
		},
		exportKey: () => current.export(),
	};
}
