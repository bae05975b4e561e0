// Whose code is in a wasm module: the bytes of its functions by the crates and modules of their names.

/** Bytes by owner, largest first, from a module that still has its name section. */
export function bytesByOwner(wasm) {
	const sections = sectionsOf(wasm);
	const imported = importedFunctions(sections.get(2));
	const names = functionNames(sections.get("name"));
	const owners = new Map();
	for (const [i, size] of functionSizes(sections.get(10)).entries()) {
		const owner = ownerOf(names.get(imported + i) ?? "");
		owners.set(owner, (owners.get(owner) ?? 0) + size);
	}
	owners.set("(data)", sections.get(11)?.bytes.length ?? 0);
	return [...owners].sort((a, b) => b[1] - a[1]);
}

/** A crate's name; for our own crate its module, and for the signatures their family. */
function ownerOf(name) {
	// Demangled: countersign::signature::rsa::…, <der::reader::SliceReader as …>::read, core[1f…]::fmt::…
	const [, crate, rest] = /\b([a-z]\w*)(?:\[[0-9a-f]+\])?::(.*)/.exec(name) ?? [];
	if (crate !== "countersign") return crate ?? "(JavaScript binding)";
	return /^(signature::(?!V)\w+|\w+)/.exec(rest)?.[0] ?? crate;
}

/** A reader of WebAssembly's binary format (Core Specification §5). */
class Reader {
	at = 0;
	constructor(bytes) {
		this.bytes = bytes;
	}
	get done() {
		return this.at >= this.bytes.length;
	}
	number() {
		let value = 0;
		for (let shift = 0; ; shift += 7) {
			const byte = this.bytes[this.at++];
			value += (byte & 127) * 2 ** shift;
			if (byte < 128) return value;
		}
	}
	take(length = this.number()) {
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}
	text() {
		return Buffer.from(this.take()).toString();
	}
}

function sectionsOf(wasm) {
	const sections = new Map();
	const reader = new Reader(wasm.subarray(8));
	while (!reader.done) {
		const id = reader.bytes[reader.at++];
		const section = new Reader(reader.take());
		sections.set(id === 0 ? section.text() : id, section);
	}
	return sections;
}

function importedFunctions(section) {
	let functions = 0;
	for (let left = section?.number() ?? 0; left > 0; left--) {
		section.text();
		section.text();
		const kind = section.bytes[section.at++];
		if (kind === 0) functions++;
		if (kind === 1) section.at++; // a table's element type, then its limits
		if (kind === 1 || kind === 2) {
			const bounded = section.number() & 1;
			section.number();
			if (bounded) section.number();
		} else if (kind === 3) section.at += 2;
		else section.number();
	}
	return functions;
}

function functionSizes(section) {
	return Array.from({ length: section.number() }, () => section.take().length);
}

function functionNames(section) {
	const names = new Map();
	while (section && !section.done) {
		const kind = section.bytes[section.at++];
		const part = new Reader(section.take());
		if (kind !== 1) continue;
		for (let left = part.number(); left > 0; left--) names.set(part.number(), part.text());
	}
	return names;
}
