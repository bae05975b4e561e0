// error.help: where the page about a refusal is, and that it is there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { consumer, inRoot, run } from "../consumers/helpers.mjs";
import { audience, countersign, createLogin, edge, issuer, network, signer, start } from "./helpers.mjs";
import { membersOf } from "./option-names.mjs";

const { createVerifier, TokenError, verifySignature } = countersign;
const key = signer("k1");
const options = { issuer, audience, keys: key.jwk, now: () => start };
const { version } = JSON.parse(await readFile(inRoot("pkg", "package.json"), "utf8"));

/** The page of a refusal, as the package of this version holds it. */
async function pageOf(error) {
	const prefix = `https://unpkg.com/countersign@${version}/`;
	assert.ok(error.help?.startsWith(prefix), error.help);
	return readFile(join(inRoot("pkg"), error.help.slice(prefix.length)), "utf8");
}

const refusalOf = (work) =>
	Promise.resolve()
		.then(work)
		.then(assert.fail, (error) => error);

test("the crate and the npm package have one version", async () => {
	const cargo = await readFile(inRoot("Cargo.toml"), "utf8");
	assert.equal(version, /^\[package\][^[]*?^version = "([^"]+)"/ms.exec(cargo)[1]);
});

test("each refusal names its page, which is in the package", async () => {
	const expired = key.token({ exp: start - 1 });
	const verifier = createVerifier(options);
	const { error } = await verifier.explain(expired);
	const refusals = [
		error,
		await refusalOf(() => verifier.verify(expired)),
		await refusalOf(() => verifier.verifySync(expired)),
		await refusalOf(() => verifySignature("a", key.jwk)),
		await refusalOf(() => createVerifier({ ...options, keys: "{}" })),
		await refusalOf(() => createVerifier({ ...options, check: () => "no" }).verify(key.token())),
		await refusalOf(() => createVerifier({ issuer, audience, fetch: network({}).fetch }).verify(key.token())),
		await refusalOf(() =>
			createLogin({ issuer, clientId: "c", redirectUri: "https://shop.example.com/", resource: audience }).fetch(
				audience,
			),
		),
	];
	for (const refusal of refusals) {
		const page = await pageOf(refusal);
		assert.ok(page.startsWith(`# \`${refusal.code}\`\n`), page.slice(0, 80));
		if (refusal !== error) assert.ok(refusal instanceof TokenError);
	}
});

test("strangers are sent no address", async () => {
	const guard = edge.guard({ ...options, typ: null, profile: "jwt" });
	const request = new Request(audience, { headers: { authorization: `Bearer ${key.token({ exp: 1 })}` } });
	const error = await refusalOf(() => guard.check(request));
	await pageOf(error);
	const response = guard.refuse(error);
	const sent = JSON.stringify([...response.headers]) + (await response.text());
	assert.ok(sent.includes("token_expired") && !sent.includes("unpkg") && !sent.includes(".md"), sent);
});

/** The pages by the code that each is about. */
const PAGES = Object.fromEntries(
	(await readdir(inRoot("docs", "errors"))).map((name) => [
		name.slice(0, -3),
		readFileSync(inRoot("docs", "errors", name), "utf8"),
	]),
);

test("the package has the pages of the repository, and no others", async () => {
	assert.deepEqual(
		(await readdir(join(inRoot("pkg"), "errors"))).sort(),
		Object.keys(PAGES)
			.map((code) => `${code}.md`)
			.sort(),
	);
	for (const [code, text] of Object.entries(PAGES)) {
		assert.equal(await readFile(join(inRoot("pkg"), "errors", `${code}.md`), "utf8"), text);
		const [, causes, example] = /\n## Causes\n([\s\S]*)\n## Example\n([\s\S]*)$/.exec(text);
		assert.ok((causes.match(/^- /gm) ?? []).length >= 1 && causes.length > 150, `${code} has no causes`);
		assert.match(example, /^\n```\w+\n[\s\S]+\n```\n$/, code);
	}
});

/** All that is declared for users: types, functions, members. */
const DECLARED = ["index", "edge/index", "login/index"].flatMap((entry) =>
	declarationsOf(join(inRoot("pkg"), "esm", `${entry}.d.ts`)),
);

function declarationsOf(file, seen = new Set()) {
	if (seen.has(file)) return [];
	seen.add(file);
	const text = readFileSync(file, "utf8");
	const own = [...text.matchAll(/(?:^|[\s{,(])(?:readonly |declare |function )*(\w+)\??[:(<]/gm)].map(
		([, name]) => name,
	);
	const next = [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, path]) => join(file, "..", `${path}.d.ts`));
	return [...own, ...next.flatMap((path) => declarationsOf(path, seen))];
}

/** Names of other things that look like options. */
const FOREIGN = ["requestedAccessTokenVersion", "floor", "stringify", "encode"];

test("no page and no remedy names an option that does not exist", () => {
	const declared = new Set(DECLARED);
	assert.ok(declared.has("clockTolerance") && declared.has("verifySync") && !declared.has("leeway"));
	const reference = readFileSync(inRoot("pkg-template", "ERRORS.md"), "utf8");
	for (const [code, text] of [...Object.entries(PAGES), ["ERRORS.md", reference]]) {
		const prose = text.replaceAll(/```[\s\S]*?```/g, "");
		const named = [...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span);
		const camel = prose.match(/\b[a-z]+[A-Z]\w*\b/g) ?? [];
		const options = named.map((span) => /^([a-z]\w*): /.exec(span)?.[1]).filter(Boolean);
		const called = named.map((span) => /^(?:\w+\.)?([a-z]\w*)\(/.exec(span)?.[1]).filter(Boolean);
		for (const name of [...camel, ...options, ...called]) {
			if (FOREIGN.includes(name) || MEMBERS_OF_TOKENS.has(name)) continue;
			assert.ok(declared.has(name), `${code} names ${name}`);
		}
		for (const [, name] of prose.matchAll(/Rust: `(\w+)`/g)) {
			assert.ok(RUST.includes(`pub ${name}:`) || RUST.includes(`pub fn ${name}(`), `${code} names ${name} of Rust`);
		}
		for (const [, flag] of prose.matchAll(/command line: `(--\w+)`/g))
			assert.ok(HELP.includes(flag), `${code} names ${flag}`);
	}
});

/** Claims, header parameters and members of keys, which stand in pages as options do. */
const MEMBERS_OF_TOKENS = new Set(["use", "kty", "token_use", "permissions", "dBjftJeZ4CVP"]);
const RUST = ["claims/policy/mod.rs", "verifier.rs", "resource_server/settings.rs", "error.rs"]
	.map((file) => readFileSync(inRoot("src", file), "utf8"))
	.join("\n");
const HELP = ["help.ts", "help-flags.ts"]
	.map((file) => readFileSync(inRoot("pkg-template", "src", "cli", file), "utf8"))
	.join("\n");

/** Options that a caller of only some entries has. A remedy is shown to all. */
test("a remedy names no option, since not every caller has it", () => {
	const reference = readFileSync(inRoot("pkg-template", "ERRORS.md"), "utf8");
	const options = [
		...Object.keys(membersOf("verifier/policy-options.d.ts", "PolicyOptions")),
		...Object.keys(membersOf("verifier/options.d.ts", "VerifierOptions")),
		...Object.keys(membersOf("edge/types.d.ts", "GuardOptions")),
		...Object.keys(membersOf("login/option-types.d.ts", "LoginOptions")),
	].filter((name) => /[A-Z]/.test(name));
	assert.ok(options.includes("clockTolerance") && options.includes("redirectUri"));
	const rows = [...reference.matchAll(/^\| `(\w+)` .* \| ([^|]*) \|$/gm)];
	assert.equal(rows.length, Object.keys(PAGES).length);
	for (const [, code, remedy] of rows) {
		for (const name of options) assert.ok(!remedy.includes(name), `${code} names ${name}`);
	}
});

const PRELUDE = `
declare const issuer: string, audience: string, token: string;
declare const accessToken: string, code: string, nonce: string, secret: string;
declare const keys: import("countersign").Keys;
declare const verifier: import("countersign").Verifier;
declare const login: import("countersign/login").Login;
declare const used: Set<string>;
`;
const IMPORTS = `
import { createPkce, createVerifier, pkceChallenge, TokenError, verifySignature } from "countersign";
import { guard, memoryReplay, protect } from "countersign/edge";
import { createLogin } from "countersign/login";
`;

test("the JavaScript of the pages is right by the published types", async (t) => {
	const files = { "prelude.d.ts": PRELUDE };
	for (const [code, text] of Object.entries(PAGES)) {
		const [, block] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
		if (block) files[`${code}.ts`] = IMPORTS + block;
	}
	assert.ok(Object.keys(files).length > 25);
	const compilerOptions = {
		strict: true,
		noEmit: true,
		skipLibCheck: true,
		types: [],
		module: "esnext",
		moduleResolution: "bundler",
		target: "es2022",
		lib: ["es2023", "dom"],
	};
	files["tsconfig.json"] = JSON.stringify({ compilerOptions, include: ["*.ts"] });
	const folder = await consumer(t, files);
	await run(process.execPath, [inRoot("node_modules", "typescript", "bin", "tsc"), "-p", folder], { cwd: folder });
});
