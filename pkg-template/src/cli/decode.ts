import { decodeUnverified } from "../core.js";
import { input, parse } from "./arguments.js";
import { json } from "./terminal.js";

/** Header and claims of a token that nobody has checked. */
export async function decode(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { json: { type: "boolean" } });
	const { header, claims } = decodeUnverified(await input(positionals, "token"));
	if (values.json) console.log(json({ header, claims }));
	else console.log(`header (unverified) ${json(header)}\nclaims (unverified) ${json(claims)}`);
	return 0;
}
