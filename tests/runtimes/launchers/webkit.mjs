// WebKitGTK, by its own driver over plain HTTP (W3C WebDriver), on a virtual display where there is no real one.

import { hasDisplay, inPath, webkitDriverPath } from "../../../pkg-template/scripts/setup.mjs";
import { freePort } from "../../free-port.mjs";
import { inBrowser, start } from "../helpers.mjs";

export const webkit = {
	name: "WebKitGTK",
	missing() {
		if (!webkitDriverPath()) return "no WebKitWebDriver on this machine";
		if (!hasDisplay()) return "no display, and no Xvfb";
		return undefined;
	},
	async run(folder) {
		let version = "?";
		const result = await inBrowser(folder, async (url, fail) => {
			const port = await freePort();
			const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
			const [command, ...args] = [...(display ? [] : [inPath("xvfb-run"), "-a"]), webkitDriverPath(), `--port=${port}`];
			const env = { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
			// xvfb-run leaves its children behind when it is ended alone, so the group goes as one.
			const stop = start(command, args, fail, { env, detached: true });
			const session = await open(port, url);
			version = session.version;
			return async () => {
				await webDriver(port, "DELETE", `/session/${session.id}`).catch(() => {});
				await stop();
			};
		});
		return { ...result, version };
	},
};

async function open(port, url) {
	const options = { "webkitgtk:browserOptions": { args: ["--automation"] } };
	const ready = performance.now() + 15_000;
	for (;;) {
		try {
			await webDriver(port, "GET", "/status");
			break;
		} catch (error) {
			if (performance.now() > ready) throw error;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
	const { sessionId, capabilities } = await webDriver(port, "POST", "/session", {
		capabilities: { alwaysMatch: options },
	});
	await webDriver(port, "POST", `/session/${sessionId}/url`, { url });
	return { id: sessionId, version: capabilities.browserVersion };
}

/** A command of the W3C WebDriver protocol. */
export async function webDriver(port, method, path, body) {
	const response = await fetch(`http://127.0.0.1:${port}${path}`, {
		method,
		...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
		signal: AbortSignal.timeout(60_000),
	});
	const { value } = await response.json();
	if (!response.ok) throw new Error(`WebKitWebDriver: ${value?.error}: ${value?.message}`);
	return value;
}
