// The guards as lanes, in any runtime. A verification is a request that is made, guarded and answered; of the answer its
// status is read. Each guard proves itself before.

import { guards } from "../contenders/guards.mjs";
import { NOTHING } from "../contenders/names.mjs";
import { lane } from "../rounds.mjs";

/** `subject`: what bears tokens by name ("bearer", "bound"), see extras/guard-subjects.mjs. */
export async function guardLanes({ bearer, bound }) {
	const lanes = [];
	for (const { name, prepare, bound: isBound } of guards) {
		const subject = isBound ? bound : bearer;
		const handler = await prepare(subject);
		if (!handler) continue;
		if (name !== NOTHING) await prove(name, handler, subject);
		const check = async (item) => {
			const { status } = await handler(requestWith(item));
			if (status !== 200) throw new Error(`${name} answers ${status}`);
		};
		lanes.push(lane(name, { items: subject.items, check, sync: false }));
	}
	return lanes;
}

const requestWith = ({ token, proof }) =>
	new Request("https://api.shop.example.com/purchases", {
		headers: proof ? { authorization: `DPoP ${token}`, dpop: proof } : { authorization: `Bearer ${token}` },
	});

/** Each good request opens the handler, which says whose it is; each bad one, and one without a token, gets a challenge. */
async function prove(name, handler, { items, refused }) {
	for (const [index, item] of items.entries()) {
		const response = await handler(requestWith(item));
		const text = await response.text();
		const { sub } = JSON.parse(atob(item.token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
		if (response.status !== 200 || text !== sub) {
			throw new Error(`${name} answers ${response.status} to token ${index}: ${text}`);
		}
	}
	const bad = Object.entries(refused).map(([reason, item]) => [reason, requestWith(item)]);
	for (const [reason, request] of [...bad, ["no token", new Request("https://api.shop.example.com/")]]) {
		const response = await handler(request);
		const challenge = response.headers.get("www-authenticate") ?? "";
		if (response.status !== 401 || !/^(Bearer|DPoP)/.test(challenge)) {
			throw new Error(`${name} answers ${response.status} to ${reason}, with the challenge "${challenge}"`);
		}
	}
}
