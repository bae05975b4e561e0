// Writes the README's picture, the shop after a login: node tests/e2e/screenshot.mjs
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { jonas, logIn, startBrowser, startShop } from "./harness.mjs";

const path = fileURLToPath(new URL("../../www/storefront/storefront.png", import.meta.url));
const shop = await startShop();
const browser = await startBrowser();
try {
	const page = await browser.newPage({
		viewport: { width: 1440, height: 900 },
		colorScheme: "light",
		deviceScaleFactor: 1,
	});
	await logIn(page, shop, jonas);
	await page.locator("#flow li.step:nth-child(8)[data-state=done]").waitFor();
	await page.waitForTimeout(800); // the last arrow is drawn
	await page.screenshot({ path, fullPage: true });
} finally {
	await browser.close();
	await shop.stop();
}
console.log(`${path}: ${Math.round((await stat(path)).size / 1024)} KB`);
