// RFC 7518 §3.4, RFC 8812 §3.2, FIPS 186-5 §6.4: r and s are two numbers from 1 to n - 1, each of the
// curve's full length, one after the other.
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { suite } from "./corpus.mjs";
import { digest, signWhere } from "./sign.mjs";

const { accept, refuse } = suite("ecdsa");
const CURVES = {
	ES256: ["es256", 32, p256],
	ES384: ["es384", 48, p384],
	ES512: ["es512", 66, p521],
	ES256K: ["es256k", 32, secp256k1],
};
for (const [alg, [key, length, curve]] of Object.entries(CURVES)) {
	const { n, p } = curve.Point.CURVE();
	const RFC = alg === "ES256K" ? "RFC 8812 §3.2" : "RFC 7518 §3.4";
	const hash = { ES256: "sha256", ES384: "sha384", ES512: "sha512", ES256K: "sha256" }[alg];
	const number = (octets) => BigInt(`0x${octets.toString("hex")}`);
	const octets = (value, size = length) => Buffer.from(value.toString(16).padStart(size * 2, "0"), "hex");
	const half = (made) => [number(made.subarray(0, length)), number(made.subarray(length))];
	const max = 2n ** BigInt(length * 8) - 1n;
	const bad = (name, change, rfc = RFC) =>
		refuse(`${alg}/${name}`, "signature_invalid", rfc, { key, signature: change });
	const pair = (r, s) => () => Buffer.concat([octets(r), octets(s)]);

	const edges = {
		0: 0n,
		1: 1n,
		2: 2n,
		"n-1": n - 1n,
		n,
		"n+1": n + 1n,
		"half-n": n / 2n,
		p,
		"p-1": p - 1n,
		max,
		"2^(bits-1)": 2n ** BigInt(length * 8 - 1),
	};
	for (const [rName, r] of Object.entries(edges)) {
		if (r <= max) bad(`r-${rName}`, (made) => Buffer.concat([octets(r), made.subarray(length)]), "FIPS 186-5 §6.4.2");
		if (r <= max)
			bad(`s-${rName}`, (made) => Buffer.concat([made.subarray(0, length), octets(r)]), "FIPS 186-5 §6.4.2");
	}
	for (const [name, [r, s]] of Object.entries({
		"0-0": [0n, 0n],
		"0-1": [0n, 1n],
		"1-0": [1n, 0n],
		"1-1": [1n, 1n],
		"n-0": [n, 0n],
		"0-n": [0n, n],
		"n-n": [n, n],
		"1-n": [1n, n],
		"n-1": [n, 1n],
		"p-p": [p, p],
		"max-max": [max, max],
	}))
		if (r <= max && s <= max) bad(`both-${name}`, pair(r, s), "FIPS 186-5 §6.4.2");
	// The same numbers modulo n, written larger, where there is room.
	bad(
		"s-plus-n",
		(made) => {
			const [r, s] = half(made);
			return s + n <= max ? pair(r, s + n)() : Buffer.concat([octets(r), octets(s + n, length + 1)]);
		},
		"FIPS 186-5 §6.4.2",
	);
	bad(
		"r-plus-n",
		(made) => {
			const [r, s] = half(made);
			return r + n <= max ? pair(r + n, s)() : Buffer.concat([octets(r + n, length + 1), octets(s)]);
		},
		"FIPS 186-5 §6.4.2",
	);
	bad("r-negated", (made) => pair(n - half(made)[0], half(made)[1])());
	// JOSE takes both of s and n - s.
	accept(`${alg}/s-negated`, RFC, { key, signature: (made) => pair(half(made)[0], n - half(made)[1])() });
	bad("swapped", (made) => Buffer.concat([made.subarray(length), made.subarray(0, length)]));
	bad("r-twice", (made) => Buffer.concat([made.subarray(0, length), made.subarray(0, length)]));
	bad("s-twice", (made) => Buffer.concat([made.subarray(length), made.subarray(length)]));
	bad("little-endian", (made) =>
		Buffer.concat([Buffer.from(made.subarray(0, length)).reverse(), Buffer.from(made.subarray(length)).reverse()]),
	);
	bad("octets-reversed", (made) => Buffer.from(made).reverse());

	// Lengths.
	bad("only-r", (made) => made.subarray(0, length));
	bad("only-s", (made) => made.subarray(length));
	bad("octet-in-front", (made) => Buffer.concat([Buffer.of(0), made]));
	bad("octet-behind", (made) => Buffer.concat([made, Buffer.of(0)]));
	bad("both-with-leading-zero", (made) =>
		Buffer.concat([Buffer.of(0), made.subarray(0, length), Buffer.of(0), made.subarray(length)]),
	);
	bad("point-format-octet", (made) => Buffer.concat([Buffer.of(4), made]));
	bad("recovery-octet", (made) => Buffer.concat([made, Buffer.of(27)]));
	bad("twice", (made) => Buffer.concat([made, made]));
	bad("one-octet", () => Buffer.of(1));
	bad("two-octets", () => Buffer.of(1, 1));
	bad("hexadecimal", (made) => Buffer.from(made.toString("hex")));
	for (const size of [32, 48, 64, 66, 96, 132])
		if (size !== length)
			bad(`padded-to-${size}`, (made) =>
				size > length
					? Buffer.concat([octets(half(made)[0], size), octets(half(made)[1], size)])
					: made.subarray(0, 2 * size),
			);
	// Short numbers keep their length.
	const leadingZero = (which) => (made) =>
		made[which === "r" ? 0 : length] === 0 && (alg !== "ES512" || made[which === "r" ? 1 : length + 1] === 0);
	for (const which of ["r", "s"]) {
		const short = { key, signAs: (input) => signWhere(key, input, hash, leadingZero(which)) };
		accept(`${alg}/${which}-with-leading-zero-octet`, RFC, short);
		refuse(`${alg}/${which}-leading-zero-octet-cut`, "signature_invalid", RFC, {
			...short,
			signature: (made) =>
				which === "r" ? made.subarray(1) : Buffer.concat([made.subarray(0, length), made.subarray(length + 1)]),
		});
	}

	// DER, as everyone but JOSE writes it.
	const integer = (value) => {
		let hex = value.toString(16);
		if (hex.length % 2) hex = `0${hex}`;
		let body = Buffer.from(hex, "hex");
		if (body[0] & 0x80) body = Buffer.concat([Buffer.of(0), body]);
		return Buffer.concat([Buffer.of(2, body.length), body]);
	};
	const der = (made) => {
		const body = Buffer.concat(half(made).map(integer));
		return Buffer.concat([body.length > 127 ? Buffer.of(0x30, 0x81, body.length) : Buffer.of(0x30, body.length), body]);
	};
	bad("der", der);
	bad("der-cut-to-length", (made) => der(made).subarray(0, 2 * length));
	bad("der-with-negative-numbers", (made) => {
		const body = Buffer.concat([
			Buffer.of(2, length),
			made.subarray(0, length),
			Buffer.of(2, length),
			made.subarray(length),
		]);
		return Buffer.concat([Buffer.of(0x30, body.length & 0x7f), body]);
	});

	// Something else was signed.
	const signed = (name, make, rfc = RFC) =>
		refuse(`${alg}/signed-${name}`, "signature_invalid", rfc, { key, signAs: make });
	signed("without-hashing-twice", (input) => signWhere(key, digest(hash, input), hash));
	signed("payload-only", (input) => signWhere(key, Buffer.from(input.toString().split(".")[1]), hash));
	signed("without-the-dot", (input) => signWhere(key, Buffer.from(input.toString().replace(".", "")), hash));
	signed("with-newline", (input) => signWhere(key, Buffer.concat([input, Buffer.from("\n")]), hash));
	signed("decoded-parts", (input) =>
		signWhere(
			key,
			Buffer.from(
				input
					.toString()
					.split(".")
					.map((part) => Buffer.from(part, "base64url").toString())
					.join("."),
			),
			hash,
		),
	);
	signed("nothing", () => signWhere(key, Buffer.alloc(0), hash));
	signed("by-another-key", (input) => signWhere(`${key}-b`, input, hash));
}
