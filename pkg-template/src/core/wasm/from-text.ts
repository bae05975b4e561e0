// Wasm modules from strings: a character a byte.

/** The bytes of a module from its text, whose characters are U+0000 to U+00FF. */
export function fromText(text: string): Uint8Array<ArrayBuffer> {
	const { fromBase64 } = Uint8Array as { fromBase64?(text: string): Uint8Array<ArrayBuffer> };
	// The platform's own code takes a tenth of the time that a loop takes which runs for the first time.
	if (fromBase64) return fromBase64.call(Uint8Array, btoa(text));
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}
