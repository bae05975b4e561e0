// Whole numbers and their octets.

export const fromOctets = (octets) => BigInt(`0x${Buffer.from(octets).toString("hex") || "0"}`);
export const fromLittleEndian = (octets) => fromOctets(Buffer.from(octets).reverse());

/** Big-endian, at least so many octets; undefined if it has no room. */
export function toOctets(number, length) {
	const text = number.toString(16).padStart(2 * length, "0");
	return text.length > 2 * length ? undefined : Buffer.from(text, "hex");
}

export const toLittleEndian = (number) => toOctets(number, 32).reverse();
