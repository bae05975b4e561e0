// Wasm modules as string literals of printable ASCII, which no bundler has to escape and no page's encoding changes.

/** Characters that mean nothing to JavaScript, to HTML or to String.replace. */
const CHARACTERS = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).filter(
	(character) => !'"\\`$<'.includes(character),
);
/** A code of two characters begins with one of these. src/core/wasm/from-text.ts knows them. */
const PREFIXES = ["(", ")"];

/**
 * The codes of all bytes, by byte: for the most frequent ones, one character; for the rest, two. A byte that is a
 * character itself has that one, if it can: texts within the module stay as they are, which compresses better.
 */
export function codesOf(modules) {
	const frequency = new Array(256).fill(0);
	for (const byte of modules.flatMap((bytes) => [...bytes])) frequency[byte]++;
	const byFrequency = [...frequency.keys()].sort((a, b) => frequency[b] - frequency[a]);

	const single = CHARACTERS.filter((character) => !PREFIXES.includes(character));
	const double = PREFIXES.flatMap((prefix) => CHARACTERS.map((character) => prefix + character));
	const frequent = new Set(byFrequency.slice(0, single.length));
	const itself = (byte) => frequent.has(byte) && single.includes(String.fromCharCode(byte));
	const others = single.filter((character) => !itself(character.charCodeAt(0)));
	return frequency.map((_, byte) => {
		if (itself(byte)) return String.fromCharCode(byte);
		return frequent.has(byte) ? others.shift() : double.shift();
	});
}

/** The literal of a module: all codes, and then those of its bytes. */
export function literal(bytes, codes) {
	return `"${codes.join("")}${Array.from(bytes, (byte) => codes[byte]).join("")}"`;
}
