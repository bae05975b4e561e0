// A worker whose isolates share one namespace of Durable Objects: each answers what its guard said about a request.

import { DpopReplay, durableObjectReplay, guard } from "countersign/edge";

export { DpopReplay };

let made;

export default {
	async fetch(request, env) {
		const { options, url, headers } = await request.json();
		made ??= guard({ ...options, dpop: { replay: durableObjectReplay(env.REPLAY) } });
		const outcome = await made.check({ method: "GET", url, headers: new Headers(headers) }).then(
			() => "accepted",
			(error) => error.code ?? String(error),
		);
		return Response.json({ outcome });
	},
};
