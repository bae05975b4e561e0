import { type Flags, parse } from "./arguments.js";
import { checklist } from "./checklist.js";
import { examine, STATUS, undecided } from "./keyless.js";
import { POLICY_FLAGS, policyOf } from "./policy.js";
import { colours, json } from "./terminal.js";
import { tokenInput } from "./token-input.js";

const FLAGS: Flags = { ...POLICY_FLAGS, json: { type: "boolean" } };

/** Every check of a token. */
export async function explain(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, FLAGS);
	const outcome = await examine(await policyOf(values, "explain"), await tokenInput(positionals));
	const { explanation, unavailable, status } = outcome;
	if (values.json) console.log(json(explanation));
	else {
		const verdict = status === STATUS.undecided ? undecided(outcome) : undefined;
		console.log(checklist(explanation, colours(), verdict));
	}
	if (unavailable && (values.json || status !== STATUS.undecided)) console.error(undecided(outcome));
	return status;
}
