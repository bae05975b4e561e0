// A script that tries to start WebAssembly and says what it would tell, for realms and runtimes that may refuse it.

import { bundled } from "./source-kit.mjs";

/** Explains a failure. */
export const text = await bundled("core/wasm-support.ts");
const script = text.replace(/^export \{[^}]*\};?$/m, "");

/** The smallest module there is. */
export const EMPTY = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])";
/** What a page is told whose policy forbids it. */
export const POLICY = /^countersign: the Content-Security-Policy.*'wasm-unsafe-eval'/;

/** A script with a function `attempt`, which runs the code. */
export const attempt = (code) => `
	${script}
	function attempt() {
		try {
			${code};
			return "started";
		} catch (error) {
			return explainFailure(error).message;
		}
	}`;
