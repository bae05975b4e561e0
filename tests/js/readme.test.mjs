// The code blocks of the READMEs, run as they stand from the packed tarball: a reader's first hour.

import assert from "node:assert/strict";
import { access, readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { consumer, inRoot, question, run } from "../consumers/helpers.mjs";

const READMES = ["README.md", "pkg-template/README.md"];
/** Texts that name files of the repository. */
const GUIDES = ["CONTRIBUTING.md", "SECURITY.md", "tests/README.md"];

/** The fenced blocks of a text: { language, code, line }. */
function blocks(text) {
	const found = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
	return found.map(({ 1: language, 2: code, index }) => ({
		language,
		code,
		line: text.slice(0, index).split("\n").length,
	}));
}

// What the blocks take for granted: a token, its keys, an issuer on the network, a page.
const WORLD = `
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
const question = ${JSON.stringify(question)};
globalThis.token = question.good;
globalThis.keys = question.keys;
const issuer = "https://auth.example.com";
const documents = {
	[issuer + "/.well-known/oauth-authorization-server"]: {
		issuer,
		jwks_uri: issuer + "/jwks",
		authorization_endpoint: issuer + "/authorize",
		token_endpoint: issuer + "/token",
		response_types_supported: ["code"],
		code_challenge_methods_supported: ["S256"],
	},
	[issuer + "/jwks"]: question.keys,
	"https://id.example.com/realms/shop/.well-known/openid-configuration": {
		issuer: "https://id.example.com/realms/shop",
		jwks_uri: issuer + "/jwks",
	},
};
globalThis.asked = [];
globalThis.fetch = async (input, init) => {
	const { url } = new Request(input, init);
	asked.push(url);
	const document = documents[url];
	return document ? Response.json(document) : new Response("", { status: 404 });
};
const storage = () => {
	const kept = new Map();
	return {
		getItem: (name) => kept.get(name) ?? null,
		setItem: (name, value) => void kept.set(name, String(value)),
		removeItem: (name) => void kept.delete(name),
	};
};
const location = Object.assign(new URL("https://shop.example.com/"), {
	assign(url) {
		globalThis.went = url;
		// The page is left.
		console.log(JSON.stringify({ went: url, asked }));
		process.exit(0);
	},
});
const page = {
	location,
	history: { state: null, replaceState() {} },
	sessionStorage: storage(),
	localStorage: storage(),
	addEventListener() {},
	removeEventListener() {},
};
if (process.argv.includes("--page")) Object.assign(globalThis, page, { window: globalThis });
globalThis.said = [];
const { log } = console;
console.log = (...words) => (words[0]?.startsWith?.("{") ? log(...words) : said.push(words.join(" ")));
`;

/** Runs a block as a module, and what comes after it in the same module. */
async function runBlock(t, code, after, ...args) {
	const folder = await consumer(t, { "world.mjs": WORLD, "block.mjs": `${code}\n;${after}` });
	const output = await run(process.execPath, ["--import", "./world.mjs", "block.mjs", ...args], { cwd: folder });
	return JSON.parse(output.trim().split("\n").at(-1));
}

// A machine without a network: neither fetch nor a socket leads anywhere.
const OFFLINE = `
import { Socket } from "node:net";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
const cut = (what) => {
	console.error("the network was used: " + what);
	process.exit(9);
};
Socket.prototype.connect = () => cut("a socket");
dns.lookup = () => cut("a name");
syncBuiltinESMExports();
globalThis.fetch = () => cut("fetch");
`;

const tell = (expression) => `console.log(JSON.stringify(${expression}));`;

/** How each block of JavaScript is seen to do what it says: by the entry that it imports. */
const PROOFS = [
	{
		of: /exp: 1_600_000_000/,
		async check(t, code) {
			const folder = await consumer(t, { "first.mjs": code, "offline.mjs": OFFLINE });
			const printed = await run(process.execPath, ["--import", "./offline.mjs", "first.mjs"], { cwd: folder });
			const refusal = "\ntoken_expired RFC 7519 §4.1.4\n";
			assert.ok(printed.endsWith(refusal), printed);
			const claims = Function(`return ${printed.slice(0, -refusal.length)}`)();
			const { iss, sub, aud, exp, iat } = claims;
			assert.deepEqual([iss, sub, aud, exp - iat], ["https://issuer.example", "ada", "https://api.example", 300]);
			// What the comment promises is what is printed.
			const [, promised] = /console\.log\(claims\); \/\/ (.*), …$/m.exec(code);
			assert.ok(printed.replaceAll(/\s+/g, " ").startsWith(promised), printed);
		},
	},
	{
		of: /createVerifier\(\{\s*issuer: "https/,
		async check(t, code) {
			const { said, asked } = await runBlock(t, code, tell("{ said, asked }"));
			assert.deepEqual(asked.at(-1), "https://auth.example.com/jwks");
			assert.ok(said.length === 0 || said[0] === "valid, for user-1", said.join());
			const expired = code.replaceAll("(token)", "(expired)");
			const refused = await runBlock(
				t,
				`const expired = ${JSON.stringify(question.expired)};${expired}`,
				tell("{ said }"),
			);
			assert.match(refused.said[0], /^token_expired /);
		},
	},
	{
		of: /createTestIssuer/,
		async check(t, code) {
			const { said, asked } = await runBlock(t, code, tell("{ said, asked }"));
			assert.match(said.join(), /^(user-1|ada),token_expired$/);
			assert.deepEqual(asked, [], "no network is needed");
		},
	},
	{
		of: /\.explain\(token\)/,
		async check(t, code) {
			const { said } = await runBlock(t, code, tell("{ said }"));
			assert.ok(said.length > 10 && said.every((line) => /^passed .* (RFC|OpenID)/.test(line)), said.join("\n"));
		},
	},
	{
		of: /provider: "keycloak"/,
		async check(t, code) {
			const ask = `
				const request = new Request("https://api.shop.example.com/", { headers: { authorization: "Bearer " + token } });
				const refused = await check(request).catch((error) => error);
				${tell("{ code: refused.code, status: refuse(refused).status }")}`;
			assert.deepEqual(await runBlock(t, code, ask), { code: "issuer_mismatch", status: 401 });
		},
	},
	{
		of: /export const tenants/,
		async check(t, code) {
			const ask = `
				const codes = [];
				for (const one of [verifier, tenants]) {
					codes.push(await one.verify(token).then(({ claims }) => claims.iss, (error) => error.code));
				}
				${tell("{ codes }")}`;
			const passed = "https://auth.example.com";
			assert.deepEqual((await runBlock(t, code, ask)).codes, [passed, passed]);
			const refused = await runBlock(t, code.replace("purchases:read", "purchases:write"), ask);
			assert.deepEqual(refused.codes, ["insufficient_scope", passed]);
		},
	},
	{
		// No token, and one whose login does not say when it was; tests/resource-server has those with a proof.
		of: /durableObjectReplay/,
		async check(t, code) {
			const ask = `
				const env = { NONCE_SECRET: "a secret of at least 32 characters", REPLAY: { idFromName() {}, get() {} } };
				const ask = (headers) => worker.fetch(new Request("https://api.shop.example.com/", { headers }), env);
				const answers = [await ask({}), await ask({ authorization: "Bearer " + token })];
				const codes = await Promise.all(answers.map(async (answer) => (await answer.json()).code));
				const shown = answers.map(({ status, headers }) => [
					status, /^DPoP .*?(error="\\w+"|$)/.exec(headers.get("www-authenticate"))?.[1], headers.get("dpop-nonce").length
				]);
				${tell("{ codes, shown }")}`;
			const { codes, shown } = await runBlock(t, code.replace("export default", "const worker ="), ask);
			assert.deepEqual(codes, ["token_missing", "auth_time_too_old"]);
			// RFC 9470 §3: what the client is to ask for. A nonce has 43 characters: 32 bytes.
			assert.deepEqual(shown, [
				[401, "", 43],
				[401, 'error="insufficient_user_authentication"', 43],
			]);
		},
	},
	{
		of: /countersign\/edge/,
		async check(t, code) {
			const exported = code.replace("export default", "const worker =");
			const env = { ISSUER: "https://auth.example.com", AUDIENCE: "https://api.shop.example.com" };
			const ask = `
				const kept = new Map();
				const KEYS = { get: async (name) => kept.get(name) ?? null, put: async (name, text) => void kept.set(name, text) };
				const object = { fetch: async () => new Response("null") }; // A Durable Object that knows of no ended session.
				const SESSIONS = { idFromName: (name) => name, get: () => object };
				const env = { ...${JSON.stringify(env)}, KEYS, SESSIONS, CLIENT_SECRET: "secret" };
				const request = (headers) => worker.fetch(new Request("https://api.shop.example.com/", { headers }), env, {});
				const [bare, good] = [await request({}), await request({ authorization: "Bearer " + token })];
				${tell("{ status: [bare.status, good.status], body: await good.json() }")}`;
			const { status, body } = await runBlock(t, exported, ask);
			assert.deepEqual([status, body], [[401, 200], { hello: "user-1" }]);
		},
	},
	{
		of: /countersign\/login/,
		async check(t, code) {
			const after = /export async function purchases/.test(code)
				? "await purchases(); await new Promise(() => {});"
				: "";
			const { went } = await runBlock(t, code, after, "--page");
			const url = new URL(went);
			assert.equal(url.origin + url.pathname, "https://auth.example.com/authorize");
			assert.equal(url.searchParams.get("code_challenge_method"), "S256");
			for (const name of ["state", "nonce", "code_challenge"]) assert.ok(url.searchParams.get(name).length >= 43, name);
		},
	},
	{
		of: /countersign\/ml-dsa/,
		async check(t, code) {
			await runBlock(t, code, tell("{}"));
		},
	},
];

const { scripts } = JSON.parse(await readFile(inRoot("package.json"), "utf8"));

for (const readme of READMES) {
	const found = blocks(await readFile(inRoot(...readme.split("/")), "utf8"));

	test(`${readme} has blocks to run`, () => {
		assert.ok(found.filter(({ language }) => language === "js").length >= 3);
		for (const { language, line } of found) assert.match(language, /^(js|sh|rust|toml|text)$/, `line ${line}`);
	});

	test(`${readme}: the first block of JavaScript runs offline, and ends before line 30`, () => {
		const { code, line } = found.find(({ language }) => language === "js");
		assert.match(code, /createTestIssuer/);
		assert.ok(line + code.split("\n").length < 30, `it ends at line ${line + code.split("\n").length}`);
	});

	for (const { language, code, line } of found) {
		if (language === "js") {
			test(`${readme}:${line}`, async (t) => {
				const proof = PROOFS.find(({ of }) => of.test(code));
				assert.ok(proof, "no test knows what this block does: add a proof here");
				await proof.check(t, code);
			});
		} else if (language === "sh") {
			test(`${readme}:${line}: the commands exist`, () => {
				for (const command of code.trim().split("\n")) {
					const [, name] = /^npm (?:run )?([\w:]+)/.exec(command) ?? [];
					if (/^(npm (install|i) countersign|npx countersign( .*)?|cargo add countersign.*|#.*)$/.test(command))
						continue;
					assert.ok(name && (name in scripts || ["ci", "install"].includes(name)), command);
				}
			});
		}
	}
}

test("images and links to files exist", async () => {
	for (const readme of [...READMES, ...GUIDES]) {
		const text = await readFile(inRoot(...readme.split("/")), "utf8");
		for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
			await assert.doesNotReject(readFile(inRoot(...readme.split("/").slice(0, -1), target)), `${readme}: ${target}`);
		}
	}
});

/** What a text names in backticks as a path: from a folder or file of the root, or with the ending of a source file. */
async function pathsIn(text) {
	const roots = await readdir(inRoot());
	const names = [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`\s]+)`/g)].map(([, name]) => name);
	return names.filter((name) => {
		const isSource = /^[\w./-]+\.(rs|ts|mjs|json|md|toml)$/.test(name) && name.includes("/");
		return isSource || roots.includes(name.split("/")[0]);
	});
}

test("every path that README and CONTRIBUTING name exists", async () => {
	for (const guide of ["README.md", "CONTRIBUTING.md"]) {
		const paths = await pathsIn(await readFile(inRoot(guide), "utf8"));
		assert.ok(paths.length > 10, guide);
		for (const path of paths) await assert.doesNotReject(access(inRoot(...path.split("/"))), `${guide}: ${path}`);
	}
});

test("CONTRIBUTING answers where a newcomer finds things", async () => {
	const text = await readFile(inRoot("CONTRIBUTING.md"), "utf8");
	const [, table] = /^## Where is …\?\n\n([\s\S]*?)\n\n/m.exec(text) ?? [];
	const rows = table.split("\n").slice(2);
	assert.ok(rows.length >= 11, `${rows.length} rows`);
	for (const row of rows) assert.ok((await pathsIn(row)).length > 0, row);
});
