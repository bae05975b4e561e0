// A worker whose key sets are shared by nothing but the store in the Cache API: each question fetches by a function of
// its own.

import { createVerifier } from "countersign";
import { cacheApiStore } from "countersign/edge";

export default {
	async fetch(request) {
		const { token, at, ...policy } = await request.json();
		const cache = cacheApiStore();
		const verifier = createVerifier({ ...policy, cache, fetch: (...args) => fetch(...args), now: () => at });
		try {
			const { claims } = await verifier.verify(token);
			return Response.json({ outcome: claims.sub, state: verifier.status()[0].state });
		} catch (error) {
			return Response.json({ outcome: error.code ?? String(error) });
		}
	},
};
