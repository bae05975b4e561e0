// The details of one order, which need a login that the user has just confirmed. RFC 9470
import { type Finished, type Login, TokenError } from "countersign/login";
import { config } from "./config.js";
import { h } from "./dom.js";
import { ApiRefusal, answerOf, askApi, recordAnswer } from "./purchases.js";
import { startOver } from "./record.js";
import { button } from "./shop.js";

export interface OrderDetails {
	orderNumber: string;
	recipient: string;
	street: string;
	city: string;
	paidWith: string;
}

/** An order whose details the user has left the page for. */
export interface Returning {
	number: string;
	details(signal: AbortSignal): Promise<OrderDetails>;
}

const NAME = "order";

/** Asks for the details of an order. Where the API wants to see a stronger login, the page is left, and this does not end. */
export async function detailsOf(login: Login, number: string, signal: AbortSignal): Promise<OrderDetails> {
	startOver(9);
	// Where the user wants to be afterwards.
	history.replaceState(null, "", `/?${new URLSearchParams({ [NAME]: number })}`);
	const url = new URL(`/purchases/${number}`, config.shopApi);
	const details = read(await askApi(login.fetch, url, signal, { stepUp: true }));
	history.replaceState(null, "", "/");
	return details;
}

/** The order that the user was sent away for, and comes back to: with what the API says now, or with why it was in vain. */
export function returningTo(address: string, repeat: Finished["repeat"], refusal?: unknown): Returning | undefined {
	const number = new URL(address, location.href).searchParams.get(NAME);
	if (number === null) return undefined;
	const details = async (signal: AbortSignal) => {
		if (refusal) throw refusal;
		if (!repeat) throw new Error("another user has signed in");
		return read(await answerOf(repeat.send(), signal));
	};
	return { number, details };
}

function read([response, answer]: Awaited<ReturnType<typeof askApi>>): OrderDetails {
	recordAnswer({ title: "The order's details" }, response, answer);
	if (!response.ok) throw new ApiRefusal(response.status, answer);
	return answer as OrderDetails;
}

/** Where the details are shown, as they come in. */
export function detailsView(number: string, details: Promise<OrderDetails>, close: () => void): HTMLElement {
	const content = h("div", { role: "status" }, "Asking for the details …");
	details.then(
		(details) => content.replaceChildren(found(details)),
		(error) => content.replaceChildren(h("p", {}, refusedText(error))),
	);
	return h(
		"div",
		{},
		h("h2", { tabindex: "-1" }, `Order ${number}`),
		content,
		button({ label: "Close the details", run: close }),
	);
}

function found({ recipient, street, city, paidWith }: OrderDetails): HTMLElement {
	const rows = [
		["Sent to", `${recipient}, ${street}, ${city}`],
		["Paid with", paidWith],
	];
	return h(
		"dl",
		{},
		rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
	);
}

function refusedText(error: unknown): string {
	if (error instanceof TokenError && error.code === "access_denied") {
		return "You did not confirm that it is you, so the details stay closed.";
	}
	if (error instanceof ApiRefusal) return `The shop API keeps them closed: ${error.message}`;
	return "The details could not be had. Try again.";
}
