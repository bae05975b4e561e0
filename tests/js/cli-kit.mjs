// npx countersign, installed from the packed tarball, and files for it.

import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { consumer } from "../consumers/helpers.mjs";

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
