// Wasm modules from strings of printable ASCII (made by scripts/wasm-text.mjs).

/** Where the codes that begin with `(` or `)` are in the table; those of one character are before. */
const PARTS = { 40: 0x100, 41: 0x200 };
/** In the table, of what is no code. Behind the table's end, so nothing that follows is a code either. */
const NONE = 0xffff;

/** The bytes of a module from its text. */
export function fromText(text: string): Uint8Array<ArrayBuffer> {
	const table: Record<number, number> = Object.assign(new Uint16Array(0x300).fill(NONE), PARTS);
	let [at, part, length] = [0, 0, 0];
	// It begins with the codes of the bytes 0 to 255.
	for (let byte = 0; byte < 256 && at < text.length; at++) {
		const place = part + text.charCodeAt(at);
		part = table[place] === NONE ? 0 : (table[place] as number);
		if (part === 0) table[place] = byte++;
	}
	const bytes = new Uint8Array(text.length);
	for (; at < text.length; at++) {
		const value = table[part + text.charCodeAt(at)] as number;
		if (value < 256) {
			bytes[length++] = value;
			part = 0;
		} else part = value;
	}
	if (part !== 0) throw new WebAssembly.CompileError("its text has characters that were never put there");
	return bytes.subarray(0, length);
}
