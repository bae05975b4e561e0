// The memory of each instance of the core, the last one last: to poison it. No instance is made before the first call.

export const memories = [];

const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
	constructor(...args) {
		super(...args);
		// A kernel is an instance as well.
		if (this.exports.__wbindgen_start) memories.push(this.exports.memory);
	}
};
