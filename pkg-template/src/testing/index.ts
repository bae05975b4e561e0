/**
 * A test kit: an issuer that mints tokens, publishes its keys through a `fetch` of its own, rotates them, fails on demand
 * and keeps a clock that tests set. It signs with the platform's WebCrypto, and contains no WebAssembly.
 *
 * @packageDocumentation
 */

export { createTestIssuer } from "./test-issuer.js";
export type {
	Outage,
	RotateOptions,
	TestAlgorithm,
	TestClaims,
	TestFetch,
	TestHeader,
	TestIssuer,
	TestIssuerOptions,
} from "./types.js";
