// A Worker's core is compiled and tried before its first request.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as esbuild from "esbuild";
import { importJWK, jwtVerify } from "jose";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { edge } from "../js/helpers.mjs";
import { fleet } from "../key-sets/fleet.mjs";

test("in workerd the core is there before a request comes", async () => {
	const isolates = await fleet(new URL("warm-up-worker.mjs", import.meta.url));
	try {
		const { early, hasGuard } = await isolates.ask({});
		assert.ok(hasGuard && early >= 1, `${early} instances`);
	} finally {
		await isolates.end();
	}
});

/** What the warm-up makes: a guard's options, and the request that it judges. */
async function warmUp() {
	const made = {};
	globalThis.warmUpMade = made;
	const stub = {
		name: "stub",
		setup({ onResolve, onLoad }) {
			onResolve({ filter: /request-guard\.js$/ }, () => ({ path: "stub", namespace: "stub" }));
			onLoad({ filter: /./, namespace: "stub" }, () => ({
				contents: `export class RequestGuard {
					constructor(options) { globalThis.warmUpMade.options = options; }
					async check(request) { globalThis.warmUpMade.request = request; }
				}`,
			}));
		},
	};
	const { outputFiles } = await esbuild.build({
		entryPoints: [inRoot("pkg-template", "src", "edge", "warm-up.ts")],
		bundle: true,
		format: "esm",
		write: false,
		plugins: [stub],
	});
	const code = Buffer.from(outputFiles[0].text).toString("base64");
	(await import(`data:text/javascript;base64,${code}`)).warmUp();
	return made;
}

test("what is judged there is a good token, to us and to jose", async () => {
	const { options, request } = await warmUp();
	assert.equal((await edge.guard(options).check(request)).claims.sub, "s");
	const { issuer, audience, keys, now } = options;
	const [, token] = request.headers.get("authorization").split(" ");
	const key = await importJWK(keys.keys[0]);
	const { payload } = await jwtVerify(token, key, {
		issuer,
		audience,
		typ: "at+jwt",
		currentDate: new Date(now() * 1000),
	});
	assert.equal(payload.client_id, "c");
});
