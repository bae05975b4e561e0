// One tab: it takes a row, goes out to the row's server and back, tells what came of it, and takes the next.

import { CLIENTS } from "./clients.mjs";

/** Longer than whatever ends by itself. */
const PATIENCE = 15_000;

const ask = async (path, body) => (await fetch(path, { method: "POST", body: JSON.stringify(body) })).json();
const hangs = () => new Promise((_, reject) => setTimeout(reject, PATIENCE, { hangs: true }));
const inTime = (work) => Promise.race([work, hangs()]);

async function begin() {
	for (;;) {
		localStorage.clear();
		sessionStorage.clear();
		history.replaceState(null, "", "/");
		const { row, isDone } = await ask("/row", {});
		if (isDone) return;
		sessionStorage.row = JSON.stringify(row);
		const client = await CLIENTS[row.kind](row);
		try {
			// Ours does not stray; of the others it would cost the tab.
			const strays = row.kind === "countersign" ? [] : [strayed(new URL(row.issuer).origin)];
			return await inTime(Promise.race([client.start(), ...strays]));
		} catch (error) {
			await tell(row, client, error.strayed ? null : error);
		}
	}
}

/** Rejects where the page is sent neither to the server nor back, and stays. Only Chromium tells of that. */
function strayed(origin) {
	return new Promise((_, reject) => {
		globalThis.navigation?.addEventListener("navigate", (event) => {
			const { url } = event.destination;
			if (!event.cancelable || (url.startsWith(`${origin}/`) && !url.includes("#x"))) return;
			if (url.startsWith(location.origin) && !url.endsWith("/undefined")) return;
			event.preventDefault();
			reject({ strayed: url });
		});
	});
}

async function comeBack() {
	const row = JSON.parse(sessionStorage.row);
	if (row.at === "forged" && !sessionStorage.again) {
		// As in a browser that has never asked.
		localStorage.clear();
		sessionStorage.clear();
	}
	sessionStorage.row = JSON.stringify(row);
	const client = await CLIENTS[row.kind](row);
	const address = location.href;
	let subject;
	try {
		subject = await inTime(client.finish());
		if (row.at === "replay" && !sessionStorage.again) {
			sessionStorage.again = "yes";
			history.replaceState(null, "", address);
			return location.reload();
		}
		if (row.at === "renewal") subject = await inTime(client.renew());
		if (row.at === "userinfo") subject = await inTime(client.userinfo());
		if (row.at === "logout") await inTime(client.logout());
		await tell(row, client, null, subject);
	} catch (error) {
		await tell(row, client, error);
	}
	await begin();
}

async function tell({ kind, id }, client, error, subject) {
	const shown = error && JSON.stringify({ ...error, message: error.message, code: error.code, stack: undefined });
	const outcome = !error ? "accepted" : error.hangs ? "hangs" : "refused";
	const code = error?.code ?? error?.error ?? error?.name;
	await ask("/told", { kind, id, outcome, code, shown, subject, ...client.state?.() });
}

if (location.pathname === "/cb") await comeBack();
else await begin();
