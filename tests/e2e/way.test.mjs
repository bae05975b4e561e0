// The way to an authorization server and back in Chromium, where that server does what it should not.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { closeContext, startBrowser } from "./harness.mjs";
import { startAuthorizationServer, startShop } from "./way-kit.mjs";

let op;
let shop;
let browser;

before(async () => {
	op = await startAuthorizationServer();
	browser = await startBrowser();
	shop = await startShop(op.origin);
});
after(async () => {
	await browser?.close();
	await Promise.all([op?.close(), shop?.close()]);
});
beforeEach(() => {
	op.state.bent = undefined;
	op.state.asked.length = 0;
	Object.assign(shop.state, { moves: false, reloads: false, options: {} });
});

async function visit(work) {
	const context = await browser.newContext();
	context.setDefaultTimeout(10_000);
	try {
		const page = await context.newPage();
		await work(page, context);
	} finally {
		await closeContext(context);
	}
}

/** Waits until the page says who is there. */
const says = (page, title) => page.waitForFunction((title) => document.title === title, title);

/** Not within the evaluation: a page that is left may never answer it. */
const back = (page) => page.evaluate(() => void setTimeout(() => history.back()));

async function signIn(page, path = "/") {
	await page.goto(shop.origin + path);
	await says(page, "nobody");
	await page.getByRole("button").click();
	await says(page, "ada");
}

test("the page's own parameters stay, and nobody is asked", () =>
	visit(async (page) => {
		for (const own of ["?code=SUMMER", "?state=CA", "?error=404"]) {
			await page.goto(`${shop.origin}/cb${own}`);
			await says(page, "nobody");
			assert.equal(page.url(), `${shop.origin}/cb${own}`);
		}
		assert.equal(op.state.asked.length, 0);
	}));

test("four reloads leave no entry in the history: Back leaves the shop", () =>
	visit(async (page) => {
		await page.goto("about:blank");
		await page.goto(`${op.origin}/jwks`);
		await page.goto(`${shop.origin}/`);
		await says(page, "nobody");
		const length = await page.evaluate(() => history.length);
		await page.getByRole("button").click();
		await says(page, "ada");
		const signedIn = await page.evaluate(() => history.length);
		assert.ok(signedIn <= length + 1);
		for (let times = 0; times < 4; times++) {
			await page.reload();
			await says(page, "ada");
		}
		assert.equal(op.state.asked.length, 5);
		assert.equal(await page.evaluate(() => history.length), signedIn);
		// Once to the page before signing in, which asks again, and once more.
		await back(page);
		await says(page, "ada");
		await page.waitForTimeout(500);
		await says(page, "ada");
		await back(page);
		await page.waitForURL(`${op.origin}/jwks`);
	}));

test("a server that fails locks nobody out: one redirect, and every later visit sees the shop", () =>
	visit(async (page, context) => {
		await signIn(page);
		op.state.bent = "fails";
		op.state.asked.length = 0;
		await page.goto(`${shop.origin}/orders`);
		await page.getByRole("heading", { name: "Internal Server Error" }).waitFor();
		await page.goto(`${shop.origin}/orders`);
		await says(page, "nobody");
		await page.reload();
		await says(page, "nobody");
		assert.equal(op.state.asked.length, 1);
		op.state.bent = undefined;
		await page.getByRole("button").click();
		await says(page, "ada");
		const other = await context.newPage();
		await other.goto(shop.origin);
		await says(other, "ada");
	}));

test("a refusal shows the page that was asked for, and leaves a working tab alone", () =>
	visit(async (page, context) => {
		await signIn(page);
		op.state.bent = "denies";
		op.state.asked.length = 0;
		const other = await context.newPage();
		await other.goto(`${shop.origin}/orders?page=2`);
		await says(other, "nobody");
		assert.equal(other.url(), `${shop.origin}/orders?page=2`);
		assert.equal(await page.title(), "ada");
		await other.reload();
		await says(other, "nobody");
		assert.equal(op.state.asked.length, 1);
	}));

test("a host that moves the redirect address", () =>
	visit(async (page) => {
		shop.state.moves = true;
		await signIn(page, "/cart");
		assert.equal(page.url(), `${shop.origin}/cart`);
		await page.reload();
		await says(page, "ada");
		assert.equal(op.state.asked.length, 2);
	}));

test("a callback page that loads its target again: no cycle", () =>
	visit(async (page) => {
		shop.state.reloads = true;
		await page.goto(shop.origin);
		await says(page, "nobody");
		await page.getByRole("button").click();
		const until = performance.now() + 10_000;
		while (op.state.asked.length < 4 && performance.now() < until) await page.waitForTimeout(50);
		// Time for a fifth.
		await page.waitForTimeout(2_000);
		await says(page, "nobody");
		assert.equal(op.state.asked.length, 4, "one by the user, three by the page");
		assert.deepEqual([page.url(), await page.title()], [`${shop.origin}/`, "nobody"]);
	}));

test("in a frame: the page stays, and a server that hangs is waited for as long as silentTimeout says", () =>
	visit(async (page) => {
		shop.state.options = { silent: "iframe", silentTimeout: 1 };
		await signIn(page, "/cart");
		const loads = [];
		page.on("framenavigated", (frame) => frame === page.mainFrame() && loads.push(frame.url()));
		await page.reload();
		await says(page, "ada");
		assert.deepEqual([loads, page.frames().length], [[`${shop.origin}/cart`], 1]);
		assert.equal(op.state.asked.at(-1).get("prompt"), "none");
		for (const bent of ["hangs", "fails"]) {
			op.state.bent = bent;
			await page.reload();
			await says(page, "nobody");
			assert.equal(page.url(), `${shop.origin}/cart`);
			assert.equal(page.frames().length, 1);
			op.state.bent = undefined;
			await page.getByRole("button").click();
			await says(page, "ada");
		}
	}));

test("a device whose clock is an hour ahead, or a day behind", async () => {
	for (const off of [3_600_000, -80_000_000]) {
		await visit(async (page) => {
			await page.addInitScript((off) => {
				const { now } = Date;
				Date.now = () => now() + off;
			}, off);
			await signIn(page);
		});
	}
});

test("a mail's link in another tab is told from an answer that was used; both lead to a login that works", () =>
	visit(async (page, context) => {
		await page.goto(`${shop.origin}/cart`);
		await says(page, "nobody");
		op.state.bent = "mails";
		await page.getByRole("button").click();
		const link = await page.getByText("mail").evaluate((element) => element.href);
		op.state.bent = undefined;
		const mailed = await context.newPage();
		await mailed.goto(link);
		await says(mailed, "nobody state_missing");
		assert.equal(mailed.url(), `${shop.origin}/cb`);
		await mailed.getByRole("button").click();
		await says(mailed, "ada");
		// The tab that began can still finish, once.
		await page.goto(link);
		await says(page, "ada");
		assert.equal(page.url(), `${shop.origin}/cart`);
		op.state.bent = "denies";
		await page.goto(link);
		await says(page, "nobody state_missing");
	}));
