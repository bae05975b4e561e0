// Vitest inside workerd, by Cloudflare's own pool: a worker behind the guard is tested with `countersign/testing` alone.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { run } from "../helpers.mjs";
import { bin, starter } from "../starter.mjs";

const worker = `
import { protect } from "countersign/edge";

export const optionsOf = ({ ISSUER, AUDIENCE }) => ({ issuer: ISSUER, audience: AUDIENCE, scope: "purchases:read" });
export const answer = (request, { claims }) => Response.json({ hello: claims.sub });

export default { fetch: protect(optionsOf, answer) };
`;

const inWorkerd = `
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { protect } from "countersign/edge";
import { createTestIssuer } from "countersign/testing";
import { afterEach, expect, it, vi } from "vitest";
import { answer, optionsOf } from "../src";

const { ISSUER: issuer, AUDIENCE: audience } = env;
const scope = "purchases:read";
const requestWith = (token) => new Request(audience, { headers: token ? { authorization: \`Bearer \${token}\` } : {} });

async function expectations(call, { mint }) {
	const passed = await call(requestWith(await mint({ scope, sub: "ada" })));
	expect([passed.status, await passed.json()]).toEqual([200, { hello: "ada" }]);
	for (const [token, status, code] of [
		[undefined, 401, "token_missing"],
		[await mint({ scope, exp: 1_600_000_000 }), 401, "token_expired"],
		[await mint({ scope, aud: "https://other.example.com" }), 401, "audience_mismatch"],
		[await mint({ scope: "profile" }), 403, "insufficient_scope"],
		[await (await createTestIssuer({ issuer, audience })).mint({ scope }), 401, "signature_invalid"],
	]) {
		const refused = await call(requestWith(token));
		expect([refused.status, (await refused.json()).code]).toEqual([status, code]);
	}
}

afterEach(() => vi.unstubAllGlobals());

it("is workerd", () => expect(navigator.userAgent).toBe("Cloudflare-Workers"));

it("the worker itself, with the test issuer in place of the network", async () => {
	const kit = await createTestIssuer({ issuer, audience, now: () => Math.floor(Date.now() / 1000) });
	vi.stubGlobal("fetch", kit.fetch);
	await expectations((request) => exports.default.fetch(request), kit);
});

it("its handler, with the issuer's fetch and clock among the options", async () => {
	const kit = await createTestIssuer({ issuer, audience });
	const handle = protect({ ...optionsOf(env), fetch: kit.fetch, now: kit.now }, answer);
	const call = async (request) => {
		const context = createExecutionContext();
		const response = await handle(request, env, context);
		await waitOnExecutionContext(context);
		return response;
	};
	await expectations(call, kit);
	const token = await kit.mint({ scope });
	kit.advance(300);
	expect((await (await call(requestWith(token))).json()).code).toBe("token_expired");
	await kit.rotate();
	expect((await call(requestWith(await kit.mint({ scope })))).status).toBe(200);
});
`;

test("vitest in workerd: a guarded worker, with the kit for tests", async (t) => {
	const folder = await starter(t, "vitest-workers", { "src/index.js": worker, "test/index.spec.js": inWorkerd });
	const report = join(folder, "report.json");
	const vitest = [bin(folder, "vitest", "vitest.mjs"), "run", "--reporter=json", `--outputFile=${report}`];
	// It fails where a test does; the report says which.
	const failed = await run(modernNode(), vitest, { cwd: folder, timeout: 120_000 }).catch((error) => error);
	const told = JSON.parse(
		await readFile(report, "utf8").catch(() => {
			throw failed;
		}),
	);
	const messages = told.testResults.flatMap(({ message, assertionResults }) => [
		message,
		...assertionResults.flatMap(({ failureMessages }) => failureMessages),
	]);
	assert.deepEqual([told.numPassedTests, told.numTotalTests, told.success], [3, 3, true], messages.join("\n"));
});
