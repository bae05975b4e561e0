import { decodeUnverified } from "../core.js";
import { parse } from "./arguments.js";
import { times } from "./dates.js";
import { json } from "./terminal.js";
import { tokenInput } from "./token-input.js";

/** Header and claims of a token that nobody has checked. */
export async function decode(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { json: { type: "boolean" } });
	const { header, claims } = decodeUnverified(await tokenInput(positionals));
	if (values.json) console.log(json({ header, claims }));
	else {
		const dates = times(claims, Date.now() / 1000);
		console.log(`header (unverified) ${json(header)}\nclaims (unverified) ${json(claims)}`);
		if (dates.length > 0) console.log(`times (unverified)\n  ${dates.join("\n  ")}`);
	}
	return 0;
}
