// README's lines for a login, word for word, while everything goes wrong: behind them the page always goes on, with a
// session or without, the user is sent nowhere, and what is wrong has been said.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startBrowser, visiting } from "./harness.mjs";
import { readmePage, startAuthorizationServer, startShop } from "./way-kit.mjs";

let op;
let shop;
let browser;
let visit;

before(async () => {
	op = await startAuthorizationServer();
	browser = await startBrowser();
	shop = await startShop(op.origin, await readmePage(op.origin));
	visit = visiting(browser);
});
after(async () => {
	await browser?.close();
	await Promise.all([op?.close(), shop?.close()]);
});
beforeEach(() => {
	Object.assign(op.state, { bent: undefined, discovery: undefined, tokens: undefined });
	op.state.asked.length = 0;
	shop.state.moves = false;
});

/** Waits until the page has gone on, and says how. */
const says = (page, pattern) =>
	page.waitForFunction((source) => new RegExp(source).test(document.title), `^(?:${pattern.source})$`);
const wants = (page) => page.getByRole("button").click();
const cors = { "access-control-allow-origin": "*" };
const page = [503, "<h1>Service Unavailable</h1>", { "content-type": "text/html", ...cors }];

async function opens(page, path = "/") {
	await page.goto(shop.origin + path);
	await says(page, /nobody/);
}

/** A user who is there already would ask the API, which is nowhere. */
async function signsIn(page) {
	if (!(await page.title()).startsWith("ada")) await wants(page);
	await says(page, /ada/);
}

test("the user says no, and then yes", () =>
	visit(async (page) => {
		await opens(page);
		op.state.bent = "refuses";
		await wants(page);
		await says(page, /nobody: .*access_denied.*/);
		assert.equal(op.state.asked.length, 1);
		op.state.bent = undefined;
		await signsIn(page);
	}));

const DISCOVERY = {
	"answers 503": () => page,
	"answers with a page": () => [200, page[1], page[2]],
	hangs: () => undefined,
};
for (const [name, discovery] of Object.entries(DISCOVERY)) {
	test(`discovery ${name}: for a visitor, and for a user who comes back`, () =>
		visit(async (page) => {
			op.state.discovery = discovery;
			await opens(page);
			await wants(page);
			await says(page, /failed: .+/);
			op.state.discovery = undefined;
			await signsIn(page);
			const asked = op.state.asked.length;
			op.state.discovery = discovery;
			await page.goto(`${shop.origin}/`);
			// What was discovered before may serve in this tab: then the session is back.
			await says(page, /ada|nobody: .+/);
			assert.ok(op.state.asked.length <= asked + 1);
			op.state.discovery = undefined;
			await signsIn(page);
		}));
}

const TOKENS = {
	"answers 503": () => page,
	"answers with a page": () => [200, page[1], page[2]],
	"refuses the code": () => [400, '{"error":"invalid_grant"}', { "content-type": "application/json", ...cors }],
};
for (const [name, tokens] of Object.entries(TOKENS)) {
	test(`the token endpoint ${name}`, () =>
		visit(async (page) => {
			await opens(page);
			op.state.tokens = tokens;
			await wants(page);
			await says(page, /nobody: .+/);
			assert.equal(op.state.asked.length, 1);
			op.state.tokens = undefined;
			await signsIn(page);
		}));
}

test("parameters of the page's own", () =>
	visit(async (page) => {
		for (const own of ["?code=SUMMER", "?state=CA", "?error=404"]) {
			await opens(page, `/cb${own}`);
			assert.equal(await page.title(), "nobody");
			assert.equal(page.url(), `${shop.origin}/cb${own}`);
		}
		assert.equal(op.state.asked.length, 0);
	}));

test("an answer that was used already, in a bookmark", () =>
	visit(async (page) => {
		await opens(page);
		let answer;
		page.on("request", (request) => {
			if (request.url().includes("/cb?")) answer = request.url();
		});
		await signsIn(page);
		await page.goto(answer);
		await says(page, /nobody: .+/);
		await signsIn(page);
	}));

test("a host that moves the redirect address", () =>
	visit(async (page) => {
		shop.state.moves = true;
		await opens(page);
		await signsIn(page);
		assert.equal(op.state.asked.length, 1);
	}));

test("a clock that is off by an hour", async () => {
	for (const off of [3_600_000, -3_600_000]) {
		await visit(async (page) => {
			await page.addInitScript((off) => {
				const { now } = Date;
				Date.now = () => now() + off;
			}, off);
			await opens(page);
			await signsIn(page);
		});
	}
});

test("a browser that keeps nothing", () =>
	visit(async (page) => {
		await page.addInitScript(() => {
			for (const part of ["localStorage", "sessionStorage", "indexedDB"]) {
				Object.defineProperty(window, part, {
					get() {
						throw new DOMException("blocked", "SecurityError");
					},
				});
			}
		});
		await opens(page);
		await wants(page);
		await says(page, /failed: .*sessionStorage.*/);
	}));
