// The part that needs relaxed SIMD, compiled from bytes: where the runtime knows the instructions and allows it.

import text from "countersign:rsa-fma-text";
import { fromText } from "./from-text.js";

/** @internal Throws where the runtime knows no relaxed SIMD; or slim in a worker: code from bytes is forbidden. */
export function rsaFmaModule(): WebAssembly.Module {
	return new WebAssembly.Module(fromText(text));
}
