// What a Worker tries while it is loaded goes the whole way of a request that passes; a refusal would warm half of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { jwtVerify } from "jose";
import { edge } from "./helpers.mjs";

const source = await readFile(new URL("../../pkg-template/src/edge/warm-up.ts", import.meta.url), "utf8");
/** The value of a constant of the source: text, number, or an object of texts. */
const constant = (name) => new Function(`return (${new RegExp(`const ${name} =([^;]+);`).exec(source)[1]})`)();
const [token, key, then] = ["TOKEN", "KEY", "THEN"].map(constant);
const [issuer, audience] = ["https://issuer.example", "https://api.example"];

test("the token of the warm-up holds by its key, as jose says too", async () => {
	const currentDate = new Date(then * 1000);
	const { payload } = await jwtVerify(token, key, { issuer, audience, typ: "at+jwt", currentDate });
	assert.ok(payload.iat <= then && then < payload.exp);
	const { check } = edge.guard({ issuer, audience, keys: { keys: [key] }, now: () => then });
	const { claims } = await check(new Request(audience, { headers: { authorization: `Bearer ${token}` } }));
	assert.deepEqual(claims, payload);
});
