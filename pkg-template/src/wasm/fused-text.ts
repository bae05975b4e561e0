// The part that needs relaxed SIMD, compiled from bytes: where the runtime knows the instructions and allows it.

import text from "countersign:fused-text";
import { bytesOf } from "./bytes.js";

/** @internal */
export function fusedModule(): WebAssembly.Module | undefined {
	try {
		const bytes = bytesOf(text);
		return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
	} catch {
		return undefined; // slim in a worker: code from bytes is forbidden.
	}
}
