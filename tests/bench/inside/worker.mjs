// In workerd, whose clock stands still during a request: does what it is asked, and is timed from outside.
// /prepare takes an algorithm's subject and answers which contenders know it; /run?name=…&count=… does that many
// verifications; without a name, nothing, which is what a request costs by itself.

import { contenders } from "../contenders/web.mjs";
import { lane } from "../rounds.mjs";
import { prepareAll } from "../trial.mjs";

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
	const able = (await prepareAll(contenders, subject)).filter(({ entry }) => entry);
	lanes = new Map(able.map(({ name, entry }) => [name, lane(name, entry)]));
	return [...lanes.keys()];
}
