// Before anything else is imported: counts the wasm instances of this isolate.

const { Instance } = WebAssembly;
globalThis.instances = 0;
WebAssembly.Instance = class extends Instance {
	constructor(...given) {
		super(...given);
		globalThis.instances += 1;
	}
};
