// One tab: it takes a row, goes out to the row's server and back, tells what came of it, and takes the next.

import { CLIENTS } from "./clients.mjs";

/** Longer than whatever ends by itself. */
const PATIENCE = 15_000;

const ask = async (path, body) => (await fetch(path, { method: "POST", body: JSON.stringify(body) })).json();
const hangs = () => new Promise((_, reject) => setTimeout(reject, PATIENCE, { hangs: true }));
const inTime = (work) => Promise.race([work, hangs()]);

async function begin() {
	for (;;) {
		sessionStorage.clear();
		history.replaceState(null, "", "/");
		const { row, isDone } = await ask("/row", {});
		if (isDone) return;
		sessionStorage.row = JSON.stringify(row);
		let leave;
		const leaves = new Promise((resolve) => {
			leave = resolve;
		});
		const client = await CLIENTS[row.kind](row, leave);
		try {
			// Ours does not stray; of the others it would cost the tab.
			const strays = row.kind === "countersign" ? [] : [strayed(new URL(row.issuer).origin)];
			const url = await inTime(Promise.race([client.start(), leaves, ...strays]));
			if (!row.staysInPage) return;
			await goThere(url);
			await finish(row);
		} catch (error) {
			await tell(row, client, error.strayed ? null : error);
		}
	}
}

/** Asks the server in the page's place, and goes to where its answer leads: no page is loaded for that. */
async function goThere(url) {
	const response = await fetch(url, { headers: { accept: "text/x-location" } });
	history.replaceState(null, "", await response.text());
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
	if (row.at === "forged") {
		// As in a browser that has never asked. Of the entries that all tabs share, other rows are under way.
		sessionStorage.clear();
		for (const [name, value] of Object.entries(localStorage))
			if (value.includes(row.issuer)) localStorage.removeItem(name);
	}
	await finish(row);
	await begin();
}

async function finish(row) {
	const client = await CLIENTS[row.kind](row, () => {});
	const address = location.href;
	let subject;
	try {
		subject = await inTime(client.finish());
		if (row.at === "replay" && !sessionStorage.again) {
			sessionStorage.again = "yes";
			history.replaceState(null, "", address);
			location.reload();
			return hangs();
		}
		if (row.at === "renewal") subject = await inTime(client.renew());
		if (row.at === "userinfo") subject = await inTime(client.userinfo());
		if (row.at === "logout") await inTime(client.logout());
		await tell(row, client, null, subject);
	} catch (error) {
		await tell(row, client, error);
	}
}

async function tell({ kind, id }, client, error, subject) {
	const shown = error && JSON.stringify({ ...error, message: error.message, code: error.code, stack: undefined });
	const outcome = !error ? "accepted" : error.hangs ? "hangs" : "refused";
	const code = error?.code ?? error?.error ?? error?.name;
	await ask("/told", { kind, id, outcome, code, shown, subject, ...client.state?.() });
}

if (location.pathname === "/cb") await comeBack();
else await begin();
