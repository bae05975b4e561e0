// Cloudflare loads a Worker while a connection is still being made. What the engine compiles then, no request waits for.

import { RequestGuard } from "./request-guard.js";

/** A token that was made for this once, and the public half of its key. Nobody has the private one, and no guard trusts it. */
const TOKEN =
	"eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9." +
	"eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHR0cHM6Ly9hcGkuZXhhbXBsZSIsInN1YiI6InMiLCJjbGll" +
	"bnRfaWQiOiJjIiwianRpIjoiaiIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAwMzAwfQ." +
	"tunw99M1ESDiD37_jG66Y22P3KOlRUnpvOBwxfR877L7vgO4u3GoKHX6zHYEmw0wte9-4LUYNyhMzwtJkWFF6A";
const KEY = {
	kty: "EC",
	crv: "P-256",
	x: "BhqR8Bf5_skp770PhrEmD-BWiZUwe-esHhy7q2spj9s",
	y: "MAOaOWA9QmKG4T79B-TjqN5UGwsfQmFErbxHGnJA3QU",
	alg: "ES256",
};
/** Within its lifetime, in seconds since 1970. */
const THEN = 1_800_000_100;

/** Judges one request: what the first real one needs is compiled. A failure is left for that one to tell. */
export function warmUp(): void {
	try {
		const [issuer, audience] = ["https://issuer.example", "https://api.example"];
		const guard = new RequestGuard({ issuer, audience, keys: { keys: [KEY] }, now: () => THEN }, true);
		guard.check(new Request(audience, { headers: { authorization: `Bearer ${TOKEN}` } })).catch(() => {});
	} catch {
		// The first request finds the same.
	}
}
