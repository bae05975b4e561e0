// Every wasm memory that is made from now on. To be imported before the package, which may use the core when it is loaded.

const all = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
	constructor(...args) {
		super(...args);
		if (this.exports.memory) all.push(this.exports.memory);
	}
};

/** Their size in bytes, together. */
export const wasmBytes = () => all.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
