// The default: the core travels inside the JavaScript and is compiled on first use.

import text from "countersign:core-text";
import { bytesOf } from "./bytes.js";

export { fusedModule } from "./fused-text.js";

export function loadModule(): WebAssembly.Module {
	return new WebAssembly.Module(bytesOf(text));
}

export function requestBound(): boolean {
	return false;
}
