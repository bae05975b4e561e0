// The page, as far as a login touches it. Looked up when used: the module also loads where there is none.

import type { LoginStorage } from "./types.js";

/** The address of this page. */
export function currentUrl(): string {
	return page().location.href;
}

/** Leaves the page. */
export function navigate(url: string): void {
	page().location.assign(url);
}

/** Shows another address without loading it. */
export function replaceUrl(url: string): void {
	page().history.replaceState(page().history.state, "", url);
}

/** This tab's storage: what must survive the redirect to the authorization server and back. */
export function tabStorage(): Storage {
	return storage("sessionStorage");
}

/** What this browser remembers: never a token, only that there was a session. */
export function browserStorage(): LoginStorage {
	return storage("localStorage");
}

/** Calls back when another tab removes an entry of the browser's storage. */
export function onRemovedElsewhere(name: string, removed: () => void): void {
	if (typeof window === "undefined") return;
	window.addEventListener("storage", ({ key, newValue }) => {
		if (key === name && newValue === null) removed();
	});
}

function page(): Window & typeof globalThis {
	if (typeof window === "undefined") throw new TypeError("login: works in a browser's page only");
	return window;
}

function storage(name: "localStorage" | "sessionStorage"): Storage {
	try {
		return page()[name];
	} catch (cause) {
		throw new Error(`login: this browser blocks ${name}; allow this site to store data`, { cause });
	}
}
