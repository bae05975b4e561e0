// When a user who is signed in has to confirm that it is them: a request names a context that this session has not. RFC 9470 §4
import { interactionPolicy } from "oidc-provider";
import { CONFIRMED } from "../addresses.mjs";

const { Check, base } = interactionPolicy;

/** Whether a request wants the user to be confirmed, and not merely signed in. */
export const wantsConfirmation = ({ acr_values: values }) => (values ?? "").split(" ").includes(CONFIRMED);

/** oidc-provider's own policy. It takes `acr_values` for a wish; here it is held to. */
export function loginPolicy() {
	const policy = base();
	policy
		.get("login")
		.checks.add(
			new Check("acr_values", "the user has not confirmed that it is them", ({ oidc }) =>
				wantsConfirmation(oidc.params) && oidc.session.acr !== CONFIRMED
					? Check.REQUEST_PROMPT
					: Check.NO_NEED_TO_PROMPT,
			),
		);
	return policy;
}
