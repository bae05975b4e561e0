// Browsers that only open tabs: what happens in them, their pages do themselves.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BROWSERS } from "../race/browsers.mjs";
import { serve } from "../way-kit.mjs";
import { Polled } from "./polled.mjs";

/** Firefox lets a page open and close tabs that no user asked for, if it is told to. */
const FIREFOX = `
user_pref("dom.disable_open_during_load", false);
user_pref("dom.popup_maximum", 10000);
user_pref("dom.allow_scripts_to_close_windows", true);
user_pref("browser.tabs.warnOnClose", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
`;

/** Starts one, with a page that opens the tabs. */
export async function startOpened(name, folder) {
	const polled = new Polled();
	const { origin, close } = await serve(
		async (url, body) => (await polled.answer(url, body)) ?? [200, polled.blank(), { "content-type": "text/html" }],
	);
	await mkdir(join(folder, "firefox"), { recursive: true });
	await writeFile(join(folder, "firefox", "user.js"), FIREFOX);
	const browser = await BROWSERS[name].open(folder, [`${origin}/?tab=opener`]);
	const openByPage = async (url) => {
		await polled.run("opener", (url) => void window.open(url, "_blank", "noopener"), url);
	};
	// One after the other: a driver has one tab at a time before it.
	let last = Promise.resolve();
	const inTurn = (work) => {
		last = last.then(work, work);
		return last;
	};
	return {
		/** Resolves to how the tab is closed, where its own page cannot. */
		async openTab(url) {
			const close = await inTurn(() => (browser.openTab ?? openByPage)(url));
			return close && (() => inTurn(close));
		},
		async close() {
			await browser.close();
			await close();
		},
	};
}
