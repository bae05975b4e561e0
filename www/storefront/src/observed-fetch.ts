// The platform's fetch, seen through for the diagram: which proofs cross, and what the API answers where the page is about to be
// left. The API is asked to explain its verdicts; see www/shop-api/src/demo.ts.
import { config } from "./config.js";
import { readAnswer, recordAnswer } from "./purchases.js";
import { isOrder, recordNonce, recordProof } from "./story.js";

let last: Record<string, string> = {};

/** Token and proof of the last request to the API, as somebody on the way would have seen them. */
export const lastCredentials = (): Record<string, string> => last;

export const observedFetch: typeof fetch = async (input, init) => {
	const request = new Request(input, init);
	const { url, headers } = request;
	const isForApi = url.startsWith(`${config.shopApi}/`);
	const [authorization, dpop] = ["authorization", "dpop"].map((name) => headers.get(name));
	if (isForApi) headers.set("x-demo-explain", "1");
	if (isForApi && authorization && dpop) last = { authorization, dpop };
	if (dpop && (isForApi || url.endsWith("/token"))) recordProof(url, isForApi, dpop).catch(console.error);
	const response = await fetch(request);
	const nonce = response.headers.get("dpop-nonce");
	if (isForApi && nonce && asksFor("use_dpop_nonce", response)) recordNonce(url, nonce);
	// What asks for a stronger login leads away from here, before anybody else sees it.
	if (isForApi && isOrder(url) && asksFor("insufficient_user_authentication", response)) {
		recordAnswer({ title: "A stronger login is needed" }, response, await readAnswer(response.clone()));
	}
	return response;
};

/** RFC 9449 §9, RFC 9470 §3 */
const asksFor = (error: string, { headers }: Response): boolean =>
	headers.get("www-authenticate")?.includes(`error="${error}"`) ?? false;
