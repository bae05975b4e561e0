// The whole story in Chromium: what a visitor does, and what they see.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
	amara,
	button,
	databaseRows,
	jonas,
	logIn,
	mei,
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

describe("signing in", { concurrency: 3 }, () => {
	it("shows exactly the user's rows of the database", () =>
		visit(async (page) => {
			await page.goto(shop.storefront);
			await page.getByRole("heading", { name: "Countersign Shop" }).waitFor();
			assert.equal(await page.getByText(mei.name).count(), 0);
			await logIn(page, shop, mei);
			await page.getByText(mei.name).waitFor();
			const rows = await tableRows(page);
			assert.equal(rows.length, mei.orders);
			assert.deepEqual(rows, await databaseRows(shop, mei));
		}));

	it("shows another user others", () =>
		visit(async (page) => {
			await logIn(page, shop, jonas);
			await page.getByText(jonas.name).waitFor();
			assert.deepEqual(await tableRows(page), await databaseRows(shop, jonas));
		}));

	it("tells at the server who asks for what", () =>
		visit(async (page) => {
			await signIn(page, shop, amara);
			await page.getByRole("heading", { name: "Allow Countersign Shop?" }).waitFor();
			for (const text of [
				"See your name",
				"See your email address",
				"Read your purchase history",
				shop.shopApi,
				amara.email,
			]) {
				assert.equal(await page.getByText(text).first().isVisible(), true, text);
			}
			assert.equal(await page.getByText("Read your purchase history").count(), 1);
		}));

	it("keeps the session over a reload, and opens it in a second tab", () =>
		visit(async (page, context) => {
			await logIn(page, shop, amara);
			await page.reload();
			await untilRead(page);
			await page.getByText(amara.name).waitFor();
			const second = await context.newPage();
			await second.goto(shop.storefront);
			await untilRead(second);
			await second.getByText(amara.name).waitFor();
			await page.getByText(amara.name).waitFor();
		}));

	it("leaves no token, code or verifier in the address, the history or the storage", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			assert.equal(page.url(), `${shop.storefront}/`);
			const kept = await page.evaluate(() =>
				JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]),
			);
			assert.doesNotMatch(kept, /eyJ[\w-]{20,}\.[\w-]{20,}\./, "a token");
			assert.doesNotMatch(kept, /code_verifier[^a-z]{1,6}[\w~.-]{43}/, "a verifier");
		}));
});

describe("signing out", { concurrency: 3 }, () => {
	it("ends the session at the OAuth server too", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await button(page, "Sign out").click();
			await page.waitForURL(`${shop.storefront}/`);
			await button(page, "My purchases").waitFor();
			assert.equal(await page.getByText(amara.name).count(), 0);
			await page.reload();
			await button(page, "My purchases").click();
			await page.getByLabel("Password", { exact: true }).waitFor();
		}));

	it("lets another user in afterwards", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await button(page, "Sign out").click();
			await button(page, "My purchases").waitFor();
			await logIn(page, shop, jonas);
			assert.deepEqual(await tableRows(page), await databaseRows(shop, jonas));
		}));
});

describe("what goes another way ends in a clear state with a way on", { concurrency: 3 }, () => {
	it("Deny", () =>
		visit(async (page) => {
			await signIn(page, shop, amara);
			await button(page, "Deny").click();
			await page.getByRole("heading", { name: "You did not allow it" }).waitFor();
			await page.getByRole("alert").getByText("access_denied", { exact: true }).waitFor();
			await button(page, "My purchases").click();
			await button(page, "Allow").click();
			await untilRead(page);
		}));

	it("cancelling at the login page", () =>
		visit(async (page) => {
			await page.goto(shop.storefront);
			await button(page, "My purchases").click();
			await button(page, "Back to the shop").click();
			await page.getByRole("alert").getByText("access_denied", { exact: true }).waitFor();
			await button(page, "My purchases").waitFor();
		}));

	it("a wrong password, then the right one", () =>
		visit(async (page) => {
			await signIn(page, shop, { email: amara.email, password: "wrong" });
			await page.getByRole("alert").getByText("do not match").waitFor();
			assert.equal(await page.getByLabel("Email", { exact: true }).inputValue(), amara.email);
			assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
			await page.getByLabel("Password", { exact: true }).fill(amara.password);
			await button(page, "Sign in").click();
			await button(page, "Allow").click();
			await untilRead(page);
		}));

	it("too many wrong passwords", () =>
		visit(async (page) => {
			await signIn(page, shop, { email: "stranger@example.com", password: "wrong" });
			for (let i = 0; i < 8; i += 1) {
				await page.getByLabel("Password", { exact: true }).fill("wrong");
				await Promise.all([page.waitForEvent("load"), button(page, "Sign in").click()]);
			}
			await page.getByRole("alert").getByText("Too many tries").waitFor();
		}));

	it("the back button after signing in", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await page.goBack(); // to the server's consent page, which is over
			await page.waitForLoadState();
			if (!page.url().startsWith(shop.storefront)) {
				await page.getByRole("heading", { name: "This page has expired" }).waitFor();
				await page.getByRole("link", { name: "Back to the shop" }).click();
			}
			await untilRead(page);
		}));

	it("a callback visited again", () =>
		visit(async (page) => {
			let callback;
			page.on("request", (request) => {
				if (request.url().includes("/callback?")) callback = request.url();
			});
			await logIn(page, shop, amara);
			await page.goto(callback);
			await page.getByRole("alert").getByText("state_missing", { exact: true }).waitFor();
			await button(page, "My purchases").click();
			await untilRead(page);
		}));

	it("two tabs signing in at once", () =>
		visit(async (page, context) => {
			const second = await context.newPage();
			await signIn(page, shop, amara);
			await button(page, "Allow").waitFor();
			await second.goto(shop.storefront);
			await button(second, "My purchases").click();
			await button(second, "Allow").click();
			await untilRead(second);
			await button(page, "Allow").click();
			await untilRead(page);
			assert.deepEqual(await tableRows(page), await tableRows(second));
		}));

	it("signed out in another tab: this one is, too", () =>
		visit(async (page, context) => {
			await logIn(page, shop, amara);
			const second = await context.newPage();
			await second.goto(shop.storefront);
			await untilRead(second);
			await button(second, "Sign out").click();
			await button(second, "My purchases").waitFor();
			await page.getByText("You were signed out").waitFor();
			assert.equal(await page.getByText(amara.name).count(), 0);
			await page.reload();
			await button(page, "My purchases").click();
			await page.getByLabel("Password", { exact: true }).waitFor();
		}));

	it("the shop API out of reach, then back", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await page.route(`${shop.shopApi}/**`, (route) => route.abort());
			await button(page, "Refresh").click();
			await page.getByRole("heading", { name: "No connection" }).waitFor();
			await page.unrouteAll();
			await button(page, "Try again").click();
			await untilRead(page);
		}));

	it("the OAuth server out of reach", () =>
		visit(async (page) => {
			await page.route(`${shop.oauthServer}/**`, (route) => route.abort());
			await page.goto(shop.storefront);
			await button(page, "My purchases").click();
			await page.getByRole("heading", { name: "The OAuth server cannot be reached" }).waitFor();
			await page.unrouteAll();
			await button(page, "My purchases").click();
			await page.getByLabel("Email", { exact: true }).waitFor();
		}));

	it("an address of the OAuth server that has expired", () =>
		visit(async (page) => {
			await page.goto(`${shop.oauthServer}/interaction/nothing-here`);
			await page.getByRole("heading", { name: "This page has expired" }).waitFor();
			await page.getByRole("link", { name: "Back to the shop" }).click();
			await button(page, "My purchases").waitFor();
		}));
});

describe("the diagram", { concurrency: 3 }, () => {
	const step = (page, number) => page.locator(`#flow li.step:nth-child(${number})`);

	it("lights all eight steps, each with what crossed", () =>
		visit(async (page) => {
			await page.goto(shop.storefront);
			for (let n = 1; n <= 8; n += 1) assert.equal(await step(page, n).getAttribute("data-state"), "waiting");
			await logIn(page, shop, amara);
			for (let n = 1; n <= 8; n += 1) await page.locator(`#flow li.step:nth-child(${n})[data-state=done]`).waitFor();
			for (let n = 1; n <= 8; n += 1) await step(page, n).getByRole("button").click();
			for (const [n, text] of [
				[1, "code_challenge"],
				[2, "redirect URI is exactly the registered one"],
				[3, "Signed in"],
				[3, "Consent given"],
				[4, "nonce"],
				[4, "at_hash"],
				[5, `GET ${shop.shopApi}/purchases`],
				[6, "RFC 7519 §4.1.3"],
				[6, "found purchases:read"],
				[7, "purchases:read"],
				[8, "HTTP 200"],
			]) {
				assert.ok((await step(page, n).textContent()).includes(text), `step ${n} shows ${text}`);
			}
			assert.doesNotMatch(
				await page.locator("#flow").textContent(),
				/eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/,
				"no whole token",
			);
		}));

	it("shows that page and worker ran the same wasm", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await page.locator("#flow .verdict[data-equal=true]").waitFor();
			const [inPage, inWorker] = await page.locator("#flow .wasm code").allTextContents();
			assert.match(inPage, /^[0-9a-f]{64}$/);
			assert.equal(inPage, inWorker);
			assert.match(await page.locator("#flow .verdict").textContent(), /equal/);
		}));

	it("marks the step that refused", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			await page.route(`${shop.shopApi}/purchases*`, async (route) => {
				const headers = { ...route.request().headers() };
				if (headers.authorization) headers.authorization = "Bearer garbage";
				await route.continue({ headers });
			});
			await button(page, "Refresh").click();
			await page.getByRole("alert").getByText("token_malformed", { exact: true }).waitFor();
			await page.locator("#flow li.step:nth-child(7)[data-state=refused]").waitFor();
			assert.equal(await step(page, 8).getAttribute("data-state"), "waiting");
		}));
});

describe("for everybody", { concurrency: 3 }, () => {
	it("works with the keyboard alone", () =>
		visit(async (page) => {
			const tabTo = async (role, name) => {
				const target = page.getByRole(role, { name, exact: true });
				await target.waitFor();
				for (let i = 0; i < 30; i += 1) {
					if (await target.evaluate((element) => element === document.activeElement)) {
						const ring = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
						assert.notEqual(ring, "none", `${name} shows its focus`);
						return;
					}
					await page.keyboard.press("Tab");
				}
				assert.fail(`Tab does not reach ${name}`);
			};
			await page.goto(shop.storefront);
			await tabTo("button", "My purchases");
			await page.keyboard.press("Enter");
			await tabTo("textbox", "Email");
			await page.keyboard.type(jonas.email);
			await page.keyboard.press("Tab");
			await page.keyboard.type(jonas.password);
			await page.keyboard.press("Enter");
			await tabTo("button", "Allow");
			await page.keyboard.press("Space");
			await untilRead(page);
			await page.keyboard.press("Tab");
			const first = page.locator("#flow li.step button").first();
			for (let i = 0; i < 30 && !(await first.evaluate((element) => element === document.activeElement)); i += 1) {
				await page.keyboard.press("Tab");
			}
			await page.keyboard.press("Enter");
			await page.locator("#step-1").waitFor();
			assert.equal(await first.getAttribute("aria-expanded"), "true");
			await tabTo("button", "Sign out");
			await page.keyboard.press("Enter");
			await button(page, "My purchases").waitFor();
		}));

	for (const colorScheme of ["light", "dark"]) {
		for (const width of [360, 1440]) {
			it(`fits ${width} px, ${colorScheme}, with enough contrast`, () =>
				visit(
					async (page) => {
						const check = async (where) => {
							const { scrollWidth, weak } = await page.evaluate(measure);
							assert.ok(scrollWidth <= width, `${where} is ${scrollWidth} px wide`);
							assert.deepEqual(weak, [], where);
						};
						await page.goto(shop.storefront);
						await button(page, "My purchases").waitFor();
						await check("shop");
						await button(page, "My purchases").click();
						await page.getByLabel("Email", { exact: true }).fill(amara.email);
						await check("login");
						await page.getByLabel("Password", { exact: true }).fill("wrong");
						await button(page, "Sign in").click();
						await page.getByRole("alert").waitFor();
						await check("login refused");
						await page.getByLabel("Password", { exact: true }).fill(amara.password);
						await button(page, "Sign in").click();
						await button(page, "Allow").waitFor();
						await check("consent");
						await button(page, "Allow").click();
						await untilRead(page);
						await page.locator("#flow li.step:nth-child(8)[data-state=done]").waitFor();
						for (const each of await page.locator("#flow li.step button").all()) await each.click();
						await page.waitForTimeout(600); // the last arrow is drawn
						await check("purchases, all steps open");
					},
					{ viewport: { width, height: 800 }, colorScheme },
				));
		}
	}
});

/** Runs in the page: its width, and text with less contrast than WCAG 2.2 asks (1.4.3: 4.5 to 1). */
function measure() {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
	const rgb = (color) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data];
	};
	const light = (channels) => {
		const [r, g, b] = channels
			.slice(0, 3)
			.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = (element) => {
		for (let e = element; e; e = e.parentElement) {
			const color = rgb(getComputedStyle(e).backgroundColor);
			if (color[3] === 255) return color;
		}
		return [255, 255, 255, 255];
	};
	const weak = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement;
		if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, noscript, .skip"))
			continue;
		const [a, b] = [light(rgb(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
		const contrast = (a + 0.05) / (b + 0.05);
		if (contrast < 4.5) weak.add(`${walker.currentNode.data.trim().slice(0, 30)}: ${contrast.toFixed(2)}`);
	}
	return { scrollWidth: document.documentElement.scrollWidth, weak: [...weak] };
}
