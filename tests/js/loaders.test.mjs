// The builds for Workers and for edge runtimes, as those load them, in this process: the compiled modules come by import, and
// nothing is compiled from bytes.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadCorpus, resolve } from "../corpus/load.mjs";
import { audience, entryFile, issuer, json, signer, start } from "./helpers.mjs";
import { gate, isPending, soon } from "./waiting-kit.mjs";

/** In place of rsa-fma.wasm, which Node.js 20 cannot compile. */
const rsaFma = { exports: { ready: () => 0, set() {}, get: () => 0n, precompute() {}, power() {} } };
globalThis.imported = (name) =>
	name === "rsa-fma.wasm" ? rsaFma : new WebAssembly.Module(readFileSync(join(entryFile("index"), "..", "..", name)));
/** What the platform was asked to wait for, and who hears that somebody has imported it. */
globalThis.platform = { waitedFor: [], imported() {} };
// Workers import a module by its file, bundlers for edge runtimes by `?module`. Who is loaded with `?platform` has Cloudflare's.
register(
	`data:text/javascript,${encodeURIComponent(`
		const module = (text) => "data:text/javascript," + encodeURIComponent(text);
		export const resolve = (name, context, next) => {
			const wasm = /([^/]+[.]wasm)([?]module)?$/.exec(name);
			const asked = context.parentURL.includes("/edge-light/") ? "?module" : undefined;
			if (wasm && wasm[2] === asked) {
				return { shortCircuit: true, url: module("export default globalThis.imported(" + JSON.stringify(wasm[1]) + ")") };
			}
			if (name === "cloudflare:workers" && context.parentURL.includes("?platform")) {
				const waitUntil = "export const waitUntil = (work) => void globalThis.platform.waitedFor.push(work);";
				return { shortCircuit: true, url: module(waitUntil + "globalThis.platform.imported(); //" + context.parentURL) };
			}
			return next(name, context);
		};
	`)}`,
);

const entry = (build, name, query = "") =>
	import(`${pathToFileURL(join(entryFile("index"), "..", "..", build, `${name}.js`)).href}?${query}${randomUUID()}`);
const BUILDS = ["workerd", "edge-light"];

/** Forbids to compile bytes, as those runtimes do. Gives the modules of which instances are made. */
function forbidding(t) {
	class Forbidden {
		constructor() {
			throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
		}
	}
	const started = [];
	const { Instance } = WebAssembly;
	class OwnInstance {
		constructor(module, imports) {
			started.push(module);
			// biome-ignore lint/correctness/noConstructorReturn: it stands for the platform's class
			return module === rsaFma ? rsaFma : new Instance(module, imports);
		}
	}
	t.mock.method(WebAssembly, "Module", Forbidden);
	t.mock.method(WebAssembly, "compile", async () => new Forbidden());
	t.mock.method(WebAssembly, "Instance", OwnInstance);
	return started;
}

test("the core is the module that was imported, with init and without; Workers have the kernel for RSA too", async (t) => {
	for (const build of BUILDS) await entry(build, "core"); // Whatever is imported is compiled by now.
	const started = forbidding(t);
	for (const build of BUILDS) {
		for (const begin of ["init", "createPkce"]) {
			const core = await entry(build, "core");
			await core[begin]();
			assert.match(core.createPkce().challenge, /^[\w-]{43}$/);
			const kernels = started.splice(0).filter((module) => module === rsaFma);
			assert.equal(kernels.length, build === "workerd" ? 1 : 0, build);
		}
	}
});

test("ML-DSA is a module that was imported as well", async (t) => {
	const { cases, keys, policies } = loadCorpus();
	const { token, now, policy, keys: given } = cases.find(({ name }) => name === "ml-dsa/ML-DSA-44/valid");
	const options = { ...resolve(policy, policies), keys: resolve(given, keys), now: () => now };
	for (const build of BUILDS) await entry(build, "ml-dsa");
	forbidding(t);
	for (const build of BUILDS) {
		const { createVerifier } = await entry(build, "ml-dsa");
		assert.equal(createVerifier(options).verifySync(token).header.alg, "ML-DSA-44", build);
	}
});

test("keys renewed behind a verdict end before it, or are left to the platform that takes them; elsewhere they go on", async () => {
	const key = signer("k1");
	const { platform } = globalThis;
	const token = key.token({ exp: start + 86_400 });
	for (const [build, query, waits, isLeft] of [
		["workerd", "", true, false],
		["edge-light", "", true, false],
		["workerd", "platform", false, true],
		["esm", "", false, false],
	]) {
		const loaded = gate();
		platform.imported = loaded.open;
		const { createVerifier } = await entry(build, "core", query);
		if (isLeft) await soon(loaded.opened).then(() => new Promise(setImmediate));
		let [now, answers] = [start, () => {}];
		const fetch = async () => {
			await answers();
			return json({ keys: [key.jwk] });
		};
		const verifier = createVerifier({ issuer, audience, jwksUri: `${issuer}/jwks`, fetch, now: () => now });
		await verifier.verify(token);
		const { opened, open } = gate();
		now += 610;
		answers = () => opened;
		platform.waitedFor.length = 0;
		const asked = verifier.verify(token);
		assert.equal(await isPending(asked), waits, `${build} ${query}`);
		assert.equal(platform.waitedFor.length, isLeft ? 1 : 0);
		open();
		assert.equal((await soon(asked)).claims.sub, "user-1");
		await soon(Promise.all(platform.waitedFor));
	}
});
