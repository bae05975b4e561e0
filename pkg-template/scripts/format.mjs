#!/usr/bin/env node
// npm run format: brings everything into the one form that `npm run lint` asks for.

import { inRoot, root } from "./places.mjs";
import { main, run, step } from "./progress.mjs";

const HELP = `
npm run format

Formats TypeScript, JavaScript, CSS and JSON (biome) and Rust (cargo fmt), and mends what can be mended safely.
`;

await main(HELP, async () => {
	const biome = inRoot("node_modules", "@biomejs", "biome", "bin", "biome");
	await step("biome", async () => {
		await run(process.execPath, [biome, "check", "--write", "."], { cwd: root, remedy: "mend what biome names above" });
	});
	await step("cargo fmt", async () => {
		await run("cargo", ["fmt", "--all"], { cwd: root, remedy: "run npm run setup" });
	});
});
