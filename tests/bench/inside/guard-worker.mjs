// In workerd: the guards, asked as worker.mjs is. A verification is a request that is made, guarded and answered; of
// the answer its status is read.

import { guards } from "../contenders/guards.mjs";
import { NOTHING } from "../contenders/names.mjs";
import { lane } from "../rounds.mjs";

let lanes = new Map();

export default {
	async fetch(request) {
		try {
			const { pathname, searchParams } = new URL(request.url);
			if (pathname === "/prepare") return Response.json(await prepare(await request.json()));
			await lanes.get(searchParams.get("name"))?.run(Number(searchParams.get("count")));
			return new Response("");
		} catch (error) {
			return new Response(`${error?.name}: ${error?.message}\n${error?.stack}`, { status: 500 });
		}
	},
};

async function prepare(subject) {
	lanes = new Map();
	for (const { name, prepare } of guards) {
		const handler = await prepare(subject);
		if (!handler) continue;
		if (name !== NOTHING) await prove(name, handler, subject);
		const check = async (token) => {
			const { status } = await handler(requestWith(token));
			if (status !== 200) throw new Error(`${name} answers ${status}`);
		};
		lanes.set(name, lane(name, { items: subject.tokens, check, sync: false }));
	}
	return [...lanes.keys()];
}

const requestWith = (token) =>
	new Request("https://api.shop.example.com/purchases", { headers: { authorization: `Bearer ${token}` } });

/** Each good token opens the handler, which says whose it is; each bad one, and none at all, gets a challenge. */
async function prove(name, handler, { tokens, refused }) {
	for (const [index, token] of tokens.entries()) {
		const response = await handler(requestWith(token));
		const text = await response.text();
		const { sub } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
		if (response.status !== 200 || text !== sub) {
			throw new Error(`${name} answers ${response.status} to token ${index}: ${text}`);
		}
	}
	const bad = Object.entries(refused).map(([reason, token]) => [reason, requestWith(token)]);
	for (const [reason, request] of [...bad, ["no token", new Request("https://api.shop.example.com/")]]) {
		const response = await handler(request);
		const challenge = response.headers.get("www-authenticate") ?? "";
		if (response.status !== 401 || !challenge.startsWith("Bearer")) {
			throw new Error(`${name} answers ${response.status} to ${reason}, with the challenge "${challenge}"`);
		}
	}
}
