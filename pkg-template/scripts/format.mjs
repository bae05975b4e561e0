#!/usr/bin/env node

// npm run format: brings everything into the one form that `npm run lint` asks for.

import { main, run, step } from "./cli.mjs";
import { inRoot, root } from "./paths.mjs";

const HELP = `
npm run format

Formats TypeScript, JavaScript, CSS and JSON (biome) and Rust (cargo fmt), and fixes what can be fixed safely.
`;

await main(HELP, async () => {
	const biome = inRoot("node_modules", "@biomejs", "biome", "bin", "biome");
	await step("biome", async () => {
		await run(process.execPath, [biome, "check", "--write", "."], { cwd: root, remedy: "fix what biome names above" });
	});
	await step("cargo fmt", async () => {
		await run("cargo", ["fmt", "--all"], { cwd: root, remedy: "run npm run setup" });
	});
});
