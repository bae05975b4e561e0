// Arrows between rooms run down only (docs in CONTRIBUTING.md), and no file imports itself by way of others.

import { filesOf, rustImports, typescriptImports } from "./sources.mjs";

/** The rooms of the core, lowest first; those of one floor do not call each other. */
const RUST_FLOORS = [
	["error"],
	["rules", "invalid_option"],
	["kernels::low"],
	["kernels::mid"],
	["kernels::high"],
	["jose"],
	["claims"],
	["oauth"],
	["verifier"],
	["jwks", "login", "resource_server"],
	["wasm", "fuzzing", "algorithms", "testing", "lib"],
];

/** The rooms of the shell, likewise. */
const TYPESCRIPT_FLOORS = [
	["error-code", "own-options"],
	["error"],
	["core/"],
	["jwks/"],
	["verifier/"],
	["core"],
	["index"],
	["testing/"],
	["ml-dsa", "slim", "edge/", "login/", "cli/"],
	["react/", "hono/", "next/", "node/"],
	["express/", "fastify/", "mcp/"],
];

/** The test kit, which no program that runs in earnest loads: for the command line alone. */
const KIT = { room: "testing/", users: ["cli/"] };

/** Crates of the binding: nobody else names them. */
const BINDING = /\b(wasm_bindgen|js_sys|web_sys|serde_wasm_bindgen)\b/;

const floorOf = (floors, room) => floors.findIndex((rooms) => rooms.includes(room));

function rustRoom(module) {
	const [first, second] = module.split("::");
	return first === "kernels" && second ? `kernels::${second}` : first;
}

/** What is wrong, a line each. */
export async function arrows() {
	return [...(await rustArrows()), ...(await typescriptArrows())];
}

async function rustArrows() {
	const wrong = [];
	for (const file of await filesOf("src", ".rs")) {
		const own = file.path
			.replace(/^src\//, "")
			.replace(/(\/mod)?\.rs$/, "")
			.replaceAll("/", "::");
		const room = rustRoom(own);
		if (room !== "wasm" && BINDING.test(file.text.replaceAll(/\/\/[^\n]*/g, ""))) {
			wrong.push(`${file.path}: names a crate of the binding, which is for src/wasm alone`);
		}
		if (own === "lib" || own === "kernels" || /tests?$/.test(own)) continue;
		for (const target of rustImports(file)) {
			const to = rustRoom(target);
			if (to === room || floorOf(RUST_FLOORS, to) < 0) continue;
			if (floorOf(RUST_FLOORS, to) >= floorOf(RUST_FLOORS, room))
				wrong.push(`${file.path}: ${room} → ${to} (${target})`);
		}
	}
	return wrong;
}

function typescriptRoom(path) {
	const [first, second] = path.replace(/^pkg-template\/src\//, "").split("/");
	return second ? `${first}/` : first.replace(/\.ts$/, "");
}

async function typescriptArrows() {
	const wrong = [];
	const files = await filesOf("pkg-template/src", ".ts");
	const imports = new Map(files.map((file) => [file.path, typescriptImports(file)]));
	for (const [path, targets] of imports) {
		const room = typescriptRoom(path);
		for (const target of targets) {
			const to = typescriptRoom(target);
			if (to === room) continue;
			const [from, below] = [floorOf(TYPESCRIPT_FLOORS, room), floorOf(TYPESCRIPT_FLOORS, to)];
			if (from < 0 || below < 0) wrong.push(`${path}: the room ${from < 0 ? room : to} stands on no floor`);
			else if (to === KIT.room && !KIT.users.includes(room)) wrong.push(`${path}: loads the test kit`);
			else if (below >= from) wrong.push(`${path}: ${room} → ${to}`);
		}
	}
	return [...wrong, ...circles(imports)];
}

/** Files that import themselves by way of others. */
function circles(imports) {
	const done = new Set();
	const wrong = [];
	const visit = (path, above) => {
		if (above.includes(path)) return wrong.push(`a circle: ${[...above.slice(above.indexOf(path)), path].join(" → ")}`);
		if (done.has(path)) return undefined;
		for (const target of imports.get(path) ?? []) visit(target, [...above, path]);
		done.add(path);
		return undefined;
	};
	for (const path of imports.keys()) visit(path, []);
	return wrong;
}
