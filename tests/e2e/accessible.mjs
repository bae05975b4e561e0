// What every state of a page has to be: free of faults that axe finds, and no wider than the screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails, naming the state, what is wrong and where. */
export async function assertAccessible(page, state) {
	if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
	const { faults, width, screen } = await page.evaluate(async () => {
		// What moves has to come to rest: a colour on its way is none that anybody reads.
		await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})));
		const { violations } = await globalThis.axe.run(document);
		const faults = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
		return { faults, width: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth };
	});
	assert.deepEqual(faults, [], state);
	assert.ok(width <= screen, `${state} is ${width} px wide on a screen of ${screen}`);
}
