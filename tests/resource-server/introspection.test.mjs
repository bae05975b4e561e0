// Opaque tokens in real workerd, where no promise crosses requests: a crowd with one token leads to one question at a real
// server, and a client that goes away takes nobody else's answer along.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { API, SECRET, startIntrospectingServer } from "../js/introspection-kit.mjs";
import { fleet } from "../key-sets/fleet.mjs";

const server = await startIntrospectingServer();
after(() => server.close());
const options = {
	issuer: server.issuer,
	audience: API,
	tokens: "opaque",
	introspection: { clientId: "orders:api", clientSecret: SECRET },
};
const questions = () => server.count("/token/introspection");

for (const waitsUntil of [true, false]) {
	const where = waitsUntil ? "with waitUntil" : "where a request's end is the end of what it began";

	test(`200 requests at once for one token, one question (${where})`, async () => {
		const isolates = await fleet(new URL("introspection-worker.mjs", import.meta.url), { waitsUntil });
		try {
			for (const token of [await server.token(), "unknown"]) {
				const before = questions();
				const crowd = Array.from({ length: 200 }, () => isolates.ask({ options, token }));
				const said = new Set((await Promise.all(crowd)).map(({ said }) => said));
				assert.deepEqual([...said], [token === "unknown" ? "token_inactive" : "shop"]);
				assert.equal(questions() - before, 1);
			}
		} finally {
			await isolates.end();
		}
	});

	test(`the client that came first goes away (${where})`, async () => {
		const isolates = await fleet(new URL("introspection-worker.mjs", import.meta.url), { waitsUntil });
		try {
			await isolates.ask({ options, token: await server.token() }); // Everything but the token is known.
			for (let round = 0; round < 10; round += 1) {
				const [token, before] = [await server.token(), questions()];
				const first = isolates.askAlone({ options, token });
				first.answer.catch(() => {});
				const others = Array.from({ length: 20 }, () => isolates.ask({ options, token }));
				await new Promise((resolve) => setTimeout(resolve, round));
				first.reset();
				const said = new Set((await Promise.all(others)).map(({ said }) => said));
				assert.deepEqual([...said], ["shop"], `round ${round}`);
				assert.ok(questions() - before <= 2, `${questions() - before} questions in round ${round}`);
			}
		} finally {
			await isolates.end();
		}
	});
}
