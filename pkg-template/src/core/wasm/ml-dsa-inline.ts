// The default: the kernel travels inside the JavaScript.

import text from "countersign:ml-dsa-text";
import { fromText } from "./from-text.js";

/** ml-dsa.wasm, compiled at once. */
export function mlDsaModule(): WebAssembly.Module {
	return new WebAssembly.Module(fromText(text));
}
