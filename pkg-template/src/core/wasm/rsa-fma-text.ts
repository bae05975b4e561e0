// The part that needs relaxed SIMD, compiled from bytes: where the runtime knows the instructions and allows it.

import text from "countersign:rsa-fma-text";
import { fromText } from "./from-text.js";

/** @internal */
export function rsaFmaModule(): WebAssembly.Module | undefined {
	try {
		const bytes = fromText(text);
		return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
	} catch {
		return undefined; // slim in a worker: code from bytes is forbidden.
	}
}
