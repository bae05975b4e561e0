// Imported first by each process that a test starts: the mutant is the worker's, and what was run is left for it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const { __STRYKER_ACTIVE_MUTANT__: activeMutant, MUTANTS_REACHED: folder, MUTANTS_HITS: hitLimit } = process.env;
const reached = {};
const mutantCoverage = { static: reached, perTest: {} };
globalThis.__stryker__ = { activeMutant, mutantCoverage, hitCount: 0, hitLimit: Number(hitLimit) };

if (folder) {
	process.once("exit", () => writeFileSync(join(folder, `${process.pid}`), JSON.stringify(Object.keys(reached))));
}

// A mutant may keep it from ending, and the worker does not wait for it.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(), 1_000).unref();
