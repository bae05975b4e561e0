// Imported first: sees the bytes of the core that the page compiles as WebAssembly, so that the page can show their SHA-256
// beside the worker's. It watches what really runs, instead of hashing a file that might run.

const { Module } = WebAssembly;

async function sha256(bytes: BufferSource): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of the wasm which runs in this page, once some does. */
export const pageWasm: Promise<string> = new Promise((resolve, reject) => {
	WebAssembly.Module = new Proxy(Module, {
		construct(target, [bytes]: [BufferSource]) {
			const copy = ArrayBuffer.isView(bytes)
				? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice()
				: bytes.slice(0);
			const module = new target(bytes);
			// What unpacks the core, and what helps it with RSA, are modules as well.
			if (Module.exports(module).some(({ name }) => name === "verify")) sha256(copy).then(resolve, reject);
			return module;
		},
	});
});
