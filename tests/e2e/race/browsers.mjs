// Three browsers, each with so many tabs of one site. They need no driver for that, but WebKitGTK.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import {
	chromiumPath,
	firefoxPath,
	hasDisplay,
	inPath,
	webkitDriverPath,
} from "../../../pkg-template/scripts/setup.mjs";
import { launchOptions } from "../../chromium.mjs";
import { freePort } from "../../free-port.mjs";
import { webDriver } from "../../runtimes/launchers/webkit.mjs";

/**
 * Opens the addresses, a tab each. Resolves to how the browser is closed and, where it is driven, to how it opens another tab,
 * which resolves to how that is closed.
 */
export const BROWSERS = {
	chromium: {
		missing: () => (chromiumPath() ? undefined : "no Chromium on this machine"),
		async open(folder, urls) {
			const context = await chromium.launchPersistentContext(join(folder, "chromium"), launchOptions());
			for (const url of urls) await (await context.newPage()).goto(url);
			return { close: () => context.close() };
		},
	},
	firefox: {
		missing: () => (firefoxPath() ? undefined : "no Firefox on this machine"),
		async open(folder, urls) {
			const profile = join(folder, "firefox");
			await mkdir(profile, { recursive: true });
			// Ready to be driven, it leaves out what it does by itself soon after it starts, which breaks a request or two.
			const args = ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile, ...urls];
			return { close: startGroup(firefoxPath(), args, { ...process.env, HOME: profile, MOZ_HEADLESS: "1" }) };
		},
	},
	webkit: {
		missing() {
			if (!webkitDriverPath()) return "no WebKitWebDriver on this machine";
			return hasDisplay() ? undefined : "no display, and no Xvfb";
		},
		async open(_folder, urls) {
			const port = await freePort();
			const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
			const [command, ...args] = [...(display ? [] : [inPath("xvfb-run"), "-a"]), webkitDriverPath(), `--port=${port}`];
			const stop = startGroup(command, args, { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: "1" });
			const call = (method, path, body) => webDriver(port, method, path, body);
			await ready(() => call("GET", "/status"));
			const options = { "webkitgtk:browserOptions": { args: ["--automation"] } };
			const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: options } });
			const shown = await call("GET", `/session/${sessionId}/window`);
			const openTab = async (url) => {
				const { handle } = await call("POST", `/session/${sessionId}/window/new`, { type: "tab" });
				await call("POST", `/session/${sessionId}/window`, { handle });
				await call("POST", `/session/${sessionId}/url`, { url });
				return async () => {
					await call("POST", `/session/${sessionId}/window`, { handle });
					await call("DELETE", `/session/${sessionId}/window`);
					await call("POST", `/session/${sessionId}/window`, { handle: shown });
				};
			};
			const [first, ...others] = urls;
			if (first) await call("POST", `/session/${sessionId}/url`, { url: first });
			for (const url of others) await openTab(url);
			const close = async () => {
				await call("DELETE", `/session/${sessionId}`).catch(() => {});
				await stop();
			};
			return { close, openTab };
		},
	},
};

function startGroup(command, args, env) {
	const child = spawn(command, args, { env, stdio: "ignore", detached: true });
	const ended = once(child, "exit");
	return async () => {
		try {
			process.kill(-child.pid, "SIGTERM");
		} catch {
			// It has ended.
		}
		await ended;
	};
}

async function ready(ask) {
	const until = performance.now() + 15_000;
	for (;;) {
		try {
			return await ask();
		} catch (error) {
			if (performance.now() > until) throw error;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
}
