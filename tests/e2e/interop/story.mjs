// One user's day at a shop whose login and API are at some OAuth server: what each step comes to.

import assert from "node:assert/strict";
import { closeContext } from "../harness.mjs";

/** Milliseconds for one step of a real server. */
const PATIENCE = 60_000;

export const STEPS = ["visit", "log in", "API", "wrong tokens", "renew", "reload", "log out", "afterwards"];

/** What a step comes to unless the server has manners of its own, by the storage of the page. */
export const USUAL = {
	visit: "nobody",
	"log in": "signed in",
	API: "JWT",
	"wrong tokens": "refused",
	renew: "refresh token",
	reload: { memory: "prompt=none", shared: "refresh token" },
	"log out": "back at the shop",
	afterwards: "asks again",
};

/** Plays it; `tell(step, outcome)` hears each step. `server` is one that has been started, `shop` and `api` know of it. */
export async function play({ server, shop, api, browser }, tell) {
	const context = await browser.newContext();
	context.setDefaultTimeout(PATIENCE);
	// Servers' pages want fonts from elsewhere.
	await context.route(
		(url) => url.hostname !== "localhost",
		(route) => route.abort(),
	);
	const sent = watched(context);
	const page = await context.newPage();
	const user = new User(page, { server, shop, api, sent });
	try {
		for (const step of STEPS) tell(step, await user[step]());
	} catch (error) {
		error.message += `\n  at ${page.url()}: ${await seen(page)}\n  asked: ${sent.lines.slice(-12).join("\n    ")}`;
		throw error;
	} finally {
		await closeContext(context);
	}
}

const seen = (page) =>
	page.evaluate(() => `${document.title} | ${document.body.innerText.slice(0, 600)}`).catch((error) => error.message);

/** How tokens were asked for, and what else was asked. */
function watched(context) {
	const sent = { grants: [], silent: 0, lines: [] };
	context.on("request", (request) => {
		const url = new URL(request.url());
		sent.lines.push(`${request.method()} ${url.origin}${url.pathname}`);
		const form = new URLSearchParams(request.postData() ?? "");
		if (form.has("grant_type")) sent.grants.push(form.get("grant_type"));
		// A request that is pushed has it in its body.
		if ([form, url.searchParams].some((parameters) => parameters.get("prompt") === "none")) sent.silent++;
	});
	context.on("response", (response) => sent.lines.push(`${response.status()} ${response.url().slice(0, 120)}`));
	return sent;
}

class User {
	#page;
	#server;
	#shop;
	#api;
	#sent;

	constructor(page, { server, shop, api, sent }) {
		this.#page = page;
		this.#server = server;
		this.#shop = shop;
		this.#api = api;
		this.#sent = sent;
	}

	async visit() {
		await this.#page.goto(`${this.#shop.origin}/`);
		const title = await this.#settled();
		assert.deepEqual(this.#sent.grants, []);
		return title;
	}

	async "log in"() {
		await this.#leave("My purchases");
		await this.#server.signIn(this.#page);
		const title = await this.#back();
		const claims = await this.#page.evaluate(() => login.session?.claims);
		for (const [name, value] of Object.entries(this.#server.claims ?? {})) assert.equal(claims[name], value, name);
		return title;
	}

	async API() {
		await this.#purchases();
		const token = this.#api.state.tokens.at(-1);
		return token.split(".").length === 3 ? "JWT" : "opaque";
	}

	async "wrong tokens"() {
		const idToken = await this.#page.evaluate(() => login.session.idToken);
		const token = this.#api.state.tokens.at(-1);
		const altered = `${token.slice(0, -8)}${[...token.slice(-8)].reverse().join("")}`;
		assert.notEqual(altered, token);
		for (const wrong of [altered, idToken].filter(Boolean)) assert.match(await this.#api.says(wrong), /^401 /);
		return "refused";
	}

	/** The API finds the token expired. */
	async renew() {
		const before = this.#api.state.tokens.at(-1);
		this.#sent.grants.length = 0;
		this.#api.expire();
		await this.#press("My purchases");
		const shown = await this.#shown();
		assert.equal(this.#api.state.verdicts.at(this.#sent.grants.length > 0 ? -2 : -1), "token_expired");
		if (this.#sent.grants.length === 0) return "not without the user";
		assert.deepEqual(JSON.parse(shown), { hello: await this.#subject() });
		assert.notEqual(this.#api.state.tokens.at(-1), before);
		assert.deepEqual(this.#sent.grants, ["refresh_token"]);
		return "refresh token";
	}

	async reload() {
		Object.assign(this.#sent, { silent: 0 });
		this.#sent.grants.length = 0;
		const stuck = this.#page.waitForResponse(
			(answer) => answer.request().isNavigationRequest() && answer.status() >= 400,
		);
		stuck.catch(() => {});
		await this.#page.reload();
		const refused = await Promise.race([this.#settled().then(() => undefined), stuck]);
		if (refused) return this.#stuck(refused);
		const title = await this.#page.title();
		if (title !== "signed in") return title;
		await this.#purchases();
		return this.#sent.silent > 0 ? "prompt=none" : this.#sent.grants.join().replace("_", " ");
	}

	/** The server has answered with a page of its own: whoever comes back finds the shop alive. */
	async #stuck(answer) {
		await answer.finished();
		await this.#page.goto(`${this.#shop.origin}/`);
		return `${answer.status()}, then ${await this.#settled()}`;
	}

	async "log out"() {
		if ((await this.#page.title()) !== "signed in") await this.#again();
		await this.#leave("Sign out");
		await this.#server.signOut?.(this.#page);
		if (this.#server.endsSession ?? true) {
			await this.#page.waitForFunction(() => !globalThis.isBefore && document.readyState === "complete");
		}
		return new URL(this.#page.url()).origin === this.#shop.origin ? "back at the shop" : "at the server";
	}

	async afterwards() {
		await this.#page.goto(`${this.#shop.origin}/`);
		assert.equal(await this.#settled(), "nobody");
		await this.#press("My purchases");
		const comes = [
			this.#server
				.asks(this.#page)
				.waitFor()
				.then(() => "asks again"),
			this.#server
				.consent(this.#page)
				.waitFor()
				.then(() => "still known at the server"),
			this.#page.waitForFunction(() => document.title === "signed in").then(() => "still known at the server"),
		];
		for (const one of comes) one.catch(() => {});
		return Promise.race(comes);
	}

	/** Logged in at the server still: no password, perhaps a word about consent. */
	async #again() {
		await this.#leave("My purchases");
		assert.equal(await this.#back(), "signed in");
	}

	/** Presses what leads away from this document. */
	async #leave(name) {
		await this.#page.evaluate(() => {
			globalThis.isBefore = true;
		});
		await this.#press(name);
	}

	/** At the shop again, in a new document. Some servers remember that they have asked. */
	async #back() {
		const asks = this.#server.consent(this.#page);
		const isAsked = asks.waitFor().then(() => true);
		const isBack = this.#settled().then(() => false);
		for (const one of [isAsked, isBack]) one.catch(() => {});
		if (await Promise.race([isAsked, isBack])) await asks.click();
		await isBack;
		return this.#page.title();
	}

	async #purchases() {
		await this.#press("My purchases");
		assert.deepEqual(JSON.parse(await this.#shown()), { hello: await this.#subject() });
	}

	/** Whom the API has to greet: the page's own user, unless the server has another name for APIs. */
	async #subject() {
		return this.#server.apiSays ?? this.#page.evaluate(() => login.session.claims.sub);
	}

	#press = (name) => this.#page.getByRole("button", { name, exact: true }).click();

	async #shown() {
		await this.#page.waitForFunction(() => document.querySelector("output").textContent);
		return this.#page.evaluate(() => document.querySelector("output").textContent);
	}

	/** Once the page has gone on, in a document that has not been left. */
	async #settled() {
		await this.#page.waitForFunction(
			(origin) => location.origin === origin && !globalThis.isBefore && !["", "…"].includes(document.title),
			this.#shop.origin,
		);
		return this.#page.title();
	}
}
