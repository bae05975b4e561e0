// A worker with a guard that takes opaque tokens: it answers what the guard said about one.

import { guard } from "countersign/edge";

let made;

export default {
	async fetch(request, _env, context) {
		const { options, token } = await request.json();
		made ??= guard(options);
		const headers = { authorization: `Bearer ${token}` };
		const said = await made.check(new Request(options.audience, { headers }), context).then(
			({ claims }) => claims.client_id,
			(error) => error.code ?? String(error),
		);
		return Response.json({ said });
	},
};
