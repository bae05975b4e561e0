// RFC 7518 §3.3, §3.5 and §6.3.1, RFC 8017 §8: RSA keys and the numbers they sign.
import { createHash } from "node:crypto";
import { suite } from "./corpus.mjs";
import { jwk, member, privateJwk, set } from "./keys.mjs";
import { digestInfo, pkcs1 } from "./rsa-encoding.mjs";
import { sign } from "./sign.mjs";
import { base64url, mint } from "./token.mjs";

const { accept, refuse } = suite("rsa");
const SIZE = "RFC 7518 §3.3";
const NUMBERS = "RFC 7518 §6.3.1";

const number = (octets) => BigInt(`0x${octets.toString("hex")}`);
const octetsOf = (value, length) => Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
const minimal = (value) =>
	Buffer.from(value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), "0"), "hex");
const power = (base, exponent, modulus) => {
	let result = 1n;
	for (let square = base % modulus, e = exponent; e > 0n; e >>= 1n, square = (square * square) % modulus)
		if (e & 1n) result = (result * square) % modulus;
	return result;
};

const KEY = "rsa2048";
const LENGTH = 256;

// Modulus sizes.
for (const [key, code] of [
	["rsa1024", "key_weak"],
	["rsa1536", "key_weak"],
	["rsa2040", "key_weak"],
	["rsa2047", "key_weak"],
	["rsa8200", "key_invalid"],
])
	for (const alg of ["RS256", "PS256"]) refuse(`modulus/${key}-${alg}`, code, SIZE, { key, alg });
for (const key of ["rsa2048", "rsa2049", "rsa2056", "rsa3072", "rsa4096", "rsa8192"])
	for (const alg of key === "rsa8192" ? ["RS256", "PS256"] : ["RS256", "RS512", "PS256", "PS512"])
		accept(`modulus/${key}-${alg}`, SIZE, { key, alg });
for (const key of ["rsa2049", "rsa2056"])
	for (const alg of ["RS384", "PS384"]) accept(`modulus/${key}-${alg}`, "RFC 8017 §8.1.2", { key, alg });
{
	const odd = (length) =>
		Buffer.concat([
			Buffer.of(0xc1),
			createHash("shake256", { outputLength: length - 2 })
				.update(`modulus ${length}`)
				.digest(),
			Buffer.of(0x0b),
		]);
	const junk = (length) => createHash("shake256", { outputLength: length }).update("signature").digest();
	for (const bits of [8, 64, 512, 768])
		refuse(`modulus/of-${bits}-bits`, "key_weak", SIZE, {
			key: KEY,
			keys: jwk(KEY, { n: base64url(bits === 8 ? Buffer.of(0xc1) : odd(bits / 8)) }),
			signature: junk(bits / 8),
		});
	for (const bits of [8208, 16_384])
		refuse(`modulus/of-${bits}-bits`, "key_invalid", SIZE, {
			key: KEY,
			keys: jwk(KEY, { n: base64url(odd(bits / 8)) }),
			signature: junk(bits / 8),
			policy: { maxTokenSize: 100_000 },
		});
	const even = Buffer.from(member(KEY, "n"));
	even[255] ^= 1;
	refuse("modulus/even", "key_weak", "RFC 8017 §3.1", { key: KEY, keys: jwk(KEY, { n: base64url(even) }) });
	refuse("modulus/zero", "key_weak", SIZE, { key: KEY, keys: jwk(KEY, { n: "AA" }) });
	refuse("modulus/one", "key_weak", SIZE, { key: KEY, keys: jwk(KEY, { n: "AQ" }) });
	refuse("modulus/little-endian", "signature_invalid", NUMBERS, {
		key: KEY,
		keys: jwk(KEY, { n: base64url(littleEndianOdd(member(KEY, "n"))) }),
	});
}
function littleEndianOdd(octets) {
	const reversed = Buffer.from(octets).reverse();
	reversed[0] |= 0x80;
	reversed[reversed.length - 1] |= 1;
	return reversed;
}

// Exponents.
for (const key of ["rsa-e3", "rsa-e17", "rsa-e4294967291"])
	for (const alg of ["RS256", "PS256"]) accept(`exponent/${key.slice(4)}-${alg}`, NUMBERS, { key, alg });
for (const alg of ["RS256", "PS256"])
	refuse(`exponent/e4294967297-${alg}`, "key_invalid", NUMBERS, { key: "rsa-e4294967297", alg });
{
	// Signatures that verify under exponents nobody should accept.
	const [n, p, q] = ["n", "p", "q"].map((which) => number(member("rsa-blum", which)));
	const crt = (a, b) => {
		const inverse = power(q % p, p - 2n, p);
		return b + q * (((((a - b) % p) + p) * inverse) % p);
	};
	const isSquare = (value) => power(value % p, (p - 1n) / 2n, p) === 1n && power(value % q, (q - 1n) / 2n, q) === 1n;
	const root = (value) => crt(power(value % p, (p + 1n) / 4n, p), power(value % q, (q + 1n) / 4n, q));
	const forgers = { 1: 0, 2: 1, 4: 2, 65536: 16 };
	for (const [e, roots] of Object.entries(forgers)) {
		const key = { kty: "RSA", kid: "even", n: privateJwk("rsa-blum").n, e: base64url(minimal(BigInt(e))) };
		const parts = (jti) => ({ key: KEY, header: { kid: "even" }, payload: { jti: String(jti) }, keys: key });
		let jti = 0;
		let signature;
		const make = (input) => {
			let message = number(pkcs1(digestInfo("sha256", input), LENGTH));
			if (roots > 0 && !isSquare(message)) return undefined;
			for (let i = 0; i < roots; i += 1) message = root(message);
			if (power(message, BigInt(e), n) !== number(pkcs1(digestInfo("sha256", input), LENGTH)))
				throw new Error("not a root");
			signature = octetsOf(message, LENGTH);
			return signature;
		};
		// The payload is varied until its encoded message is a square.
		for (signature = undefined; ; jti += 1) {
			mint({ ...parts(jti), signAs: (input) => make(input) ?? Buffer.alloc(1) });
			if (signature) break;
		}
		refuse(`exponent/e${e}-forged`, "key_weak", "RFC 8017 §3.1", { ...parts(jti), signAs: make });
		refuse(`exponent/e${e}-in-a-set`, "key_not_found", "RFC 7517 §5", {
			...parts(jti),
			signAs: make,
			keys: set(key, "rsa2048-b"),
		});
	}
	const junk = Buffer.alloc(LENGTH, 7);
	for (const [name, e] of Object.entries({ 0: 0n, 6: 6n, "2^16": 65_536n, "2^32-2": 4_294_967_294n }))
		refuse(`exponent/even-${name}`, "key_weak", "RFC 8017 §3.1", {
			key: KEY,
			keys: jwk(KEY, { e: base64url(minimal(e)) }),
			signature: junk,
		});
	for (const [name, e] of Object.entries({
		"2^32+1": 2n ** 32n + 1n,
		"2^33+1": 2n ** 33n + 1n,
		"2^64-1": 2n ** 64n - 1n,
		"2^256+1": 2n ** 256n + 1n,
		"n-2": n - 2n,
	}))
		refuse(`exponent/large-${name}`, "key_invalid", NUMBERS, {
			key: KEY,
			keys: jwk(KEY, { e: base64url(minimal(e)) }),
			signature: junk,
		});
	// Odd and within bounds, but not this key's.
	for (const e of [3n, 5n, 17n, 257n, 65_539n, 4_294_967_295n])
		refuse(`exponent/another-${e}`, "signature_invalid", NUMBERS, {
			key: KEY,
			keys: jwk(KEY, { e: base64url(minimal(e)) }),
		});
}
// RFC 7518 §6.3.1.1 forbids leading zero octets, issuers publish them (Firebase App Check, Jenkins, SAP XSUAA), and the
// number is the same: it is what is judged.
for (const [name, changes] of Object.entries({
	"e-one-zero": { e: "AAEAAQ" },
	"e-five-zeros": { e: base64url(Buffer.from("0000000000010001", "hex")) },
	"n-one-zero": { n: base64url(Buffer.concat([Buffer.of(0), member(KEY, "n")])) },
	"n-two-zeros": { n: base64url(Buffer.concat([Buffer.alloc(2), member(KEY, "n")])) },
}))
	accept(`leading-zeros/${name}`, "RFC 7518 §6.3.1.1", { key: KEY, keys: jwk(KEY, changes) });
{
	const padded = (key, zeros) => jwk(key, { n: base64url(Buffer.concat([Buffer.alloc(zeros), member(key, "n")])) });
	const bad = (name, code, rfc, keys) => refuse(`leading-zeros/${name}`, code, rfc, { key: KEY, keys });
	bad(
		"e-little-endian-with-zero",
		"key_weak",
		"RFC 7518 §2",
		jwk(KEY, { e: base64url(Buffer.from("01000100", "hex")) }),
	);
	// They make no short key long, and no long one longer.
	refuse("leading-zeros/n-of-1024-bits-in-2048", "key_weak", SIZE, { key: "rsa1024", keys: padded("rsa1024", 128) });
	refuse("leading-zeros/n-of-2047-bits", "key_weak", SIZE, { key: "rsa2047", keys: padded("rsa2047", 1) });
	accept("leading-zeros/n-of-8192-bits-and-more", SIZE, { key: "rsa8192", keys: padded("rsa8192", 8) });
	bad("n-only-zeros", "key_weak", SIZE, jwk(KEY, { n: base64url(Buffer.alloc(256)) }));
	bad("e-only-zeros", "key_weak", "RFC 8017 §3.1", jwk(KEY, { e: "AAAA" }));
	bad("e-one-behind-zeros", "key_weak", "RFC 8017 §3.1", jwk(KEY, { e: "AAAB" }));
}
accept("leading-zeros/none", "RFC 7518 §2", { key: KEY, keys: jwk(KEY, { e: "AQAB" }) });

// The signature is a number below n, as long as n.
for (const alg of ["RS256", "PS256"]) {
	const rfc = alg === "RS256" ? "RFC 8017 §8.2.2" : "RFC 8017 §8.1.2";
	const n = number(member(KEY, "n"));
	const bad = (name, change, more) =>
		refuse(`number/${alg}-${name}`, "signature_invalid", rfc, { key: KEY, alg, signature: change, ...more });
	bad("zero", () => Buffer.alloc(LENGTH));
	bad("one", () => octetsOf(1n, LENGTH));
	bad("n", () => member(KEY, "n"));
	bad("n-minus-one", () => octetsOf(n - 1n, LENGTH));
	bad("n-plus-one", () => octetsOf(n + 1n, LENGTH));
	bad("all-ones", () => Buffer.alloc(LENGTH, 255));
	bad("negated", (made) => octetsOf(n - number(made), LENGTH));
	bad("plus-n-one-octet-longer", (made) => octetsOf(number(made) + n, LENGTH + 1));
	bad("zero-octet-in-front", (made) => Buffer.concat([Buffer.of(0), made]));
	bad("zero-octet-behind", (made) => Buffer.concat([made, Buffer.of(0)]));
	bad("first-octet-cut", (made) => made.subarray(1));
	bad("last-octet-cut", (made) => made.subarray(0, -1));
	bad("reversed", (made) => Buffer.from(made).reverse());
	bad("twice", (made) => Buffer.concat([made, made]));
	bad("half", (made) => made.subarray(0, 128));
	bad("of-another-key", undefined, { signAs: (input) => sign(alg, "rsa2048-b", input) });
	bad("of-a-larger-key", undefined, { signAs: (input) => sign(alg, "rsa4096", input) });
	// s + n still has 2048 bits for some s: the same residue, written another way.
	if (alg === "RS256") {
		const room = (jti) => {
			const signature = Buffer.from(mint({ key: KEY, alg, payload: { jti: String(jti) } }).split(".")[2], "base64url");
			return number(signature) + n < 2n ** 2048n;
		};
		let jti = 0;
		while (!room(jti)) jti += 1;
		accept("number/RS256-with-room-for-n", rfc, { key: KEY, alg, payload: { jti: String(jti) } });
		bad("plus-n", (made) => octetsOf(number(made) + n, LENGTH), { payload: { jti: String(jti) } });
		// A signature that begins with a zero octet keeps it.
		const short = (candidate) =>
			Buffer.from(mint({ key: KEY, alg, payload: { jti: `z${candidate}` } }).split(".")[2], "base64url")[0] === 0;
		let z = 0;
		while (!short(z)) z += 1;
		accept("number/RS256-leading-zero-octet", rfc, { key: KEY, alg, payload: { jti: `z${z}` } });
		bad("leading-zero-octet-cut", (made) => made.subarray(1), { payload: { jti: `z${z}` } });
	}
}
