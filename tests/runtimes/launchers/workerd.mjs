// workerd, as Cloudflare runs it, under miniflare; the package by its `workerd` condition.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { ask, bundle } from "../helpers.mjs";

export const workerd = {
	name: "workerd",
	missing: () => undefined,
	async run(folder) {
		const worker = await bundle(folder, "worker.mjs", {
			outfile: join("workerd", "worker.mjs"),
			conditions: ["workerd"],
			loader: { ".wasm": "copy" },
			assetNames: "[name]",
		});
		const miniflare = fileURLToPath(new URL("../miniflare.mjs", import.meta.url));
		return ask(modernNode(), [miniflare, worker, join(folder, "corpus.json")]);
	},
};
