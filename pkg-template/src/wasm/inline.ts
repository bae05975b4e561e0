// The default: the core travels inside the JavaScript and is compiled on first use.

import base64 from "countersign:bytes";

export function loadModule(): WebAssembly.Module {
	return new WebAssembly.Module(decode(base64));
}

export function requestBound(): boolean {
	return false;
}

function decode(text: string): Uint8Array<ArrayBuffer> {
	const native = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
	if (native.fromBase64) return native.fromBase64(text);
	const binary = atob(text);
	const bytes = new Uint8Array(binary.length);
	for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
	return bytes;
}
