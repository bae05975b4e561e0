// The page, as far as a login touches it. Looked up when used: the module also loads where there is none.

import type { LoginStorage } from "./types.js";

/** The address of this page. */
export function currentUrl(): string {
	return page().location.href;
}

/** Whether there is a page: on a server there is none. */
export function hasPage(): boolean {
	return typeof window !== "undefined";
}

/** Leaves the page; by `replace` without an entry in the history, since the back button is the user's. */
export function navigate(url: string, how: "assign" | "replace"): void {
	page().location[how](url);
}

/** Whether this page was loaded again, or gone back to: by the user, most likely. */
export function wasReloaded(): boolean {
	const entry = globalThis.performance?.getEntriesByType?.("navigation")[0] as { type?: string } | undefined;
	return entry?.type === "reload" || entry?.type === "back_forward";
}

/** Calls back when the user does something on this page. */
export function onUserAction(acted: () => void): void {
	if (!hasPage()) return;
	for (const name of ["pointerdown", "keydown"]) {
		window.addEventListener(name, ({ isTrusted }) => isTrusted === true && acted(), { capture: true, passive: true });
	}
}

/** Calls back when the page may have been asleep. */
export function onReturn(returned: () => void): void {
	if (!hasPage()) return;
	for (const name of ["focus", "pageshow", "visibilitychange"]) window.addEventListener(name, returned);
}

/** An address of this site, resolved; nothing for any other, or for what would run as a script. */
export function ownAddress(url: string): string | undefined {
	const here = new URL(currentUrl());
	try {
		const { protocol, host, href } = new URL(url, here);
		return protocol === here.protocol && host === here.host ? href : undefined;
	} catch {
		return undefined;
	}
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

/** Calls back when another tab changes an entry of the browser's storage, with what it is now. */
export function onChangedElsewhere(name: string, changed: (text: string | null) => void): void {
	if (!hasPage()) return;
	window.addEventListener("storage", ({ key, newValue }) => {
		if (key === name) changed(newValue);
	});
}

/** The page's window. */
export function page(): Window & typeof globalThis {
	if (!hasPage()) throw new TypeError("login: works in a browser's page only");
	return window;
}

function storage(name: "localStorage" | "sessionStorage"): Storage {
	try {
		return page()[name];
	} catch (cause) {
		throw new Error(`login: this browser blocks ${name}; allow this site to store data`, { cause });
	}
}
