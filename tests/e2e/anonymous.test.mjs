// Visitors of whom nobody knows anything, or no longer, in Chromium, by README's snippet word for word: whatever the login
// server does, and whatever the browser lacks, the page stays alive, is left once at most, and Back leaves the shop.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { closeContext, startBrowser } from "./harness.mjs";
import { startReadmeShop } from "./readme-shop.mjs";
import { startAuthorizationServer } from "./way-kit.mjs";

let op;
let shop;
let browser;
let context;
let page;

before(async () => {
	op = await startAuthorizationServer();
	browser = await startBrowser();
	shop = await startReadmeShop({ issuer: op.origin, clientId: "shop" });
});
after(async () => {
	await browser?.close();
	await Promise.all([op?.close(), shop?.close()]);
});
beforeEach(renew);
afterEach(() => closeContext(context));

/** A visitor with a browser of their own, who comes from another page. */
async function renew() {
	if (context) await closeContext(context);
	op.state.bent = undefined;
	op.state.isDown = false;
	op.state.asked.length = 0;
	context = await browser.newContext();
	context.setDefaultTimeout(20_000);
	page = await context.newPage();
	await page.goto("about:blank");
	await page.goto(`${op.origin}/jwks`);
}

const says = (title) => page.waitForFunction((title) => document.title === title, title);

async function visit(path = "/") {
	await page.goto(shop.origin + path);
	await says("nobody");
}

async function signIn() {
	await page.getByRole("button").click();
	await says("ada");
}

/** Back, as often as it takes to leave the shop: once for each page that the visitor has opened. */
async function leaveByBack(visits) {
	for (let times = 0; times < visits; times++) {
		// Not within the evaluation: a page that is left may never answer it.
		await page.evaluate(() => void setTimeout(() => history.back()));
		await page.waitForTimeout(700);
	}
	assert.equal(page.url(), `${op.origin}/jwks`);
}

describe("who was logged in once, where the server", () => {
	/** What it does with `prompt=none`, and whether that leaves the visitor on a page of its own. */
	const manners = {
		"answers login_required": { bent: "denies" },
		"answers an error without state": { bent: "forgets" },
		"answers with status 500": { bent: "fails", strands: true },
		"answers with status 503 and a page": { bent: "unavailable", strands: true },
		"shows its own login page": { bent: "asks", strands: true },
		"sends the visitor elsewhere": { bent: "strays", strands: true },
	};
	for (const [manner, { bent, strands }] of Object.entries(manners)) {
		test(manner, async () => {
			await visit();
			await signIn();
			op.state.asked.length = 0;
			op.state.bent = bent;
			const length = await page.evaluate(() => history.length);
			await page.goto(`${shop.origin}/orders?page=2`, { waitUntil: "commit" });
			if (strands) await page.waitForURL(`${op.origin}/**`);
			else await says("nobody");
			assert.ok((await page.evaluate(() => history.length)) <= length + 1);
			for (const path of ["/orders?page=2", "/"]) {
				await visit(path);
				assert.equal(page.url(), shop.origin + path);
			}
			assert.equal(op.state.asked.length, 1, "redirects without the user");
			op.state.bent = undefined;
			await signIn();
		});
	}

	test("never answers: the button works meanwhile", async () => {
		await visit();
		await signIn();
		op.state.asked.length = 0;
		op.state.bent = "hangs";
		await page.goto(`${shop.origin}/orders?page=2`, { waitUntil: "commit" });
		while (op.state.asked.length === 0) await page.waitForTimeout(50);
		op.state.bent = undefined;
		// By keys: a click of the driver may wait until the server has answered.
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		await says("ada");
		assert.equal(page.url(), `${shop.origin}/orders?page=2`);
		assert.equal(op.state.asked.length, 2, "one redirect without the user, one by the user");
	});

	test("never answers: the page stays, and is shown to nobody", async () => {
		await visit();
		await signIn();
		op.state.asked.length = 0;
		op.state.bent = "hangs";
		await page.goto(`${shop.origin}/orders?page=2`, { waitUntil: "commit" });
		await says("nobody");
		for (const path of ["/orders?page=2", "/"]) {
			await visit(path);
			assert.equal(page.url(), shop.origin + path);
		}
		assert.equal(op.state.asked.length, 1, "redirects without the user");
	});

	for (const isDown of [500, 503, "hangs"]) {
		test(`cannot even be discovered: ${isDown}`, async () => {
			await visit();
			await signIn();
			op.state.asked.length = 0;
			op.state.isDown = isDown;
			await page.evaluate(() => sessionStorage.clear());
			await visit("/orders");
			assert.equal(page.url(), `${shop.origin}/orders`);
			assert.equal(op.state.asked.length, 0);
			op.state.isDown = false;
			await signIn();
		});
	}
});

describe("who was never there", () => {
	for (const path of ["/", "/callback?code=SUMMER", "/callback?state=CA", "/callback?error=404", "/callback/"]) {
		test(`at ${path} stays there, is not asked about, and leaves by Back`, async () => {
			op.state.bent = "fails";
			await visit(path);
			assert.equal(page.url(), shop.origin + path);
			await page.reload();
			await says("nobody");
			assert.equal(op.state.asked.length, 0);
			await leaveByBack(1);
		});
	}

	test("with a callback that somebody has bookmarked", async () => {
		let answer;
		page.on("framenavigated", (frame) => {
			if (/[?&]code=/.test(frame.url())) answer = frame.url();
		});
		await visit();
		await signIn();
		assert.ok(answer);
		for (const moved of ["/callback?", "/callback/?"]) {
			await renew();
			await visit(answer.replace("/callback?", moved).slice(shop.origin.length));
			assert.equal(op.state.asked.length, 0);
			await leaveByBack(1);
			await visit();
			await signIn();
		}
	});

	test("at a host that moves /callback to /callback/", async () => {
		shop.state.moves = true;
		await visit("/cart");
		await signIn();
		assert.equal(page.url(), `${shop.origin}/cart`);
		shop.state.moves = false;
	});
});

describe("a browser", () => {
	test("that keeps nothing: each visit is the first", async () => {
		await context.addInitScript(() => {
			for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
				const get = () => {
					throw new DOMException("denied", "SecurityError");
				};
				Object.defineProperty(globalThis, name, { get });
			}
		});
		await visit("/orders");
		await page.reload();
		await says("nobody");
		assert.equal(op.state.asked.length, 0);
		await page.getByRole("button").click();
		await page.waitForTimeout(1_500);
		assert.ok(page.url().startsWith(shop.origin), page.url());
		assert.ok(op.state.asked.length <= 1, "one redirect, by the user");
		await leaveByBack(1);
	});

	test("without WebAssembly: the page is there, and says why nobody can log in", async () => {
		await context.addInitScript(() => {
			delete globalThis.WebAssembly;
		});
		await visit("/orders");
		const failed = page.waitForEvent("pageerror");
		await page.getByRole("button").click();
		assert.match(String(await failed), /WebAssembly/);
		assert.equal(op.state.asked.length, 0);
		await leaveByBack(1);
	});
});
