// One server, the shop and the API that use it: started for each, played once for each storage.

import { startReadmeShop } from "../readme-shop.mjs";
import { startApi } from "./api.mjs";
import { PAGE } from "./page.mjs";
import { play, STEPS, USUAL } from "./story.mjs";

/** Where the page keeps its session, unless a row has one of them. README's lines say nothing of it: memory. */
const STORAGES = ["memory", "shared"];

export const storagesOf = ({ storages = STORAGES }) => storages;

/** Starts them; `play(storage)` gives the steps with what each came to, and what it should. */
export async function startWorld(row, { files, browser }) {
	const shop = await startReadmeShop({}, { page: PAGE, files });
	const api = await startApi(files);
	const home = `${shop.origin}/`;
	const ends = [shop.close, api.close];
	const close = async () => {
		for (const end of ends) await end();
	};
	try {
		const server = await row.start({
			redirectUri: `${shop.origin}/callback`,
			home,
			shop: shop.origin,
			api: api.origin,
		});
		ends.push(server.close);
		const { issuer, clientId, scope, guard } = server;
		shop.state.names = { issuer, clientId, scope, api: api.origin };
		api.guards(guard);
		return { close, play: (storage) => playAs(storage, row, { server, shop, api, browser }) };
	} catch (error) {
		await close();
		throw error;
	}
}

async function playAs(storage, { login, comes = {} }, parts) {
	const { shop } = parts;
	const kept = storage === "memory" ? {} : { storage };
	shop.state.options = { postLogoutRedirectUri: `${shop.origin}/`, ...kept, ...login };
	const steps = new Map();
	const due = (step) => {
		const outcome = comes[step] ?? USUAL[step];
		return typeof outcome === "string" ? outcome : outcome[storage];
	};
	const failure = await play(parts, (step, outcome) => steps.set(step, outcome)).catch((error) => error);
	if (failure) steps.set(STEPS[steps.size], failure);
	return STEPS.map((step) => ({ step, outcome: steps.get(step) ?? "not reached", due: due(step) }));
}
