// Bytes from the text that the build makes of them: see scripts/wasm-text.mjs.

/** What a module made by the build exports. */
export interface WasmText {
	/** The values 0 to 255, by how often they occur. */
	readonly values: readonly number[];
	readonly length: number;
	readonly text: string;
}

const EXCLUDED = '"\\<';
/** How many values are a character each; what stands for the others begins with one of the last two characters. */
const SINGLES = 90;

export function bytesOf({ values, length, text }: WasmText): Uint8Array<ArrayBuffer> {
	const ranks = new Uint8Array(128);
	let rank = 0;
	for (let code = 32; code < 127; code++) if (!EXCLUDED.includes(String.fromCharCode(code))) ranks[code] = rank++;
	const ranked = Uint8Array.from(values);
	const bytes = new Uint8Array(length);
	for (let from = 0, to = 0; to < length; to++) {
		let at = ranks[text.charCodeAt(from++)] as number;
		if (at >= SINGLES) at = SINGLES + (at - SINGLES) * rank + (ranks[text.charCodeAt(from++)] as number);
		bytes[to] = ranked[at] as number;
	}
	return bytes;
}
