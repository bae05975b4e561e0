// Condition `edge-light` (Next.js, Vercel): `?module` asks the bundler for a compiled module.

import compiled from "countersign.wasm?module";

export function coreModule(): WebAssembly.Module {
	return compiled;
}

export async function compileCore(): Promise<WebAssembly.Module> {
	return compiled;
}

/** None: code from bytes is forbidden here, and Next.js compiles what `?module` names on Node.js versions without it. */
export function rsaFmaModule(): undefined {
	return undefined;
}

export function promisesAreRequestScoped(): boolean {
	return true;
}

/** None that all runtimes of this build have. */
export function platformWaitUntil(): undefined {
	return undefined;
}
