// A worker whose isolates share Durable Objects: each receives logouts, says what its guard says about a token, and calls the
// stores as guards do.

import {
	DpopReplay,
	durableObjectReplay,
	durableObjectSessions,
	EndedSessions,
	guard,
	logoutReceiver,
} from "countersign/edge";

export { DpopReplay, EndedSessions };

const made = {};

export default {
	async fetch(request, env) {
		const { options, audience, logout, token, store, call, values } = await request.json();
		const sessions = durableObjectSessions(env.SESSIONS);
		if (store) {
			const stores = { sessions, replay: durableObjectReplay(env.REPLAY) };
			const said = Promise.resolve(stores[store][call](...values)).catch(({ message }) => message);
			return Response.json({ said: (await said) ?? null });
		}
		if (logout) {
			made.receive ??= logoutReceiver({ ...options, audience, sessions });
			const body = new URLSearchParams({ logout_token: logout });
			const answer = await made.receive(new Request("https://api.example.com/logout", { method: "POST", body }));
			return Response.json({ said: answer.status });
		}
		made.guard ??= guard({ ...options, revoked: sessions });
		const said = await made.guard
			.check(new Request(options.audience, { headers: { authorization: `Bearer ${token}` } }))
			.then(
				() => "accepted",
				(error) => error.code ?? String(error),
			);
		return Response.json({ said });
	},
};
