// edwards25519 in BigInt, for what OpenSSL does not make: points of small and mixed order.

import { fromLittleEndian, toLittleEndian } from "./numbers.mjs";

export const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const ROOM = 2n ** 255n;

export const mod = (x, m = P) => ((x % m) + m) % m;

function power(x, exponent) {
	let result = 1n;
	let square = mod(x);
	for (let left = exponent; left > 0n; left >>= 1n) {
		if (left & 1n) result = mod(result * square);
		square = mod(square * square);
	}
	return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const NEUTRAL = [0n, 1n, 1n, 0n];

export function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
	const [a, b, c, d] = [
		mod((y1 - x1) * (y2 - x2)),
		mod((y1 + x1) * (y2 + x2)),
		mod(2n * D * t1 * t2),
		mod(2n * z1 * z2),
	];
	const [e, f, g, h] = [b - a, d - c, d + c, b + a];
	return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

export function times(scalar, point) {
	let result = NEUTRAL;
	let doubled = point;
	for (let left = scalar; left > 0n; left >>= 1n) {
		if (left & 1n) result = add(result, doubled);
		doubled = add(doubled, doubled);
	}
	return result;
}

export function encode([x, y, z]) {
	const inverse = power(z, P - 2n);
	return toLittleEndian(mod(y * inverse) + (mod(x * inverse) & 1n) * ROOM);
}

/** The point of any encoding, canonical or not; null if there is none. */
export function decode(octets) {
	const number = fromLittleEndian(octets);
	const y = number % ROOM;
	const [u, v] = [y * y - 1n, D * y * y + 1n];
	let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
	if (mod(v * x * x - u) !== 0n) x = mod(x * power(2n, (P - 1n) / 4n));
	if (mod(v * x * x - u) !== 0n) return null;
	if ((x & 1n) !== number / ROOM) x = mod(-x);
	return [x, mod(y), 1n, mod(x * y)];
}

export const BASE = decode(Buffer.from(`58${"66".repeat(31)}`, "hex"));

/** The eight points of small order. */
export const TORSION = torsion();

function torsion() {
	for (let y = 2n; ; y += 1n) {
		const point = decode(toLittleEndian(y));
		const small = point && times(L, point);
		// It has order 8 if four of it are not yet the neutral element, whose y is 1.
		if (small && fromLittleEndian(encode(times(4n, small))) !== 1n) {
			return Array.from({ length: 8 }, (_, i) => times(BigInt(i), small));
		}
	}
}

/** The encodings that are not canonical: y of p or above, and x = 0 with its sign set. */
export const NON_CANONICAL = [
	...Array.from({ length: 38 }, (_, i) => toLittleEndian(P + BigInt(i >> 1) + BigInt(i & 1) * ROOM)),
	...[1n, P - 1n].map((y) => toLittleEndian(y + ROOM)),
];

export const SMALL = TORSION.map(encode);

const nonCanonical = new Set(NON_CANONICAL.map((octets) => octets.toString("hex")));
const small = new Set(SMALL.map((octets) => octets.toString("hex")));
for (const octets of NON_CANONICAL) {
	const point = decode(octets);
	if (point && small.has(encode(point).toString("hex"))) small.add(octets.toString("hex"));
}

export const isNonCanonical = (octets) => nonCanonical.has(octets.toString("hex"));
/** Whether octets are, canonical or not, a point of small order. */
export const isSmall = (octets) => small.has(octets.toString("hex"));
