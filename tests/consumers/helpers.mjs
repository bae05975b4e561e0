// A consumer: a folder of its own, outside the repository, with the node_modules that npm makes of the packed tarball.

import { sign } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { run } from "../../pkg-template/scripts/cli.mjs";
import { inRoot, pkg } from "../../pkg-template/scripts/paths.mjs";
import { npm } from "../../pkg-template/scripts/setup.mjs";
import { keyPair } from "../keys.mjs";

export { inRoot, pkg, run };

/** The packed package. */
export async function tarball() {
	const name = (await readdir(pkg)).find((file) => file.endsWith(".tgz"));
	if (!name) throw new Error("there is no tarball in pkg/: npm run build");
	return join(pkg, name);
}

const remove = (folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 });

const model = await mkdtemp(join(tmpdir(), "countersign-installed-"));
after(() => remove(model));
let installing;

/**
 * The node_modules that npm makes of the tarball: once in a process, since it is the same for all consumers.
 * COUNTERSIGN_PACKAGE names a folder instead, to which npm links.
 */
function installed() {
	installing ??= install();
	return installing;
}

async function install() {
	await writeFile(join(model, "package.json"), "{}");
	// Offline: it has no dependency to fetch.
	const source = process.env.COUNTERSIGN_PACKAGE ?? (await tarball());
	await npm(["install", "--offline", "--no-audit", "--no-fund", source], { cwd: model });
	return join(model, "node_modules");
}

/** Makes a consumer of these files; it is removed when the test `t` ends. */
export async function consumer(t, files, manifest = { type: "module" }) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-consumer-"));
	t.after(() => remove(folder));
	const all = { "package.json": JSON.stringify({ name: "consumer", private: true, ...manifest }), ...files };
	for (const [name, content] of Object.entries(all)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), content);
	}
	await cp(await installed(), join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true });
	return folder;
}

/** Runs a script of a consumer that prints JSON. */
export async function json(folder, file, command = process.execPath) {
	return JSON.parse(await run(command, [file], { cwd: folder }));
}

const { privateKey, publicKey } = keyPair("ec", { namedCurve: "P-256" });
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims) {
	const input = `${part({ alg: "ES256", typ: "at+jwt", kid: "k1" })}.${part(claims)}`;
	const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

const now = Math.floor(Date.now() / 1000);
const claims = {
	iss: "https://auth.example.com",
	aud: "https://api.shop.example.com",
	sub: "user-1",
	client_id: "shop",
	jti: "1",
	iat: now,
	exp: now + 3600,
	scope: "purchases:read",
};

/** What a consumer is to find out: a good token, an expired one, and the key that signed both. */
export const question = {
	good: token(claims),
	expired: token({ ...claims, exp: now - 1 }),
	keys: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256" }] },
};

/** What it must find. */
export const answer = {
	sub: "user-1",
	refused: "token_expired",
	pkce: true,
	guarded: [200, "user-1", 401, 'Bearer error="invalid_token"', 401],
	login: "function",
};

/** The consumer's code, after its imports. */
export const code = `
async function find({ good, expired, keys }) {
	const options = { issuer: "https://auth.example.com", audience: "https://api.shop.example.com", keys };
	const verifier = createVerifier(options);
	let refused = "accepted";
	try {
		await verifier.verify(expired);
	} catch (error) {
		refused = error instanceof TokenError ? error.code : String(error);
	}
	const { verifier: secret, challenge, method } = createPkce();
	const handler = protect({ ...options, scope: "purchases:read" }, (request, { claims }) => new Response(claims.sub));
	const ask = (token) =>
		handler(new Request("https://api.shop.example.com/", { headers: token ? { authorization: "Bearer " + token } : {} }));
	const [passed, stopped, bare] = [await ask(good), await ask(expired), await ask()];
	return {
		sub: verifier.verifySync(good).claims.sub,
		refused,
		pkce: verifyPkce(secret, challenge, method),
		guarded: [
			passed.status,
			await passed.text(),
			stopped.status,
			stopped.headers.get("www-authenticate").slice(0, 28),
			bare.status,
		],
		login: typeof createLogin,
	};
}
const question = ${JSON.stringify(question)};
`;

export const imports = `
import { createPkce, createVerifier, TokenError, verifyPkce } from "countersign";
import { protect } from "countersign/edge";
import { createLogin } from "countersign/login";
`;

/** How often the core is in a bundle: nothing else in it is as long without a character that its text avoids. */
export const copiesOfWasm = (text) =>
	text
		.replaceAll("\\'", "'")
		.split(/["`\\$<\n]/)
		.filter(({ length }) => length > 100_000).length;
