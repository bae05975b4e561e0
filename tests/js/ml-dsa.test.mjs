// countersign/ml-dsa: the post-quantum algorithms, for those who import this entry and for nobody else.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as esbuild from "esbuild";
import { consumer, copiesOfWasm, json } from "../consumers/helpers.mjs";
import { loadCorpus, resolve } from "../corpus/load.mjs";

const { cases, keys, policies } = loadCorpus();
const valid = cases.filter(({ kind, name }) => kind === "ml-dsa" && /\/valid$/.test(name));
const questions = valid.map(({ token, now, ...one }) => ({
	token,
	now,
	options: { ...resolve(one.policy, policies), keys: resolve(one.keys, keys) },
}));

const find = (entry) => `
	const questions = ${JSON.stringify(questions)};
	const told = questions.map(({ token, now, options }) => {
		try {
			return createVerifier({ ...options, now: () => now }).verifySync(token).header.alg;
		} catch (error) {
			return error instanceof TokenError ? error.message : error.name;
		}
	});
	console.log(JSON.stringify({ entry: "${entry}", told }));`;
const imports = (entry) => `import { createVerifier, TokenError } from "${entry}";`;
const requires = (entry) => `const { createVerifier, TokenError } = require("${entry}");`;

test("ML-DSA-44, -65 and -87, by import and by require; the main entry refuses them by name", async (t) => {
	const folder = await consumer(t, {
		"main.mjs": imports("countersign/ml-dsa") + find("import"),
		"main.cjs": requires("countersign/ml-dsa") + find("require"),
		"plain.mjs": imports("countersign") + find("plain"),
	});
	const all = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];
	assert.ok(questions.length >= 3);
	for (const file of ["main.mjs", "main.cjs"]) assert.deepEqual([...new Set((await json(folder, file)).told)], all);
	const { told } = await json(folder, "plain.mjs");
	for (const outcome of told) assert.match(outcome, /import "countersign\/ml-dsa"/);
});

const together = `
	import { createVerifier, TokenError } from "countersign";
	import { guard, TokenError as OfEdge } from "countersign/edge";
	const questions = ${JSON.stringify(questions)};
	const postQuantum = await import("countersign/ml-dsa");
	const told = [];
	for (const { token, now, options } of questions) {
		const all = { ...options, now: () => now };
		const request = (text) => new Request("https://api.example", { headers: { authorization: "Bearer " + text } });
		const checked = guard({ ...all, profile: "jwt" });
		const { header } = await checked.check(request(token));
		const forged = await checked.check(request(token.slice(0, -8) + "AAAAAAAA")).catch(({ code }) => code);
		told.push([createVerifier(all).verifySync(token).header.alg, header.alg, forged]);
	}
	const one = postQuantum.createVerifier === createVerifier && postQuantum.TokenError === TokenError;
	console.log(JSON.stringify({ told, one: one && OfEdge === TokenError }));`;

test("once imported, countersign and countersign/edge have it as well: there is one instance of the core", async (t) => {
	const folder = await consumer(t, { "together.mjs": together });
	const { told, one } = await json(folder, "together.mjs");
	assert.equal(one, true);
	const algorithms = new Set(told.map(([alg]) => alg));
	assert.deepEqual([...algorithms], ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]);
	for (const [alg, guarded, forged] of told) assert.deepEqual([guarded, forged], [alg, "signature_invalid"]);
});

test("who does not import it does not carry it", async (t) => {
	const folder = await consumer(t, {
		"plain.js": 'import { createVerifier } from "countersign"; console.log(createVerifier);',
		"large.js": 'import { createVerifier } from "countersign/ml-dsa"; console.log(createVerifier);',
		"worker.js": 'import { createVerifier } from "countersign/ml-dsa"; export default { fetch: createVerifier };',
	});
	const bundle = async (name, options) => {
		const outfile = join(folder, "out", name);
		const shared = {
			entryPoints: [join(folder, name)],
			outfile,
			bundle: true,
			format: "esm",
			minify: true,
			metafile: true,
		};
		const { metafile } = await esbuild.build({ ...shared, ...options });
		return { text: await readFile(outfile, "utf8"), files: Object.keys(metafile.inputs).join("\n") };
	};
	const plain = await bundle("plain.js");
	const large = await bundle("large.js");
	assert.deepEqual([copiesOfWasm(plain.text), copiesOfWasm(large.text)], [1, 1]);
	assert.doesNotMatch(plain.files, /ml-dsa/);
	const loader = { loader: { ".wasm": "copy" }, assetNames: "[name]" };
	const worker = await bundle("worker.js", { conditions: ["workerd"], ...loader });
	assert.equal(copiesOfWasm(worker.text), 0);
	assert.match(worker.text, /"\.\/ml-dsa\.wasm"/);
});
