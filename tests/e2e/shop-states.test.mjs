// Every state that a visitor of the shop can meet, in light and dark, on a phone and a desk: axe finds nothing, and
// nothing is wider than the screen.
import { after, before, describe, it } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { amara, button, logIn, signIn, startBrowser, startShop, untilRead, visiting } from "./harness.mjs";

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

const hangs = () => {};
const openAllSteps = (page) =>
	page.locator("#flow li.step button[aria-expanded=false]").evaluateAll((steps) => {
		for (const step of steps) step.click();
	});
const note = (page, text) => page.getByRole("status").getByText(text).waitFor();
const trouble = (page, title) => page.getByRole("alert").getByRole("heading", { name: title }).waitFor();

/** How each state is reached; `at` checks it. */
const STATES = {
	async "a visitor"(page, at) {
		await page.goto(shop.storefront);
		await button(page, "My purchases").waitFor();
		await at("anonymous");
		await openAllSteps(page);
		await at("anonymous, all steps open");
	},
	async "a customer"(page, at) {
		await page.goto(shop.storefront);
		await button(page, "My purchases").click();
		await page.getByLabel("Email", { exact: true }).fill(amara.email);
		await at("the OAuth server's login page");
		await page.getByLabel("Password", { exact: true }).fill("wrong");
		await button(page, "Sign in").click();
		await page.getByRole("alert").waitFor();
		await at("a wrong password");
		await page.getByLabel("Password", { exact: true }).fill(amara.password);
		await button(page, "Sign in").click();
		await button(page, "Allow").waitFor();
		await at("consent");
		await button(page, "Allow").click();
		await untilRead(page);
		await at("orders");
		await page.setViewportSize({ width: 360, height: 800 });
		await button(page, `Show all ${amara.orders} orders`).click();
		await at("all orders");
		await openAllSteps(page);
		await at("orders, all steps open");
		for (const trial of await page.locator(".trials button").all()) {
			await trial.click();
			await page.locator(".result code").waitFor();
			await at(`tried: ${await trial.textContent()}`);
		}
		const order = page.locator("button.order-number").first();
		await order.click();
		await page.getByLabel("PIN", { exact: true }).waitFor();
		await at("the PIN is asked for");
		await page.getByLabel("PIN", { exact: true }).fill("0000");
		await button(page, "Confirm").click();
		await page.getByRole("alert").waitFor();
		await at("a wrong PIN");
		await button(page, "Back to the shop").click();
		await page.getByText("You did not confirm that it is you").waitFor();
		await openAllSteps(page);
		await at("not confirmed");
		await order.click();
		await page.getByLabel("PIN", { exact: true }).fill(amara.pin);
		await button(page, "Confirm").click();
		await page.getByText("card ending in").waitFor();
		await openAllSteps(page);
		await at("an order's details");
		await page.reload();
		await untilRead(page);
		await at("the session taken up");
		await page.context().setOffline(true);
		await button(page, "Refresh").click();
		await trouble(page, "No connection");
		await at("offline");
		await page.locator("summary", { hasText: "What exactly" }).click();
		await at("offline, with the facts");
		await page.context().setOffline(false);
		await button(page, "Try again").click();
		await untilRead(page);
		await page.route(`${shop.shopApi}/purchases*`, (route) =>
			route.fulfill({ status: 503, body: "<h1>down</h1>", headers: { "access-control-allow-origin": "*" } }),
		);
		await button(page, "Refresh").click();
		await trouble(page, "The shop API has trouble");
		await at("the API down");
		await page.unrouteAll();
		await button(page, "Sign out").click();
		await button(page, "My purchases").waitFor();
		await at("signed out");
	},
	async "the way there"(page, at) {
		await page.route(`${shop.oauthServer}/.well-known/**`, hangs);
		await page.goto(shop.storefront);
		await button(page, "My purchases").click();
		await note(page, "Going to the OAuth server");
		await at("going to a server that hangs");
		await trouble(page, "The OAuth server cannot be reached");
		await at("the server hangs");
	},
	async "the way back"(page, at) {
		await signIn(page, shop, amara);
		await page.route(`${shop.oauthServer}/token`, hangs);
		await button(page, "Allow").click();
		await note(page, "Finishing the sign-in");
		await at("signing in");
	},
	async "a refusal"(page, at) {
		await signIn(page, shop, amara);
		await button(page, "Deny").click();
		await trouble(page, "You did not allow it");
		await openAllSteps(page);
		await page.locator("summary", { hasText: "What exactly" }).click();
		await at("denied");
		await page.goto(`${shop.storefront}/callback?state=cs-nobody`);
		await page.goto(`${shop.storefront}/callback?code=x&iss=${encodeURIComponent(shop.oauthServer)}&state=`);
		await page.getByRole("alert").waitFor();
		await at("an answer of nobody's");
	},
	async "a server that is down"(page, at) {
		await page.route(`${shop.oauthServer}/**`, (route) => route.abort());
		await page.goto(shop.storefront);
		await button(page, "My purchases").click();
		await trouble(page, "The OAuth server cannot be reached");
		await at("the server down");
		await page.unrouteAll();
		await page.route(`${shop.oauthServer}/**`, (route) =>
			route.fulfill({
				contentType: "text/html",
				body: "<h1>Welcome</h1>",
				headers: { "access-control-allow-origin": "*" },
			}),
		);
		await button(page, "My purchases").click();
		await trouble(page, "The OAuth server is not itself");
		await at("the server answers with a page");
	},
	async "a customer who comes back while the server is down"(page, at) {
		await logIn(page, shop, amara);
		await page.route(`${shop.oauthServer}/**`, hangs);
		await page.reload();
		await note(page, "Still asking");
		await at("still asking");
	},
	async "another tab"(page, at, context) {
		await logIn(page, shop, amara);
		await openAllSteps(page);
		const second = await context.newPage();
		await second.goto(shop.storefront);
		await untilRead(second);
		await button(second, "Sign out").click();
		await button(second, "My purchases").waitFor();
		await note(page, "You were signed out in another tab");
		await at("signed out elsewhere");
	},
};

const LOOKS = ["light", "dark"].flatMap((colorScheme) => [360, 1440].map((width) => ({ colorScheme, width })));

describe("the shop's states", { concurrency: 3 }, () => {
	for (const [name, reach] of Object.entries(STATES)) {
		it(name, () =>
			visit(async (page, context) => {
				const at = async (state) => {
					for (const { colorScheme, width } of LOOKS) {
						await page.emulateMedia({ colorScheme });
						await page.setViewportSize({ width, height: 800 });
						await assertAccessible(page, `${state}, ${width} px, ${colorScheme}`);
					}
				};
				await reach(page, at, context);
			}),
		);
	}
});
