import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { answer, code, imports, json, run } from "../helpers.mjs";
import { bin, starter } from "../starter.mjs";

// All entries, with their types in use; `code` is JavaScript, and `find` is given its type here.
const source = `${imports}
import type { Login } from "countersign/login";
import type { Guard } from "countersign/edge";
import { verifySignature, type VerifiedSignature } from "countersign/ml-dsa";
import { init } from "countersign/slim";
${code.replace("{ good, expired, keys }", "{ good, expired, keys }: Question").replace("(token)", "(token?: string)").replace('.headers.get("www-authenticate")', "$&!")}
interface Question { good: string; expired: string; keys: { keys: { kty?: string }[] } }
export type All = [Login, Guard, VerifiedSignature];
export const functions: [typeof init, typeof verifySignature] = [init, verifySignature];
// @ts-expect-error: an issuer must be given
export const wrong = () => createVerifier({ audience: "a" });
find(question).then((found) => console.log(JSON.stringify(found)));
`;

test("TypeScript with moduleResolution node10: every entry has its types, and what is compiled runs", async (t) => {
	const folder = await starter(t, "typescript-node10", { "main.ts": source });
	const tsc = bin(folder, "typescript", "bin", "tsc");
	// Up to version 5.8, the configuration that TypeScript itself writes is CommonJS, resolved as Node.js 10 did.
	await run(process.execPath, [tsc, "--init"], { cwd: folder });
	assert.match(await readFile(join(folder, "tsconfig.json"), "utf8"), /^\s*"module": "commonjs"/m);
	await run(process.execPath, [tsc, "-p", ".", "--moduleResolution", "node10"], { cwd: folder });
	assert.deepEqual(await json(folder, "main.js"), answer);
});
