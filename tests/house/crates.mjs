// The crates of the wasm build: the six it is built on are there and named in src, and none comes in two generations
// but for what jwt-compact brings.

import { run } from "../../pkg-template/scripts/cli.mjs";
import { root } from "../../pkg-template/scripts/paths.mjs";
import { filesOf } from "./sources.mjs";

const BUILT_ON = ["wasm-bindgen", "serde-wasm-bindgen", "js-sys", "web-sys", "getrandom", "jwt-compact"];

/**
 * jwt-compact 0.9 stands on an older generation of RustCrypto (sha2, hmac, digest 0.10) and of zeroize's macros. None of
 * it is linked into the wasm: its algorithms are not used, its trait `Algorithm` is.
 */
const EXCEPTION = "jwt-compact";

/** What is wrong, a line each. */
export async function crates() {
	const features = ["--no-default-features", "--features", "wasm", "--filter-platform", "wasm32-unknown-unknown"];
	const { packages, resolve } = JSON.parse(
		await run("cargo", ["metadata", "--format-version", "1", ...features], {
			cwd: root,
			remedy: "fix what cargo names above",
		}),
	);
	const byId = new Map(packages.map((crate) => [crate.id, crate]));
	const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
	const start = packages.find(({ name, source }) => name === "countersign" && source === null).id;
	const wrong = [];
	const reached = reachable(nodes, start, () => false);
	const names = [...reached].map((id) => byId.get(id).name);
	const code = (await filesOf("src", ".rs")).map(({ text }) => text).join("\n");
	for (const name of BUILT_ON) {
		if (!names.includes(name)) wrong.push(`${name} is not in the wasm build`);
		if (!code.includes(`${name.replaceAll("-", "_")}::`)) wrong.push(`${name} is named nowhere in src`);
	}
	const versions = new Map();
	for (const id of reachable(nodes, start, (crate) => byId.get(crate).name === EXCEPTION)) {
		const { name, version } = byId.get(id);
		versions.set(name, [...(versions.get(name) ?? []), version]);
	}
	for (const [name, all] of versions) {
		if (all.length > 1) wrong.push(`${name} comes in ${all.length} generations: ${all.join(", ")}`);
	}
	return wrong;
}

/** All crates below one, but for those that only a crate brings at which the walk ends. */
function reachable(nodes, start, ends) {
	const reached = new Set();
	const walk = (id) => {
		if (reached.has(id)) return;
		reached.add(id);
		if (ends(id)) return;
		for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind === null)) walk(pkg);
	};
	walk(start);
	return reached;
}
