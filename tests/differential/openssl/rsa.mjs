// RSA keys and signatures: valid ones, ones with something changed, and encodings that are wrong in one place, signed
// with the raw private operation.

import { constants, createHash, createPublicKey, privateEncrypt, sign, verify } from "node:crypto";
import { keyPair } from "../../keys.mjs";
import { fromOctets, toOctets } from "./numbers.mjs";
import { signingInput } from "./subject.mjs";

const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const EXPONENTS = [65537, 65537, 65537, 3, 3, 17, 4294967291];
/** Signatures of a key; each is judged in about sixteen forms. OpenSSL takes its time to make a key. */
const SIGNATURES = 400;
/** The end of a hash's object identifier. */
const OID = { 256: 1, 384: 2, 512: 3 };

/** Makes keys of some sizes, with what they sign. */
export function keys(sizes) {
	let position = 0;
	const next = () => {
		position += 1;
		return position;
	};
	return (random) => {
		const options = { modulusLength: random.pick(sizes), publicExponent: random.pick(EXPONENTS) };
		const { publicKey, privateKey } = keyPair("rsa", options);
		const { n, e } = publicKey.export({ format: "jwk" });
		const jwk = { kty: "RSA", n, e };
		const number = fromOctets(Buffer.from(n, "base64url"));
		const bits = number.toString(2).length;
		const length = Math.ceil(bits / 8);
		const key = createPublicKey({ key: jwk, format: "jwk" });
		return {
			jwk,
			algorithms: ALGORITHMS,
			judge(alg, message, signature) {
				try {
					return verify(`sha${alg.slice(2)}`, message, { key, ...padding(alg) }, signature);
				} catch {
					return false;
				}
			},
			rule: (signature) => (signature && signature.length !== length ? "a signature as long as n" : undefined),
			*cases(random) {
				for (let i = 0; i < SIGNATURES; i += 1) yield* forms({ number, bits, length, privateKey, next }, random);
			},
		};
	};
}

const isPss = (alg) => alg.startsWith("PS");
const padding = (alg) =>
	isPss(alg) ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 } : {};

/** A signature of an encoding, right or wrong, and others made from it. */
function* forms({ number, bits, length, privateKey, next }, random) {
	const alg = random.pick(ALGORITHMS);
	const text = random.octets(12).toString("hex");
	const input = signingInput(alg, text);
	let signature;
	if (random.below(5) < 2) {
		signature = sign(`sha${alg.slice(2)}`, Buffer.from(input), { key: privateKey, ...padding(alg) });
	} else {
		const encoded = isPss(alg) ? pss(bits, alg, input, random, next) : pkcs1(length, alg, input, random, next);
		if (fromOctets(encoded) >= number) return;
		signature = privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
	}
	yield { alg, input, signature };
	yield { alg, input: signingInput(alg, `${text}0`), signature };
	const other = random.pick(ALGORITHMS);
	yield { alg: other, input: signingInput(other, text), signature };
	for (let i = 0; i < 4; i += 1) yield { alg, input, signature: random.flipped(signature) };
	const s = fromOctets(signature);
	for (const edge of [0n, 1n, number - 1n, number, number + 1n, number + s, number - s]) {
		const octets = toOctets(edge, length);
		if (octets) yield { alg, input, signature: octets };
	}
	yield { alg, input, signature: Buffer.concat([Buffer.alloc(1), signature]) };
	yield { alg, input, signature: signature[0] === 0 ? signature.subarray(1) : signature.subarray(0, length - 1) };
	yield { alg, input, signature: random.octets(length) };
}

const digest = (size, ...parts) =>
	createHash(`sha${8 * size}`)
		.update(Buffer.concat(parts))
		.digest();

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2), right or wrong in one way. */
function pkcs1(length, alg, message, random, next) {
	const size = Number(alg.slice(2)) / 8;
	const fault = random.below(12);
	let info = [0x30, 17 + size, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, OID[8 * size], 5, 0, 4, size];
	// No NULL.
	if (fault === 1)
		info = info.filter((_, i) => i < 15 || i > 16).map((octet, i) => (i === 1 || i === 3 ? octet - 2 : octet));
	if (fault === 2) info[14] = (info[14] % 3) + 1;
	// BER: the long form of a length.
	if (fault === 3) info.splice(1, 0, 0x81);
	const behind = Buffer.alloc(fault === 4 ? 1 + random.below(9) : 0);
	const tail = Buffer.concat([Buffer.from(info), digest(size, Buffer.from(message)), behind]);
	const fill = length - 3 - tail.length;
	const encoded = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(fill, 0xff), Buffer.from([0]), tail]);
	if (fault === 5) encoded[1] = random.pick([0, 2]);
	if (fault === 6) encoded[2 + random.below(fill)] = random.below(255);
	// One octet wrong, each in its turn; the first stays small, or the number is n or more.
	if (fault > 6) encoded[next() % length] ^= 1 + random.below(255);
	return encoded;
}

/** EMSA-PSS (RFC 8017 §9.1.1), right or wrong in one way. */
function pss(bits, alg, message, random, next) {
	const size = Number(alg.slice(2)) / 8;
	const fault = random.below(12);
	const length = Math.ceil((bits - 1) / 8);
	const salt = random.octets(fault === 1 ? random.pick([0, size - 1, size + 1, 20, length - size - 2]) : size);
	const h = digest(size, Buffer.alloc(8), digest(size, Buffer.from(message)), salt);
	const padding = length - salt.length - size - 2;
	const block = Buffer.concat([Buffer.alloc(padding), Buffer.from([fault === 2 ? random.pick([0, 2]) : 1]), salt]);
	if (fault === 3 && padding > 0) block[random.below(padding)] ^= 1 << random.below(8);
	for (let at = 0, counter = 0; at < block.length; counter += 1) {
		for (const octet of digest(size, h, Buffer.from([0, 0, 0, counter])).subarray(0, block.length - at))
			block[at++] ^= octet;
	}
	const spare = 8 * length - (bits - 1);
	block[0] &= 0xff >> spare;
	// A bit too many.
	if (fault === 4) block[0] |= (0x100 >> spare) & 0xff;
	const encoded = Buffer.concat([block, h, Buffer.from([fault === 5 ? 0xcc : 0xbc])]);
	if (fault > 6) encoded[next() % length] ^= 1 + random.below(255);
	const whole = Buffer.concat([Buffer.alloc(Math.ceil(bits / 8) - length), encoded]);
	// The octet that the encoding has not, but the modulus has.
	if (fault === 6 && whole.length > length) whole[0] = 1;
	return whole;
}
