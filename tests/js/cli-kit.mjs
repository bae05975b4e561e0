// npx countersign, installed from the packed tarball: how to run it, files for it, and tokens signed without the package.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { consumer } from "../consumers/helpers.mjs";
import { keyPair } from "../keys.mjs";

export const folder = await consumer({ after }, {});
export const command = join(folder, "node_modules", ".bin", "countersign");

export const scratch = mkdtempSync(join(tmpdir(), "countersign-cli-"));
after(() => rm(scratch, { recursive: true, force: true }));

/** Writes a file; its path. */
export function file(name, content) {
	const path = join(scratch, name);
	writeFileSync(path, content);
	return path;
}

/** A path of a file that is not there, also where a test runs again. */
export function free(name) {
	const path = join(scratch, name);
	rmSync(path, { force: true });
	return path;
}

/** Starts the command: `child`, and the promise of its `end`. */
export function start(args, { input = "", env = {} } = {}) {
	const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
	const child = spawn(command, args, { cwd: folder, env: { ...inherited, ...env } });
	const said = { stdout: "", stderr: "" };
	for (const stream of ["stdout", "stderr"]) {
		child[stream].setEncoding("utf8").on("data", (text) => {
			said[stream] += text;
		});
	}
	child.stdin.on("error", () => {}); // It need not read what it is given.
	child.stdin.end(input);
	return { child, end: new Promise((resolve) => child.once("close", (status) => resolve({ status, ...said }))) };
}

/** Runs the command to its end. */
export const countersign = (args, options) => start(args, options).end;

/** Checks that a command line is refused with 2 and exactly this message, and how to see more of `name`. */
export async function assertUsage(args, message, name = `${args[0]} `, options = {}) {
	const expected = { status: 2, stdout: "", stderr: `countersign: ${message}\nTry: npx countersign ${name}--help\n` };
	assert.deepEqual(await countersign(args, options), expected, args.join(" "));
}

export const issuer = "https://auth.example.com";
export const audience = "https://api.shop.example.com";
export const now = 1_800_000_000;
export const claims = { iss: issuer, aud: audience, sub: "user-1", iat: now, exp: now + 300 };

const pair = keyPair("ec", { namedCurve: "P-256" });
export const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256" };
export const jwks = file("jwks.json", JSON.stringify({ keys: [jwk] }));
export const pem = file("key.pem", pair.publicKey.export({ format: "pem", type: "spki" }));

/** A part of a token. */
export const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token that is good at `now`, but for the changes. */
export function token(changes = {}, header = {}) {
	const input = `${part({ alg: "ES256", kid: "k1", ...header })}.${part({ ...claims, ...changes })}`;
	const signature = sign("sha256", Buffer.from(input), { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

export const good = token();
/** The flags by which `good` is that. */
export const policy = ["--issuer", issuer, "--audience", audience, "--now", String(now)];
/** Those, and the key. */
export const judged = [...policy, "--jwks", jwks];
