import type { ErrorData } from "../error.js";
import { type Flags, parse } from "./arguments.js";
import { reasonOf } from "./checklist.js";
import { times } from "./dates.js";
import { examine, STATUS, undecided } from "./keyless.js";
import { momentOf, POLICY_FLAGS, policyOf } from "./policy.js";
import { json } from "./terminal.js";
import { tokenInput } from "./token-input.js";

const FLAGS: Flags = { ...POLICY_FLAGS, json: { type: "boolean" } };

/** The verdict: the claims of a valid token, else why it is none. */
export async function verify(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, FLAGS);
	const outcome = await examine(await policyOf(values, "verify"), await tokenInput(positionals));
	const { explanation, unavailable, status } = outcome;
	const { valid, code, error, header, claims } = explanation;
	if (values.json) console.log(json({ valid, code, error, header, claims }));
	else if (valid) {
		console.log(json(claims));
		for (const line of times(claims ?? {}, momentOf(values))) console.error(line);
	}
	if (status === STATUS.refused) console.error(`refused: ${code}\n${reasonOf(error as ErrorData)}`);
	if (unavailable) console.error(undecided(outcome));
	if (!valid) console.error("Every check: npx countersign explain, with the same flags.");
	return status;
}
