// The details of an order in Chromium: the API asks for a stronger login, and the user confirms, or does not. RFC 9470
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { amara, button, jonas, logIn, startBrowser, startShop, untilRead, visiting } from "./harness.mjs";

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

const states = (page) =>
	page.locator("#flow li.step").evaluateAll((steps) => steps.map(({ dataset }) => dataset.state));
const step = (page, number) => page.locator(`#flow li.step:nth-child(${number})`);
const details = (page) => page.locator("tr.details");

/** Opens an order, and is at the page where the PIN is asked for. */
async function open(page, row) {
	const order = page.locator("button.order-number").nth(row);
	const number = await order.textContent();
	await order.click();
	return number;
}

async function confirm(page, { pin }) {
	await page.getByLabel("PIN", { exact: true }).fill(pin);
	await button(page, "Confirm").click();
}

describe("an order's details", { concurrency: 3 }, () => {
	it("are shown after the PIN, and the diagram shows demand, confirmation and proofs", () =>
		visit(async (page) => {
			await logIn(page, shop, amara);
			const number = await open(page, 3);
			await page.getByRole("heading", { name: "Confirm it is you" }).waitFor();
			await confirm(page, { pin: "0000" });
			await page.getByRole("alert").getByText("not your PIN").waitFor();
			await confirm(page, amara);
			await page.getByRole("heading", { name: `Order ${number}` }).waitFor();
			await details(page).getByText(amara.name).waitFor();
			await details(page)
				.getByText(/^card ending in \d{4}$/)
				.waitFor();
			assert.equal(page.url(), `${shop.storefront}/`);
			await page.locator("#flow li.step:nth-child(12)[data-state=done]").waitFor();
			assert.deepEqual(await states(page), Array(12).fill("done"));

			await page.locator("#flow li.step button").evaluateAll((buttons) => {
				for (const button of buttons) button.click();
			});
			for (const [n, text] of [
				[4, "htm"],
				[4, "cnf"],
				[5, "ath"],
				[5, "nonce"],
				[5, "jkt "],
				[9, `GET ${shop.shopApi}/purchases/${number}`],
				[9, "DPoP proof, decoded"],
				[10, 'error="insufficient_user_authentication"'],
				[10, "urn:countersign:demo:confirmed"],
				[11, "acr_values"],
				[11, "Confirmed by PIN"],
				[12, "auth_time"],
				[12, "HTTP 200"],
			]) {
				assert.ok((await step(page, n).textContent()).includes(text), `step ${n} shows ${text}`);
			}
			const whole = /eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/;
			assert.doesNotMatch(await page.locator("#flow").textContent(), whole, "no whole token or proof");
			assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), whole);

			// A login that was just confirmed is enough for the next one.
			const next = await open(page, 5);
			await page.getByRole("heading", { name: `Order ${next}` }).waitFor();
			await details(page).getByText(amara.name).waitFor();
			await button(page, "Close the details").click();
			assert.equal(await details(page).count(), 0);
			assert.equal(await page.evaluate(() => document.activeElement.textContent), next);
		}));

	it("stay closed for a user who does not confirm, and who stays signed in", () =>
		visit(async (page) => {
			await logIn(page, shop, jonas);
			const number = await open(page, 1);
			await button(page, "Back to the shop").click();
			await page.getByRole("heading", { name: `Order ${number}` }).waitFor();
			await details(page).getByText("You did not confirm that it is you").waitFor();
			await page.getByText(jonas.name).first().waitFor();
			assert.equal(page.url(), `${shop.storefront}/`);
			const shown = await states(page);
			assert.deepEqual([shown[1], shown[7], shown[10], shown[11]], ["done", "done", "refused", "waiting"]);
			await page.reload();
			await untilRead(page);
			assert.equal(await details(page).count(), 0);
			await open(page, 1);
			await confirm(page, jonas);
			await details(page).getByText("card ending in").waitFor();
		}));
});
