// The shop in real life: its OAuth server fails in every way, tabs come and go, addresses have parameters of their own.
// Whatever happens, the shop is there, one line says what is wrong, and there is a way on.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
	amara,
	button,
	jonas,
	logIn,
	signIn,
	startBrowser,
	startShop,
	tableRows,
	untilRead,
	visiting,
} from "./harness.mjs";

let shop;
let browser;
let visit;

before(async () => {
	browser = await startBrowser();
	shop = await startShop();
	visit = visiting(browser);
});
after(async () => {
	await browser?.close();
	await shop?.stop();
});

const cors = { "access-control-allow-origin": "*" };
const html = (status) => (route) =>
	route.fulfill({ status, contentType: "text/html", body: "<h1>Not here</h1>", headers: cors });

/** What an OAuth server can do instead of its work, and what the shop calls it. */
const FAILURES = {
	"does not answer": [(route) => route.abort(), "The OAuth server cannot be reached"],
	"answers 500": [html(500), "The OAuth server cannot be reached"],
	"answers 503 with a page": [html(503), "The OAuth server cannot be reached"],
	"answers 200 with a page": [html(200), "The OAuth server is not itself"],
	hangs: [hang, "The OAuth server cannot be reached"],
};

/** Requests that hang, by page: Chromium would send them after all when nothing stands in their way any more. */
const hanging = new WeakMap();

function hang(route) {
	const page = route.request().frame().page();
	hanging.set(page, [...(hanging.get(page) ?? []), route]);
}

/** The server does its work again. What it has not answered is lost. */
async function mend(page) {
	for (const route of hanging.get(page) ?? []) await route.abort().catch(() => {});
	await page.unrouteAll();
}

const isThere = (page) => page.getByText("Fountain pen, fine nib").last().waitFor();
const status = (page, text, options) => page.getByRole("status").getByText(text).waitFor(options);
const step = (page, number) => page.locator(`#flow li.step:nth-child(${number})`);

/** How often the browser goes to the OAuth server as a page. */
function visitsOf(page) {
	const visits = [];
	page.on("request", (request) => {
		if (request.isNavigationRequest() && request.url().startsWith(shop.oauthServer)) visits.push(request.url());
	});
	return visits;
}

const KEPT = () =>
	new Promise((resolve) => {
		// The session's entry goes, as when a browser cleans up; the mark that there was one stays.
		indexedDB.databases().then(async (databases) => {
			for (const { name } of databases) {
				await new Promise((done) => {
					const request = indexedDB.deleteDatabase(name);
					request.onsuccess = request.onerror = request.onblocked = done;
				});
			}
			resolve(databases.length);
		});
	});

describe("an OAuth server that", { concurrency: 3 }, () => {
	for (const [name, [fail, words]] of Object.entries(FAILURES)) {
		it(`${name}: a visitor sees the shop, and is told when they want to sign in`, () =>
			visit(async (page) => {
				const visits = visitsOf(page);
				let asked = 0;
				await page.route(`${shop.oauthServer}/**`, (route) => {
					asked += 1;
					return fail(route);
				});
				await page.goto(shop.storefront);
				await isThere(page);
				await button(page, "My purchases").waitFor();
				assert.equal(asked, 0, "nobody asked the server");
				await button(page, "My purchases").click();
				await page.getByRole("alert").getByRole("heading", { name: words }).waitFor();
				await isThere(page);
				assert.deepEqual(visits, []);
				await mend(page);
				await button(page, "My purchases").click();
				await page.getByLabel("Email", { exact: true }).waitFor();
			}));

		it(`${name}: a customer who comes back sees the shop, and is signed in when it is over`, () =>
			visit(async (page) => {
				await logIn(page, shop, amara);
				const visits = visitsOf(page);
				await page.route(`${shop.oauthServer}/**`, fail);
				await page.reload();
				await isThere(page);
				// A request for tokens is given 20 seconds.
				await status(page, "so the shop cannot tell who you are", { timeout: 60_000 });
				await isThere(page);
				assert.ok(visits.length <= 1, visits.join());
				await mend(page);
				await page.goto(shop.storefront);
				await untilRead(page);
				await page.getByText(amara.name).waitFor();
				assert.ok(visits.length <= 1, visits.join());
			}));
	}

	it("fails at its login page only: one redirect, and every later visit is the shop's", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			assert.ok((await page.evaluate(KEPT)) > 0);
			const visits = visitsOf(page);
			await page.route(`${shop.oauthServer}/auth?**`, html(500));
			await page.goto(shop.storefront).catch(() => {});
			await page.getByRole("heading", { name: "Not here" }).waitFor();
			for (let times = 0; times < 3; times += 1) {
				await page.goto(shop.storefront);
				await button(page, "My purchases").waitFor();
			}
			assert.equal(visits.length, 1);
		}));

	it("gives no tokens: the visitor is told, and the next try succeeds", () =>
		visit(async (page) => {
			await signIn(page, shop, amara);
			await page.route(`${shop.oauthServer}/token`, html(502));
			await button(page, "Allow").click();
			await page.getByRole("alert").getByRole("heading", { name: "The sign-in could not be finished" }).waitFor();
			await isThere(page);
			await page.unrouteAll();
			await button(page, "My purchases").click();
			await untilRead(page);
		}));
});

describe("the way out and back", { concurrency: 3 }, () => {
	it("a session that is brought back by a redirect leaves no entry: Back leaves the shop", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await page.goto(`${shop.shopApi}/health`);
			await page.goto(shop.storefront);
			await untilRead(page);
			const visits = visitsOf(page);
			for (let times = 1; times <= 3; times += 1) {
				await page.evaluate(KEPT);
				await page.reload();
				await untilRead(page);
				assert.equal(visits.length, times);
			}
			await page.goBack();
			assert.equal(page.url(), `${shop.shopApi}/health`);
		}));

	it("parameters of the shop's own at the callback address stay, and nobody is asked", () =>
		visit(async (page) => {
			const visits = visitsOf(page);
			for (const own of ["code=SUMMER", "state=CA", "error=404"]) {
				await page.goto(`${shop.storefront}/callback?${own}`);
				await button(page, "My purchases").waitFor();
				assert.equal(page.url(), `${shop.storefront}/callback?${own}`);
			}
			assert.deepEqual(visits, []);
		}));

	it("Deny: step 3 is refused and step 2 is not, and a reload is the shop", () =>
		visit(async (page) => {
			await signIn(page, shop, amara);
			await button(page, "Deny").click();
			await page.getByRole("alert").getByRole("heading", { name: "You did not allow it" }).waitFor();
			await isThere(page);
			assert.equal(await step(page, 2).getAttribute("data-state"), "done");
			assert.equal(await step(page, 3).getAttribute("data-state"), "refused");
			await page.locator("summary", { hasText: "What exactly" }).click();
			assert.doesNotMatch(await page.locator("#shop").innerText(), /\.\./);
			await page.reload();
			await button(page, "My purchases").waitFor();
			assert.equal(await page.getByRole("alert").count(), 0);
		}));

	it("a device whose clock is an hour ahead, or behind", async () => {
		for (const off of [3_600_000, -3_600_000]) {
			await visit(async (page) => {
				await page.addInitScript((off) => {
					const { now } = Date;
					Date.now = () => now() + off;
				}, off);
				await logIn(page, shop, amara);
			});
		}
	});
});

describe("several tabs", { concurrency: 3 }, () => {
	it("a sign-in is seen in all of them, a reload renews without a redirect, and a sign-out ends all", () =>
		visit(async (page, context) => {
			const other = await context.newPage();
			await other.goto(shop.storefront);
			await button(other, "My purchases").waitFor();
			await logIn(page, shop, amara);
			await untilRead(other);
			assert.deepEqual(await tableRows(other), await tableRows(page));
			for (const n of [1, 2, 3]) assert.equal(await step(other, n).getAttribute("data-state"), "earlier");
			assert.equal(await step(other, 8).getAttribute("data-state"), "done");

			const visits = visitsOf(other);
			await other.reload();
			await untilRead(other);
			assert.deepEqual(visits, []);

			await page.locator("#flow li.step button").evaluateAll((steps) => {
				for (const step of steps) step.click();
			});
			await page.locator("#flow").getByText(amara.email).first().waitFor();
			await button(other, "Sign out").click();
			await status(page, "You were signed out in another tab");
			const [body, kept] = await page.evaluate(() => [document.body.innerText, JSON.stringify({ ...sessionStorage })]);
			for (const text of [body, kept]) {
				assert.ok(!text.includes(amara.email) && !text.includes(amara.name) && !text.includes(amara.sub), text);
			}
		}));

	it("a tab that slept while another signed out shows nothing of the user when it is loaded again", () =>
		visit(async (page, context) => {
			await logIn(page, shop, jonas);
			const other = await context.newPage();
			await other.goto(shop.storefront);
			await untilRead(other);
			await page.goto(`${shop.shopApi}/health`);
			await button(other, "Sign out").click();
			await button(other, "My purchases").waitFor();
			await page.goto(shop.storefront);
			await button(page, "My purchases").waitFor();
			assert.ok(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes(jonas.email));
		}));
});

describe("the diagram", { concurrency: 3 }, () => {
	it("steps 7 and 8 are lit when the rows are there", () =>
		visit(async (page) => {
			await page.addInitScript(() => {
				const observer = new MutationObserver(() => {
					if (!document.querySelector("tbody tr")) return;
					observer.disconnect();
					const states = [...document.querySelectorAll("#flow li.step")].map(({ dataset }) => dataset.state);
					sessionStorage.setItem("lit", states.slice(4, 8).join());
				});
				observer.observe(document, { childList: true, subtree: true });
			});
			await logIn(page, shop, amara);
			assert.equal(await page.evaluate(() => sessionStorage.getItem("lit")), "done,done,done,done");
		}));

	it("on a phone it begins on the first screen, before all but two orders", () =>
		visit(
			async (page) => {
				await logIn(page, shop, amara);
				const rows = page.getByRole("table").locator("tbody tr:visible");
				assert.equal(await rows.count(), 2);
				const { y } = await page.locator("#flow").boundingBox();
				assert.ok(y < 800, `it begins at ${y} px`);
				await button(page, `Show all ${amara.orders} orders`).click();
				assert.equal(await rows.count(), amara.orders);
			},
			{ viewport: { width: 360, height: 800 } },
		));

	it("what must fail does: each wrong token is refused by the API, with its code", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			for (const [trial, code] of [
				["No token", "token_missing"],
				["The ID token instead", "typ_mismatch"],
				["Another user’s name in it", "signature_invalid"],
				["A stolen token, without its key", "token_bound"],
				["A proof that was used", "dpop_replayed"],
			]) {
				await button(page, trial).click();
				await page.locator(".result code", { hasText: new RegExp(`^${code}$`) }).waitFor();
				assert.equal(await step(page, 7).getAttribute("data-state"), "refused");
				assert.equal(await step(page, 8).getAttribute("data-state"), "waiting");
			}
			await button(page, "Refresh").click();
			await untilRead(page);
			assert.equal(await step(page, 8).getAttribute("data-state"), "done");
		}));
});
