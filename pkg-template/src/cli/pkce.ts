import { createPkce, pkceChallenge } from "../core.js";
import { parse } from "./arguments.js";
import { UsageError } from "./usage-error.js";

/** A fresh code verifier and its challenge, or the challenge of a given verifier (RFC 7636). */
export async function pkce(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { json: { type: "boolean" } });
	const [verifier, ...more] = positionals;
	if (more.length > 0) throw new UsageError(`expected one VERIFIER, found ${positionals.length}`);
	const pair = verifier === undefined ? createPkce() : { verifier, challenge: pkceChallenge(verifier), method: "S256" };
	console.log(
		values.json
			? JSON.stringify(pair)
			: `verifier   ${pair.verifier}\nchallenge  ${pair.challenge}\nmethod     ${pair.method}`,
	);
	return 0;
}
