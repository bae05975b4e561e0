// The default: the core travels inside the JavaScript.

import text from "countersign:core-text";
import { fromText } from "./from-text.js";

export { rsaFmaModule } from "./rsa-fma-text.js";

/** The core, compiled at once. */
export function coreModule(): WebAssembly.Module {
	return new WebAssembly.Module(fromText(text));
}

/** The core, compiled off the main thread. */
export function compileCore(): Promise<WebAssembly.Module> {
	return WebAssembly.compile(fromText(text));
}

/** Whether this runtime forbids one request from awaiting a promise that another made. */
export function promisesAreRequestScoped(): boolean {
	return false;
}

/** None that all runtimes of this build have. */
export function platformWaitUntil(): undefined {
	return undefined;
}
