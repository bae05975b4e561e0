// How tests and benchmarks start Chromium: the whole browser, without a window and without what it does for itself.

import { chromiumPath } from "../pkg-template/scripts/setup.mjs";

/** Its own user interface, which nobody sees: each window loads the pages of its address bar, larger than the shop's. */
const INTERFACE = [
	"InitialWebUI",
	"PreloadTopChromeWebUI",
	"WebUIOmniboxAimPopup",
	"WebUIOmniboxFullPopup",
	"WebUIOmniboxPopup",
];

/** What Playwright switches off. Only the last `--disable-features` counts, so its list is said again. */
const BY_PLAYWRIGHT = [
	"AimEnabled",
	"AvoidCorsURLLoaderRestartOnRedirect",
	"AvoidUnnecessaryBeforeUnloadCheckSync",
	"DestroyProfileOnBrowserClose",
	"HttpsFirstBalancedModeAutoEnable",
	"HttpsUpgrades",
	"LensOverlay",
	"MediaRouter",
	"NetworkTimeServiceQuerying",
	"OptimizationHints",
	"PaintHolding",
	"PreconnectToSearch",
	"ThirdPartyStoragePartitioning",
];

/** What Playwright's launch functions get, or a process that is started without it. */
export const launchOptions = () => ({
	executablePath: chromiumPath(),
	args: [
		"--headless",
		"--no-sandbox",
		"--disable-gpu",
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		`--disable-features=${[...BY_PLAYWRIGHT, ...INTERFACE].join(",")}`,
	],
});
