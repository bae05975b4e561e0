// All extra measurements by name. Each has a title, columns and row for its table, and either `drive(folder)`, or
// `make(options)` for the driver, whose elements are jobs of a process each, and `measure(job, settings, say)` for
// that process; `merge(results)` if the processes together make the table's rows.

import * as cold from "./cold.mjs";
import * as download from "./download.mjs";
import * as imports from "./imports.mjs";
import * as inFlight from "./in-flight.mjs";
import * as manyKeys from "./many-keys.mjs";
import * as memory from "./memory.mjs";
import * as startup from "./startup.mjs";
import * as tokenSize from "./token-size.mjs";
import * as verdictCache from "./verdict-cache.mjs";

export const EXTRAS = {
	cold,
	imports,
	"token-size": tokenSize,
	"many-keys": manyKeys,
	"in-flight": inFlight,
	memory,
	"verdict-cache": verdictCache,
	startup,
	download,
};
