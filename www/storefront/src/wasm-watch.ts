// Imported first: sees the bytes of the core that the page compiles as WebAssembly, so that the page can show their SHA-256
// beside the worker's. It watches what really runs, instead of hashing a file that might run.

const { Module, compile } = WebAssembly;

async function sha256(bytes: BufferSource): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function copyOf(bytes: BufferSource): ArrayBuffer | Uint8Array<ArrayBuffer> {
	if (!ArrayBuffer.isView(bytes)) return bytes.slice(0);
	return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice();
}

/** The core is the module that verifies tokens: the one that helps it with RSA is a module as well. */
function isCore(module: WebAssembly.Module): boolean {
	return Module.exports(module).some(({ name }) => name === "verifier_verify");
}

/** SHA-256 of the wasm which runs in this page, once some does. */
export const pageWasm: Promise<string> = new Promise((resolve, reject) => {
	const watch = (module: WebAssembly.Module, bytes: BufferSource): WebAssembly.Module => {
		if (isCore(module)) sha256(bytes).then(resolve, reject);
		return module;
	};
	WebAssembly.compile = async (bytes) => {
		const copy = copyOf(bytes);
		return watch(await compile(bytes), copy);
	};
	WebAssembly.Module = new Proxy(Module, {
		construct(target, [bytes]: [BufferSource]) {
			const copy = copyOf(bytes);
			return watch(new target(bytes), copy);
		},
	});
});
