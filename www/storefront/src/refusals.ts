// What the shop API has to refuse, for everybody to try: each request is real, and so is its answer.
import type { Login } from "countersign/login";
import { h } from "./dom.js";
import { lastCredentials, observedFetch } from "./observed-fetch.js";
import { askApi, purchasesUrl, recordAnswer } from "./purchases.js";
import { record, startOver } from "./record.js";
import { button } from "./shop.js";
import { decoded } from "./story.js";

interface Trial {
	label: string;
	/** What is sent in place of access token and proof. */
	credentials(login: Login): Promise<Record<string, string>> | Record<string, string>;
}

const TRIALS: readonly Trial[] = [
	{ label: "No token", credentials: () => ({}) },
	{ label: "The ID token instead", credentials: ({ session }) => bearer(session?.idToken ?? "") },
	{
		label: "Another user’s name in it",
		credentials: async (login) => bearer(withOtherSubject(await login.accessToken())),
	},
	{ label: "A stolen token, without its key", credentials: async (login) => bearer(await login.accessToken()) },
	{ label: "A proof that was used", credentials: usedBefore },
];

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Token and proof of a request that the API has just answered, as somebody who has seen it would send them again. */
async function usedBefore(login: Login): Promise<Record<string, string>> {
	const response = await login.fetch(purchasesUrl(null));
	await response.body?.cancel();
	return lastCredentials();
}

/** The same token, for another customer: all but the signature fits. */
function withOtherSubject(token: string): string {
	const [header, payload = "", signature] = token.split(".");
	const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
	const changed = btoa(JSON.stringify({ ...claims, sub: "usr_somebody" }));
	const base64url = changed.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
	return [header, base64url, signature].join(".");
}

export function refusalsView(login: Login, signal: AbortSignal): HTMLElement {
	const result = h("p", { role: "status", class: "result" });
	const run = async (trial: Trial) => {
		result.replaceChildren("Asking …");
		try {
			result.replaceChildren(...(await send(trial, login, signal)));
		} catch {
			result.replaceChildren("That could not be tried: no connection, or nobody is signed in any more.");
		}
	};
	return h(
		"section",
		{ class: "refusals", "aria-labelledby": "refusals-title" },
		h("h2", { id: "refusals-title" }, "Try what must fail"),
		h("p", { class: "muted" }, "The same request, as somebody might make it who is not you:"),
		h(
			"div",
			{ class: "trials" },
			TRIALS.map((trial) => button({ label: trial.label, run: () => run(trial) })),
		),
		result,
	);
}

async function send({ label, credentials }: Trial, login: Login, signal: AbortSignal): Promise<(Node | string)[]> {
	const headers = await credentials(login);
	const [scheme = "none", token] = headers.authorization?.split(" ") ?? [];
	startOver(5);
	const url = purchasesUrl(null);
	record({
		step: 5,
		title: label,
		messages: [
			{ line: `GET ${url.origin}${url.pathname}`, fields: [["authorization", token ? `${scheme} …` : scheme]] },
		],
		tokens: token ? await decoded(token) : [],
	});
	const [response, answer] = await askApi(observedFetch, url, signal, { headers });
	recordAnswer({ title: label }, response, answer);
	if (response.ok) return ["The API has answered. It should not have."];
	return ["Refused: ", h("code", {}, String(answer.code ?? answer.error)), ` ${answer.error_description ?? ""}`];
}
