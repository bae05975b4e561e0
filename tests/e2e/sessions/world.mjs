// What one story takes place in: a server, a shop, a browser's tabs, and one clock for all of them.

import { closeContext } from "../harness.mjs";
import { startRotatingServer } from "./server.mjs";
import { startShop } from "./shop.mjs";
import { DrivenTab, PolledTab } from "./tabs.mjs";

/** Takes part of `browser`: a Chromium of playwright, or one that only opens tabs. */
export async function startWorld({ files, browser, storage }) {
	const op = await startRotatingServer();
	const options = { storage, silent: "never" };
	const shop = await startShop(files, op, options);
	const context = await browser.newContext?.();
	await context?.addInitScript(() => {
		globalThis.isDriven = true;
	});
	const tabs = [];
	let names = 0;
	const world = {
		op,
		shop,
		/** Of `createLogin`, for pages that are loaded from now on. */
		options,
		context,
		async open({ entries = [] } = {}) {
			names += 1;
			let tab;
			if (context) {
				const page = await context.newPage();
				page.setDefaultTimeout(20_000);
				tab = new DrivenTab(page);
				await tab.goto(`${shop.origin}/`);
			} else {
				tab = new PolledTab(`t${names}`, world);
				tab.closeByDriver = await browser.openTab(`${shop.origin}/blank?tab=t${names}`);
				await tab.run((entries) => void Object.assign(sessionStorage, Object.fromEntries(entries)), entries);
				await tab.goto(`${shop.origin}/`);
			}
			tabs.push(tab);
			return tab;
		},
		/** A tab in which somebody has signed in. */
		async signedIn(user = "ada") {
			const tab = await world.open();
			await world.signIn(tab, user);
			return tab;
		},
		async signIn(tab, user) {
			op.state.user = user;
			const { page } = await tab.leave(() => void login.start());
			if (page !== user) throw new Error(`signed in as ${user}, but the page says ${page}`);
		},
		/** So many seconds pass for everybody: by default, until the access tokens have expired. */
		async pass(seconds = 400, shown = tabs) {
			op.state.skew += seconds;
			for (const tab of shown) {
				await tab.run((skew) => void Object.assign(globalThis, { skew }), op.state.skew);
			}
		},
		/** Another tab of the same browser, as it is copied. */
		async copy(tab) {
			const copied = await tab.copy();
			if (context) tabs.push(copied);
			return copied;
		},
		async close(tab) {
			tabs.splice(tabs.indexOf(tab), 1);
			await tab.close();
		},
		/** Holds the next renewal, before it is granted or after, until `release`. */
		hold(when) {
			const held = {};
			held.arrived = new Promise((arrived) => {
				op.state.renewal = async (grant) => {
					world.mend();
					const answer = when === "after" ? await grant() : undefined;
					arrived();
					await new Promise((release) => {
						held.release = release;
					});
					return answer ?? grant();
				};
			});
			return held;
		},
		/**
		 * Cuts the network: before a renewal arrives, for all that follow until it is mended; else of the next one that is
		 * granted, within the answer or before its first byte, after which a browser sends the request again.
		 */
		cut(when) {
			op.state.renewal = async (grant, { socket }) => {
				if (when === "before") return void socket.destroy();
				world.mend();
				await grant();
				if (when === "unheard") socket.destroy();
				else socket.end("HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 900\r\n\r\n{");
			};
		},
		mend() {
			op.state.renewal = (grant) => grant();
		},
		async end() {
			if (context) await closeContext(context);
			else for (const tab of tabs) await tab.close().catch(() => {});
			await Promise.all([op.close(), shop.close()]);
		},
	};
	return world;
}

/** Runs in a page: uses the API. */
export const call = () => globalThis.call();
