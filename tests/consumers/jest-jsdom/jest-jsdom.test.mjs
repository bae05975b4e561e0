import assert from "node:assert/strict";
import { test } from "node:test";
import { question, run } from "../helpers.mjs";
import { bin, starter } from "../starter.mjs";

// jsdom has no Request, so that nothing is guarded here.
const inJest = `
import { createPkce, createVerifier, decodeUnverified, TokenError, verifyPkce } from "countersign";
import { protect } from "countersign/edge";
import { createLogin } from "countersign/login";
import { createVerifier as createPostQuantum } from "countersign/ml-dsa";

const { good, expired, keys } = ${JSON.stringify(question)};
const options = { issuer: "https://auth.example.com", audience: "https://api.shop.example.com", keys };

test("jsdom hides the codecs", () => {
	expect([typeof document, typeof TextEncoder, typeof TextDecoder]).toEqual(["object", "undefined", "undefined"]);
});

test.each([["countersign", createVerifier], ["countersign/ml-dsa", createPostQuantum]])("%s", async (_name, create) => {
	const verifier = create(options);
	expect((await verifier.verify(good)).claims.sub).toBe("user-1");
	expect(verifier.verifySync(good).header.kid).toBe("k1");
	await expect(verifier.verify(expired)).rejects.toMatchObject({ name: "TokenError", code: "token_expired" });
});

test("the rest", () => {
	expect(() => createVerifier(options).verifySync(expired)).toThrow(TokenError);
	expect(decodeUnverified(good).claims.sub).toBe("user-1");
	const { verifier, challenge, method } = createPkce();
	expect(verifyPkce(verifier, challenge, method)).toBe(true);
	expect(typeof protect).toBe("function");
	const login = createLogin({ issuer: options.issuer, clientId: "shop", redirectUri: "http://localhost/" });
	expect(login.session).toBeNull();
});
`;

test("Jest: ES modules in jsdom", async (t) => {
	const folder = await starter(t, "jest-jsdom", { "countersign.test.js": inJest });
	// As Jest's documentation has it for ES modules.
	const jest = ["--experimental-vm-modules", bin(folder, "jest", "bin", "jest.js"), "--json"];
	const told = JSON.parse(await run(process.execPath, jest, { cwd: folder }));
	assert.deepEqual([told.numPassedTests, told.numTotalTests], [4, 4]);
});
