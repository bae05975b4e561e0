// All extra measurements by name. Each has a title, columns and row for its table, and one of two ways to measure:
// - `drive(folder, options)` resolves to { where, rows }, `where` being told beside the title. If there is a `runtime`,
//   it is the id of the one that has to be there;
// - `make(options)` gives the jobs of a Node.js process each, `measure(job, settings, say)` does one in that process,
//   and `merge(results)`, where there is one, makes the table's rows of all.

import * as cold from "./cold.mjs";
import * as download from "./download.mjs";
import * as firstVerdict from "./first-verdict.mjs";
import * as flood from "./flood.mjs";
import * as guard from "./guard.mjs";
import * as guardNode from "./guard-node.mjs";
import * as imports from "./imports.mjs";
import * as inFlight from "./in-flight.mjs";
import * as isolate from "./isolate.mjs";
import * as manyKeys from "./many-keys.mjs";
import * as memory from "./memory.mjs";
import * as rules from "./rules.mjs";
import * as startup from "./startup.mjs";
import * as tokenSize from "./token-size.mjs";
import * as verdictCache from "./verdict-cache.mjs";
import * as visitor from "./visitor.mjs";

export const EXTRAS = {
	cold,
	imports,
	"token-size": tokenSize,
	"many-keys": manyKeys,
	"in-flight": inFlight,
	flood,
	memory,
	"verdict-cache": verdictCache,
	rules,
	startup,
	guard,
	"guard-node": guardNode,
	isolate,
	"first-verdict": firstVerdict,
	download,
	visitor,
};
