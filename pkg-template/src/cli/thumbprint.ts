import { jwkThumbprint, jwkThumbprintUri } from "../core.js";
import type { Jwk } from "../verifier/keys.js";
import { input, parse } from "./arguments.js";

/** The SHA-256 thumbprint of a key (RFC 7638). */
export async function thumbprint(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { uri: { type: "boolean" } });
	// The core takes a JWK's text as well.
	const jwk = (await input(positionals, "JWK")) as unknown as Jwk;
	console.log(values.uri ? jwkThumbprintUri(jwk) : jwkThumbprint(jwk));
	return 0;
}
