// Browsers, each started as it is and pointed at the page: no driver needed, the page reports by itself.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromiumPath, firefoxPath } from "../../../pkg-template/scripts/setup.mjs";
import { launchOptions } from "../../chromium.mjs";
import { inBrowser, start } from "../helpers.mjs";

const shortened = (result, pattern) => ({ ...result, version: pattern.exec(result.version)?.[1] ?? result.version });

export const chromium = {
	name: "Chromium",
	missing: () => (chromiumPath() ? undefined : "no Chromium or Chrome; npm run setup installs one"),
	async run(folder) {
		const { executablePath, args } = launchOptions();
		const profile = `--user-data-dir=${join(folder, "chromium")}`;
		const result = await inBrowser(folder, (url, fail) => start(executablePath, [...args, profile, url], fail));
		return shortened(result, /Chrom(?:e|ium)\/([\d.]+)/);
	},
};

export const firefox = {
	name: "Firefox",
	missing: () => (firefoxPath() ? undefined : "no Firefox on this machine"),
	async run(folder) {
		const profile = join(folder, "firefox");
		await mkdir(profile, { recursive: true });
		const command = firefoxPath();
		const result = await inBrowser(folder, (url, fail) =>
			start(command, ["--headless", "--no-remote", "--profile", profile, url], fail, {
				env: { ...process.env, HOME: profile, MOZ_HEADLESS: "1" },
			}),
		);
		return shortened(result, /Firefox\/([\d.]+)/);
	},
};
