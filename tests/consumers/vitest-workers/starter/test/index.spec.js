import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import worker from "../src";

it("responds with Hello World! (unit style)", async () => {
	const ctx = createExecutionContext();
	const response = await worker.fetch(new Request("http://example.com"), env, ctx);
	await waitOnExecutionContext(ctx);
	expect(await response.text()).toBe("Hello World!");
});

it("responds with Hello World! (integration style)", async () => {
	expect(await (await exports.default.fetch("http://example.com")).text()).toBe("Hello World!");
});
