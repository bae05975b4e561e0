// The kernel for RSA that needs relaxed SIMD: used where the runtime has it and the hardware is fit, done without elsewhere.
// Its place is taken by one in JavaScript, so that any Node.js shows it.

import assert from "node:assert/strict";
import { randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { keyPair } from "../keys.mjs";
import { entryFile } from "./helpers.mjs";

const wasm = readFileSync(join(entryFile("index"), "..", "..", "rsa-fma.wasm"));
const { privateKey, publicKey } = keyPair("rsa", { modulusLength: 2048 });
const jwk = publicKey.export({ format: "jwk" });
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const input = `${part({ alg: "RS256" })}.${part({ sub: "ada" })}`;
const token = `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
const forged = token.replace(/\.[^.]*\./, `.${part({ sub: "eve" })}.`);

/** Numbers of up to 160 digits of 52 bits, by their place among those of rsa-fma.wasm. */
const [N, BASE] = [0, 3 * 160];
const RADIX = 52n;

/** The functions of rsa-fma.wasm: base^exponent mod n. */
function kernel(ready) {
	const digits = Array.from({ length: 4 * 160 }, () => 0n);
	const used = [];
	const number = (at) => digits.slice(at, at + 160).reduceRight((sum, digit) => (sum << RADIX) | digit, 0n);
	const exports = {
		ready: () => ready,
		set: (at, ...four) => digits.splice(at, 4, ...four.map((digit) => BigInt.asUintN(64, digit))),
		get: (at) => digits[at],
		precompute: () => used.push("precompute"),
		power(_bits, exponent) {
			used.push("power");
			const [n, base] = [number(N), number(BASE)];
			let power = 1n;
			for (const bit of exponent.toString(2)) power = (power * power * (bit === "1" ? base : 1n)) % n;
			for (let at = 0; at < 160; at++) digits[BASE + at] = BigInt.asUintN(52, power >> (RADIX * BigInt(at)));
		},
	};
	return { exports, used };
}

/** The core as it starts where the kernel is compiled and started by these. */
function coreWith(t, compiles, starts) {
	const { Module, Instance } = WebAssembly;
	const compiled = {};
	class OwnModule {
		constructor(bytes) {
			if (Buffer.compare(bytes, wasm) === 0) compiles();
			// biome-ignore lint/correctness/noConstructorReturn: it stands for the platform's class
			return Buffer.compare(bytes, wasm) === 0 ? compiled : new Module(bytes);
		}
	}
	class OwnInstance {
		constructor(module, imports) {
			// biome-ignore lint/correctness/noConstructorReturn: it stands for the platform's class
			return module === compiled ? starts() : new Instance(module, imports);
		}
	}
	t.mock.method(WebAssembly, "Module", OwnModule);
	t.mock.method(WebAssembly, "Instance", OwnInstance);
	return import(`${pathToFileURL(entryFile("core")).href}?${randomUUID()}`);
}

function judges({ verifySignature }) {
	assert.equal(Buffer.from(verifySignature(token, jwk).payload).toString(), '{"sub":"ada"}');
	assert.throws(() => verifySignature(forged, jwk), { code: "signature_invalid" });
}

test("where it is ready, it raises to powers", async (t) => {
	const { exports, used } = kernel(1);
	const core = await coreWith(
		t,
		() => {},
		() => ({ exports }),
	);
	judges(core);
	assert.deepEqual([...new Set(used)], ["precompute", "power"]);
});

test("where the hardware rounds twice, it says so, and is not used", async (t) => {
	const { exports, used } = kernel(0);
	const core = await coreWith(
		t,
		() => {},
		() => ({ exports }),
	);
	judges(core);
	assert.deepEqual(used, []);
});

test("where it cannot be compiled or started, the core does without", async (t) => {
	const fails = () => {
		throw new WebAssembly.CompileError("invalid numeric opcode");
	};
	judges(await coreWith(t, fails, fails));
	judges(await coreWith(t, () => {}, fails));
});
