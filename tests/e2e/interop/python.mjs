// Servers that are written in Python, each in a process of its own.

import { fileURLToPath } from "node:url";
import { venvPython } from "./install.mjs";
import { startProcess } from "./process.mjs";

/** Starts `python/NAME.py` with a configuration; resolves to what it says of itself, and how to end it. */
export async function startPython(name, config) {
	const script = fileURLToPath(new URL(`python/${name}.py`, import.meta.url));
	const told = (folder) => JSON.stringify({ ...config, folder });
	const { line, close } = await startProcess(name, venvPython, ["-B", script], told);
	return { ...JSON.parse(line), close };
}
