// The servers, in the order of the table.

import { installPackages, installPython } from "./install.mjs";

const FILES = [
	{ name: "oidc-provider" },
	{ name: "better-auth", install: installPackages },
	{ name: "workers-oauth-provider", install: installPackages },
	{ name: "canaille", install: installPython },
	{ name: "django-oauth-toolkit", install: installPython },
];

/** A row for each, installed. One that cannot be installed has a row that says why. */
export async function loadServers(wanted = "") {
	const rows = [];
	for (const { name, install } of FILES) {
		const load = async () => {
			await install?.();
			return (await import(`./${name}.mjs`)).servers;
		};
		rows.push(...(await load().catch((error) => [{ name, start: () => Promise.reject(error) }])));
	}
	return rows.filter((row) => row.name.includes(wanted));
}
