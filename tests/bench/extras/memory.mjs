// What the tables of hot keys take: how far the core's memory grows as more and more keys check many tokens.

import { AUDIENCE, ISSUER, mintKey, mintToken } from "../tokens.mjs";

export const title = "memory: growth of the core's memory with hot keys (KiB; the sum of all tables is bounded)";

/** Checks of each key: more than it takes to earn a table. */
const CHECKS = 28;
const KINDS = ["ES256", "ES384", "ES512", "Ed25519"];

/** A process for each algorithm, since wasm memory never shrinks. The last count is to meet the bound. */
export function make({ quick, algorithms }) {
	const chosen = KINDS.filter((algorithm) => algorithms.includes(algorithm));
	const steps = quick ? [1, 8, 32, 64] : [1, 8, 32, 64, 128];
	return (chosen.length > 0 ? chosen : KINDS).map((algorithm) => {
		const keys = Array.from({ length: steps.at(-1) }, () => mintKey(algorithm));
		const pairs = keys.map((key) => ({ jwk: key.jwk, token: mintToken(key) }));
		return { algorithm, steps, issuer: ISSUER, audience: AUDIENCE, pairs };
	});
}

export async function measure({ algorithm, steps, issuer, audience, pairs }, _settings, say) {
	const memories = [];
	const { Instance } = WebAssembly;
	WebAssembly.Instance = class extends Instance {
		constructor(...args) {
			super(...args);
			// What unpacks the others is given up as soon as they are there.
			if (!this.exports.unpack) memories.push(this.exports.memory);
		}
	};
	const { readFile } = await import("node:fs/promises");
	const { createVerifier, initSync } = await import("countersign/slim");
	const wasm = new URL(import.meta.resolve("countersign/countersign.wasm"));
	initSync(new WebAssembly.Module(await readFile(wasm)));
	const verifier = createVerifier({ issuer, audience, keys: { keys: pairs.map(({ jwk }) => jwk) } });
	// Every key once: what a key takes without a table is there before the count begins.
	for (const { token } of pairs) verifier.verifySync(token);
	// The core's, and in runtimes with fused multiply-add that of the RSA module beside it.
	const own = new Set(memories.filter(Boolean));
	if (own.size < 1 || own.size > 2) throw new Error(`there are ${own.size} memories`);
	const wasmNow = () => [...own].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
	const start = { wasm: wasmNow(), external: process.memoryUsage().external };
	const grown = {};
	let hot = 0;
	for (const count of steps) {
		say(`${count} hot keys`);
		for (; hot < count; hot++) for (let i = 0; i < CHECKS; i++) verifier.verifySync(pairs[hot].token);
		grown[count] = { wasm: wasmNow() - start.wasm, external: process.memoryUsage().external - start.external };
	}
	// From the 8th key on, since the first ones pay for the base point's table too; to the 32nd, since the bound on
	// all tables together comes later.
	const perKey = (grown[32].wasm - grown[8].wasm) / 24;
	return { algorithm, start: start.wasm, grown, perKey, total: wasmNow() };
}

export const columns = ["algorithm", "at first", "1 key", "8 keys", "32 keys", "64 keys", "128 keys", "a key", "total"];
export const row = ({ algorithm, start, grown, perKey, total }, { kib }) => [
	algorithm,
	kib(start),
	...[1, 8, 32, 64, 128].map((count) => (grown[count] ? `+${kib(grown[count].wasm)}` : "–")),
	kib(perKey),
	kib(total),
];
