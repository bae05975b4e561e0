// The core in one wasm instance: made on first use, discarded when it traps, made again by the next call.

import { type Bindings, createBindings } from "countersign:bindings";
import { compileCore, coreModule } from "countersign:wasm";
import { isRefusal, TokenError } from "../error.js";
import { kernels } from "./kernels.js";
import { encoding } from "./text-encoding.js";
import { TokenBuffer } from "./token-buffer.js";
import { explainFailure } from "./wasm-support.js";

/** @internal The core's exports, and the buffer by which tokens reach it. */
export interface Instance {
	readonly core: Bindings;
	readonly buffer: TokenBuffer;
	discard(): void;
}

let current: Instance | undefined;
let compiled: WebAssembly.Module | undefined;

/** Compiles the core off the main thread, where the runtime can, so that nothing waits for it later. */
export async function init(): Promise<void> {
	try {
		compiled ??= await compileCore();
	} catch (error) {
		throw explainFailure(error);
	}
	current ??= start();
}

/**
 * @internal Runs `work` on the instance. What the core refuses arrives as a {@link TokenError}, a wrong argument as a
 * `TypeError`; after a trap, this call fails with `internal` and the next one finds a new instance.
 */
export function withInstance<T>(work: (instance: Instance) => T): T {
	current ??= start();
	const instance = current;
	try {
		return work(instance);
	} catch (error) {
		if (error instanceof TokenError || error instanceof TypeError) throw error;
		if (isRefusal(error)) throw new TokenError(error);
		instance.discard();
		current = undefined;
		throw new TokenError(TRAPPED, error);
	}
}

const TRAPPED = {
	code: "internal",
	message: "internal: the core stopped; nothing was accepted, and the next call works. Please report what led to it",
	help: `https://unpkg.com/countersign@${VERSION}/errors/internal.md`,
	status: 503,
} as const;

function start(): Instance {
	try {
		compiled ??= coreModule();
		return instantiate(compiled);
	} catch (error) {
		throw explainFailure(error);
	}
}

function instantiate(module: WebAssembly.Module): Instance {
	const core = createBindings(encoding);
	const imports = {
		"./countersign_bg.js": { ...core } as unknown as WebAssembly.ModuleImports,
		...kernels(() => exports.memory as WebAssembly.Memory),
	};
	const { exports } = new WebAssembly.Instance(module, imports);
	core.__wbg_set_wasm(exports);
	(exports.__wbindgen_start as () => void)();
	return {
		core,
		buffer: new TokenBuffer(core, exports.memory as WebAssembly.Memory),
		discard() {
			// No finalizer enters the poisoned code of a dead instance.
			core.__wbg_set_wasm(Object.fromEntries(Object.keys(exports).map((name) => [name, () => {}])));
		},
	};
}
