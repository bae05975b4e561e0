// In workerd: the guards, asked as worker.mjs is.

import { guardLanes } from "./guard-lanes.mjs";

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

async function prepare(subjects) {
	lanes = new Map((await guardLanes(subjects)).map((one) => [one.name, one]));
	return [...lanes.keys()];
}
