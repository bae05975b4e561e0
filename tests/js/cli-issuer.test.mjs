// npx countersign issuer, from the packed tarball: what it prints can be pasted, what it answers, and how it ends.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { freePort } from "../free-port.mjs";
import { assertUsage, command, free, start } from "./cli-kit.mjs";
import { countersign as package_ } from "./helpers.mjs";

const isWindows = process.platform === "win32";
const CORS = {
	"access-control-allow-origin": "*",
	"access-control-allow-methods": "GET, POST",
	"access-control-allow-headers": "authorization, content-type, dpop",
};

/** Starts an issuer on a free port: what it prints, with PORT for the port, and its address on this machine. */
async function serving(t, ...args) {
	const { child, end } = start(["issuer", "--port", "0", ...args]);
	t.after(() => stopped(child, end));
	let lines = "";
	await new Promise((resolve) => {
		child.stdout.on("data", (text) => {
			lines += text;
			if (lines.endsWith("\n")) resolve(); // It is one text, written at once.
		});
		child.once("close", resolve);
	});
	const port = /:(\d+)$/m.exec(lines)?.[1];
	return { child, end, lines, port, text: lines.replaceAll(`:${port}`, ":PORT"), address: `http://127.0.0.1:${port}` };
}

function stopped(child, end) {
	child.kill();
	return end;
}

/** Asks, by an own connection each time: `status`, `headers` and `body`. */
function ask(address, { body, ...options } = {}) {
	return new Promise((resolve, reject) => {
		const asking = request(address, { agent: false, ...options }, async (response) => {
			let text = "";
			for await (const chunk of response) text += chunk;
			resolve({ status: response.statusCode, headers: response.headers, body: text });
		});
		asking.once("error", reject).end(body);
	});
}

const GRANT = "grant_type=client_credentials";
const FORM = { method: "POST", body: `${GRANT}&client_id=shop` };

test("what it prints", async (t) => {
	const { text } = await serving(t);
	assert.equal(
		text,
		`issuer    http://127.0.0.1:PORT
metadata  http://127.0.0.1:PORT/.well-known/openid-configuration
keys      http://127.0.0.1:PORT/jwks

A token:
  curl -s http://127.0.0.1:PORT/token -d grant_type=client_credentials -d client_id=client-1 -d scope=orders:read
One, checked:
  curl -s http://127.0.0.1:PORT/token -d grant_type=client_credentials -d client_id=client-1 |
    npx countersign verify --issuer http://127.0.0.1:PORT --audience https://api.example
In code:
  import { createVerifier } from "countersign";
  const verifier = createVerifier({
    issuer: "http://127.0.0.1:PORT",
    audience: "https://api.example",
  });
A login: this issuer, any clientId and redirectUri; the user is whom login_hint names.

It is for development: whoever reaches it gets tokens. Ctrl-C ends it.
`,
	);
});

/** The flags of verify and the options of a verifier that an issuer of these flags prints. */
const PRINTED = [
	[
		["--provider", "clerk", "--client-id", "it's mine"],
		`--issuer http://127.0.0.1:PORT --audience any --provider clerk --jwks http://127.0.0.1:PORT/jwks --authorized-party 'it'\\''s mine'`,
		'provider: "clerk", issuer: "http://127.0.0.1:PORT", audience: null, authorizedParty: "it\'s mine", jwksUri: "http://127.0.0.1:PORT/jwks",',
	],
	[
		["--provider", "github-actions"],
		"--issuer http://127.0.0.1:PORT --audience https://github.com/octo-org --provider github-actions --jwks http://127.0.0.1:PORT/jwks --claim repository=octo-org/octo-repo",
		'provider: "github-actions", issuer: "http://127.0.0.1:PORT", audience: "https://github.com/octo-org", claims: { repository: "octo-org/octo-repo" }, jwksUri: "http://127.0.0.1:PORT/jwks",',
	],
	[
		["--audience", "a b", "--audience", "c"],
		"--issuer http://127.0.0.1:PORT --audience 'a b' --audience c",
		'issuer: "http://127.0.0.1:PORT", audience: ["a b","c"],',
	],
	[
		["--host", "localhost"],
		"--issuer http://localhost:PORT --audience https://api.example",
		'issuer: "http://localhost:PORT", audience: "https://api.example",',
	],
	[
		["--host", "0.0.0.0"],
		"--issuer http://0.0.0.0:PORT --audience https://api.example --allow-http",
		'issuer: "http://0.0.0.0:PORT", audience: "https://api.example", allowHttp: true, // for development alone',
	],
	[
		["--host", "::1"],
		"--issuer http://[::1]:PORT --audience https://api.example",
		'issuer: "http://[::1]:PORT", audience: "https://api.example",',
	],
];
for (const [args, flags, options] of PRINTED) {
	test(`what it prints: ${args.join(" ")}`, async (t) => {
		const { text, end, child } = await serving(t, ...args);
		if (args[1] === "::1" && child.exitCode === 2) {
			assert.match((await end).stderr, /^countersign: cannot listen on port 0: E(ADDRNOTAVAIL|AFNOSUPPORT)\n/);
			return;
		}
		assert.equal(/npx countersign verify (.*)\n/.exec(text)[1], flags);
		const [, printed] = /createVerifier\(\{\n {4}([\s\S]*?)\n {2}\}\);/.exec(text);
		assert.equal(printed.replaceAll("\n    ", " "), options);
	});
}

for (const [provider, ...more] of [
	[undefined, "--client-id", "it's mine"],
	["clerk"],
	["firebase"],
	["github-actions"],
]) {
	test(`what it prints can be pasted: ${provider}`, { skip: isWindows }, async (t) => {
		const given = [...(provider ? ["--provider", provider] : []), ...more];
		const { lines, address } = await serving(t, "--claim", "role=buyer", ...given);
		const [, line] = /One, checked:\n([\s\S]*?)\nIn code/.exec(lines);
		const pasted = line.replaceAll("npx countersign", command);
		const out = await new Promise((resolve) =>
			execFile("sh", ["-c", pasted], (_, stdout, stderr) => resolve({ stdout, stderr })),
		);
		assert.equal(JSON.parse(out.stdout || "{}").role, "buyer", out.stderr);
		const [, options] = /createVerifier\((\{[\s\S]*?\})\);/.exec(lines);
		const verifier = package_.createVerifier(new Function(`return ${options}`)());
		const { access_token: token } = JSON.parse((await ask(`${address}/token`, { ...FORM, body: GRANT })).body);
		assert.equal((await verifier.verify(token)).claims.role, "buyer");
	});
}

test("what it answers: metadata, keys, tokens; pages of every origin may ask", async (t) => {
	const { address } = await serving(t);
	const has = ({ status, headers }, expected) => {
		assert.equal(status, expected);
		for (const [name, value] of Object.entries(CORS)) assert.equal(headers[name], value);
	};
	const metadata = await ask(`${address}/.well-known/openid-configuration`);
	has(metadata, 200);
	assert.equal(metadata.headers["content-type"], "application/json");
	assert.deepEqual(
		[JSON.parse(metadata.body).issuer, JSON.parse(metadata.body).jwks_uri],
		[address, `${address}/jwks`],
	);
	const keys = await ask(`${address}/jwks`);
	has(keys, 200);
	assert.equal(JSON.parse(keys.body).keys[0].kid, "key-1");
	const issued = await ask(`${address}/token`, FORM);
	has(issued, 200);
	const clientOf = ({ body }) => package_.decodeUnverified(JSON.parse(body).access_token).claims.client_id;
	assert.equal(clientOf(issued), "shop");
	const headers = { authorization: `Basic ${btoa("other:secret")}` };
	assert.equal(clientOf(await ask(`${address}/token`, { ...FORM, headers })), "other");
	has(await ask(`${address}/token`, { method: "OPTIONS" }), 204);
	has(await ask(`${address}/nothing`), 404);
	has(await ask(`${address}//evil.example`), 404);
	// A proxy's form of a request names another machine.
	has(await ask(address, { path: "http://evil.example/jwks" }), 404);
	const login = await ask(`${address}/authorize?redirect_uri=http://localhost/back&client_id=shop&state=s`);
	has(login, 302);
	assert.match(login.headers.location, /^http:\/\/localhost\/back\?code=[^&]+&state=s&/);
});

test("whom it cannot answer it does not keep waiting, and goes on", async (t) => {
	const { address } = await serving(t);
	const headers = { authorization: "Basic %%%" };
	await assert.rejects(ask(`${address}/token`, { ...FORM, headers }), { code: "ECONNRESET" });
	assert.equal((await ask(`${address}/jwks`)).status, 200);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
	test(`${signal} ends it, also while somebody is connected`, { skip: isWindows }, async (t) => {
		const { child, end, port } = await serving(t);
		const open = request({ host: "127.0.0.1", port, method: "POST", path: "/token" }).on("error", () => {});
		open.write("grant_type=");
		await new Promise((resolve) => open.once("socket", (socket) => socket.once("connect", resolve)));
		child.kill(signal);
		assert.deepEqual([(await end).status, (await end).stderr], [0, ""]);
	});
}

test("whoever stops reading ends it", { skip: isWindows }, async () => {
	const { child, end } = start(["issuer", "--port", "0"]);
	child.stdout.destroy();
	assert.deepEqual(await end, { status: 0, stdout: "", stderr: "" });
});

test("until its key is there, it says so", { skip: isWindows }, async (t) => {
	const pipe = free("key.pipe");
	spawnSync("mkfifo", [pipe]);
	const port = await freePort();
	const { child, end } = start(["issuer", "--port", String(port), "--key", pipe]);
	t.after(() => stopped(child, end));
	let status;
	while (status === undefined) status = (await ask(`http://127.0.0.1:${port}/jwks`).catch(() => ({}))).status;
	assert.equal(status, 503);
	await writeFile(pipe, "no key");
	assert.equal((await end).status, 2);
	assert.match((await end).stderr, /^countersign: --key: expected a private JWK in /);
});

function listening(port) {
	const server = createServer();
	return new Promise((resolve) => {
		// Somebody else's does as well.
		server.once("error", () => resolve(server));
		server.listen(port, "127.0.0.1", () => resolve(server));
	});
}

test("a port that is in use, and an address that is none of this machine", async (t) => {
	const why = "something else listens there; give another --port, or 0 for any that is free";
	for (const [port, ...flags] of [[8788], [65535, "--port", "65535"]]) {
		const server = await listening(port);
		t.after(() => server.close());
		await assertUsage(["issuer", ...flags], `cannot listen on port ${port}: ${why}`);
	}
	// RFC 5737: an address of no machine.
	const args = ["issuer", "--port", "0", "--host", "203.0.113.1"];
	await assertUsage(args, "cannot listen on port 0: EADDRNOTAVAIL");
});
