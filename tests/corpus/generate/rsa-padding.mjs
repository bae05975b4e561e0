// RFC 8017 §8.1.2 and §8.2.2, RFC 7518 §3.3 and §3.5: the two encodings of what RSA signs, written out
// so that they can be written wrong.
import { createHash } from "node:crypto";
import { suite } from "./corpus.mjs";
import { digestInfo, hex, OIDS, pkcs1, tlv } from "./rsa-encoding.mjs";
import { digest, rsaRaw, signPss } from "./sign.mjs";

const { accept, refuse } = suite("rsa");
const KEY = "rsa2048";
const LENGTH = 256;

// EMSA-PKCS1-v1_5 and what is almost that (RFC 8017 §9.2: the whole encoding is compared).
const PKCS1 = "RFC 8017 §8.2.2";
for (const [alg, hash] of [
	["RS256", "sha256"],
	["RS384", "sha384"],
	["RS512", "sha512"],
]) {
	const encoded = (name, make, outcome = "signature_invalid") => {
		const parts = { key: KEY, alg, signAs: (input) => rsaRaw(KEY, make(input)) };
		if (outcome === "accept") accept(`pkcs1/${alg}-${name}`, PKCS1, parts);
		else refuse(`pkcs1/${alg}-${name}`, outcome, PKCS1, parts);
	};
	const info = (input) => digestInfo(hash, input);
	encoded("written-by-hand", (input) => pkcs1(info(input), LENGTH), "accept");
	encoded("parameters-absent", (input) => pkcs1(digestInfo(hash, input, Buffer.alloc(0)), LENGTH));
	encoded("parameters-empty-octets", (input) => pkcs1(digestInfo(hash, input, hex("0400")), LENGTH));
	encoded("parameters-null-with-octet", (input) => pkcs1(digestInfo(hash, input, hex("050100")), LENGTH));
	encoded("parameters-twice", (input) => pkcs1(digestInfo(hash, input, hex("05000500")), LENGTH));
	encoded("parameters-hold-garbage", (input) => pkcs1(digestInfo(hash, input, tlv(4, Buffer.alloc(60, 0xaa))), LENGTH));
	encoded("no-digest-info", (input) => pkcs1(digest(hash, input), LENGTH));
	encoded("no-algorithm", (input) => pkcs1(tlv(0x30, tlv(4, digest(hash, input))), LENGTH));
	encoded("long-form-length-outer", (input) =>
		pkcs1(Buffer.concat([Buffer.of(0x30, 0x81), info(input).subarray(1)]), LENGTH),
	);
	encoded("long-form-length-of-two", (input) =>
		pkcs1(Buffer.concat([Buffer.of(0x30, 0x82, 0), info(input).subarray(1)]), LENGTH),
	);
	encoded("long-form-length-inner", (input) => {
		const algorithm = Buffer.concat([hex(OIDS[hash]), hex("0500")]);
		return pkcs1(
			tlv(0x30, Buffer.concat([Buffer.of(0x30, 0x81, algorithm.length), algorithm, tlv(4, digest(hash, input))])),
			LENGTH,
		);
	});
	encoded("indefinite-length", (input) =>
		pkcs1(Buffer.concat([Buffer.of(0x30, 0x80), info(input).subarray(2), Buffer.alloc(2)]), LENGTH),
	);
	encoded("octet-string-long-form", (input) =>
		pkcs1(
			tlv(
				0x30,
				Buffer.concat([
					tlv(0x30, Buffer.concat([hex(OIDS[hash]), hex("0500")])),
					Buffer.of(4, 0x81, digest(hash, input).length),
					digest(hash, input),
				]),
			),
			LENGTH,
		),
	);
	encoded("wrong-outer-tag", (input) => pkcs1(Buffer.concat([Buffer.of(0x31), info(input).subarray(1)]), LENGTH));
	encoded("garbage-behind-inside", (input) =>
		pkcs1(tlv(0x30, Buffer.concat([info(input).subarray(2), tlv(4, Buffer.alloc(8, 1))])), LENGTH),
	);
	encoded("garbage-behind", (input) => pkcs1(info(input), LENGTH, { behind: Buffer.alloc(16, 0xaa) }));
	encoded("bleichenbacher-2006", (input) =>
		pkcs1(info(input), LENGTH, { fill: 8, behind: Buffer.alloc(LENGTH - 11 - info(input).length, 0xaa) }),
	);
	encoded("padding-seven", (input) =>
		Buffer.concat([pkcs1(info(input), LENGTH, { fill: 7 }), Buffer.alloc(LENGTH - 10 - info(input).length)]),
	);
	encoded("padding-none", (input) =>
		Buffer.concat([Buffer.of(0, 1, 0), info(input), Buffer.alloc(LENGTH - 3 - info(input).length)]),
	);
	encoded("padding-one-short-and-zero-in-front", (input) =>
		pkcs1(info(input), LENGTH - 1).length === LENGTH - 1
			? Buffer.concat([Buffer.of(0), pkcs1(info(input), LENGTH - 1)])
			: Buffer.alloc(LENGTH),
	);
	encoded("padding-of-zeros", (input) => pkcs1(info(input), LENGTH, { padding: 0 }));
	encoded("padding-of-fe", (input) => pkcs1(info(input), LENGTH, { padding: 0xfe }));
	encoded("padding-with-one-other-octet", (input) => {
		const whole = pkcs1(info(input), LENGTH);
		whole[50] = 0x7f;
		return whole;
	});
	encoded("padding-with-zero-inside", (input) => {
		const whole = pkcs1(info(input), LENGTH);
		whole[50] = 0;
		return whole;
	});
	encoded("type-0", (input) => pkcs1(info(input), LENGTH, { type: 0, padding: 0 }));
	encoded("type-2", (input) => pkcs1(info(input), LENGTH, { type: 2 }));
	encoded("first-octet-1", (input) => pkcs1(info(input), LENGTH, { first: 1 }));
	encoded("separator-1", (input) => pkcs1(info(input), LENGTH, { separator: 1 }));
	for (const other of Object.keys(OIDS))
		if (other !== hash) encoded(`digest-${other}`, (input) => pkcs1(digestInfo(other, input), LENGTH));
	encoded("digest-labelled-sha1", (input) =>
		pkcs1(
			tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS.sha1), hex("0500")])), tlv(4, digest(hash, input))])),
			LENGTH,
		),
	);
	encoded("digest-shortened", (input) =>
		pkcs1(
			tlv(
				0x30,
				Buffer.concat([
					tlv(0x30, Buffer.concat([hex(OIDS[hash]), hex("0500")])),
					tlv(4, digest(hash, input).subarray(0, 16)),
				]),
			),
			LENGTH,
		),
	);
	encoded("digest-with-zero-behind", (input) =>
		pkcs1(
			tlv(
				0x30,
				Buffer.concat([
					tlv(0x30, Buffer.concat([hex(OIDS[hash]), hex("0500")])),
					tlv(4, Buffer.concat([digest(hash, input), Buffer.of(0)])),
				]),
			),
			LENGTH,
		),
	);
	encoded("digest-of-nothing", () => pkcs1(digestInfo(hash, Buffer.alloc(0)), LENGTH));
	encoded("not-padded", (input) => Buffer.concat([Buffer.alloc(LENGTH - info(input).length), info(input)]));
}

// EMSA-PSS: hash, mask generation with the same hash, salt of the hash's length (RFC 7518 §3.5).
const PSS = "RFC 7518 §3.5";
const mgf1 = (hash, seed, length) => {
	const parts = [];
	for (let counter = 0, size = 0; size < length; counter += 1) {
		const count = Buffer.alloc(4);
		count.writeUInt32BE(counter);
		parts.push(digest(hash, Buffer.concat([seed, count])));
		size += parts.at(-1).length;
	}
	return Buffer.concat(parts).subarray(0, length);
};
const pss = (
	input,
	hash,
	{
		mask = hash,
		saltLength = digest(hash, "").length,
		trailer = 0xbc,
		separator = 1,
		padding = 0,
		topBit = 0,
		prefix = 8,
		bits = 2047,
	} = {},
) => {
	const length = Math.ceil(bits / 8);
	const salt = createHash("shake256", { outputLength: Math.max(saltLength, 1) })
		.update(input)
		.digest()
		.subarray(0, saltLength);
	const h = digest(hash, Buffer.concat([Buffer.alloc(prefix), digest(hash, input), salt]));
	const block = Buffer.concat([Buffer.alloc(length - h.length - 2 - saltLength, padding), Buffer.of(separator), salt]);
	const masked = Buffer.from(mgf1(mask, h, block.length).map((octet, i) => octet ^ block[i]));
	masked[0] &= 0xff >> (8 * length - bits);
	masked[0] |= topBit;
	return Buffer.concat([masked, h, Buffer.of(trailer)]);
};
for (const [alg, hash, size] of [
	["PS256", "sha256", 32],
	["PS384", "sha384", 48],
	["PS512", "sha512", 64],
]) {
	const encoded = (name, options, outcome = "signature_invalid", rfc = PSS) => {
		const parts = { key: KEY, alg, signAs: (input) => rsaRaw(KEY, pss(input, options.hash ?? hash, options)) };
		if (outcome === "accept") accept(`pss/${alg}-${name}`, rfc, parts);
		else refuse(`pss/${alg}-${name}`, outcome, rfc, parts);
	};
	encoded("written-by-hand", {}, "accept");
	for (const saltLength of new Set([0, 1, 8, 20, 32, 48, 64, size - 1, size + 1, 256 - size - 2]))
		if (saltLength !== size) encoded(`salt-${saltLength === 256 - size - 2 ? "longest" : saltLength}`, { saltLength });
	for (const mask of ["sha1", "sha256", "sha384", "sha512"]) if (mask !== hash) encoded(`mask-${mask}`, { mask });
	for (const other of ["sha1", "sha256", "sha384", "sha512"])
		if (other !== hash) {
			encoded(`hash-${other}`, { hash: other });
			encoded(`hash-${other}-salt-${size}`, { hash: other, saltLength: size });
			encoded(`hash-${other}-mask-${hash}`, { hash: other, mask: hash, saltLength: size });
		}
	const EMSA = "RFC 8017 §9.1.2";
	encoded("trailer-cc", { trailer: 0xcc }, undefined, EMSA);
	encoded("trailer-00", { trailer: 0 }, undefined, EMSA);
	encoded("separator-02", { separator: 2 }, undefined, EMSA);
	encoded("separator-00", { separator: 0 }, undefined, EMSA);
	encoded("padding-of-ones", { padding: 1 }, undefined, EMSA);
	encoded("prefix-of-seven", { prefix: 7 }, undefined, EMSA);
	encoded("prefix-none", { prefix: 0 }, undefined, EMSA);
	refuse(`pss/${alg}-as-pkcs1-type`, "signature_invalid", PSS, {
		key: KEY,
		alg,
		signAs: (input) => rsaRaw(KEY, pkcs1(digestInfo(hash, input), LENGTH)),
	});
	refuse(`pss/${alg}-as-RS${alg.slice(2)}`, "signature_invalid", "RFC 7518 §3.3", {
		key: KEY,
		alg: `RS${alg.slice(2)}`,
		signAs: (input) => rsaRaw(KEY, pss(input, hash)),
	});
	// 2049 bits: the encoded message is one octet shorter than the modulus.
	accept(`pss/${alg}-2049-bits-by-hand`, EMSA, {
		key: "rsa2049",
		alg,
		signAs: (input) => rsaRaw("rsa2049", Buffer.concat([Buffer.of(0), pss(input, hash, { bits: 2048 })])),
	});
	refuse(`pss/${alg}-openssl-salt-0`, "signature_invalid", PSS, {
		key: KEY,
		alg,
		signAs: (input) => signPss(KEY, input, hash, 0),
	});
}
