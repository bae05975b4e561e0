// Wasm inside JavaScript: as text that servers compress about as well as the bytes themselves. base64 hides the
// repetitions from them, which makes a download a third larger.

/** The printable ASCII characters that need no escape inside a string or a script element. */
const CHARACTERS = [...Array(95).keys()].map((i) => String.fromCharCode(32 + i)).filter((c) => !'"\\<'.includes(c));
/** The last of them announce a second character. */
const PREFIXES = 2;

/**
 * The source of a module that holds bytes: the values 0 to 255 by how often they occur, and the text. The more
 * frequent values are a character each, the others two. `bytes.ts` in the package reads it.
 */
export function wasmModule(bytes) {
	const count = new Array(256).fill(0);
	for (const byte of bytes) count[byte]++;
	const values = [...count.keys()].sort((a, b) => count[b] - count[a]);
	const singles = CHARACTERS.length - PREFIXES;
	const codes = [];
	for (const [rank, value] of values.entries()) {
		const beyond = rank - singles;
		const prefix = CHARACTERS[singles + Math.floor(beyond / CHARACTERS.length)];
		codes[value] = beyond < 0 ? CHARACTERS[rank] : prefix + CHARACTERS[beyond % CHARACTERS.length];
	}
	const text = Array.from(bytes, (byte) => codes[byte]).join("");
	return [
		`export const values = [${values}];`,
		`export const length = ${bytes.length};`,
		`export const text = "${text}";`,
	].join("\n");
}
