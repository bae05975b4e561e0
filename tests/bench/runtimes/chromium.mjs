// Chromium: a fresh browser for each algorithm, started as the runtimes suite starts it. Its page finds the job
// where the suite's page finds the corpus.

import { bundle, writeCorpus } from "../../runtimes/helpers.mjs";
import { chromium as launcher } from "../../runtimes/launchers/browsers.mjs";
import { script } from "../workplace.mjs";

export const chromium = {
	id: "chromium",
	name: launcher.name,
	missing: launcher.missing,
	// The page's clock has steps of 0.1 ms.
	settings: { turn: 1.5 },
	prepare: (folder) => bundle(folder, script(folder, "page.mjs"), { outfile: "page.mjs" }),
	async run(folder, job) {
		await writeCorpus(folder, job);
		return launcher.run(folder);
	},
};
