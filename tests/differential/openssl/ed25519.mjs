// Ed25519 keys and signatures: valid ones, ones with something changed, points of small and mixed order, encodings
// that are not canonical, numbers at the edges of the arithmetic.
//
// OpenSSL takes keys and R of small order and keys that are not canonical; ours refuses them. Those differences are
// explained by a rule; what ours takes, OpenSSL must take.

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import {
	add,
	BASE,
	encode,
	isNonCanonical,
	isSmall,
	L,
	mod,
	NON_CANONICAL,
	P,
	SMALL,
	TORSION,
	times,
} from "./edwards.mjs";
import { fromLittleEndian, toLittleEndian } from "./numbers.mjs";
import { signingInput } from "./subject.mjs";

/** Signatures of a key; each is judged in four forms. */
const SIGNATURES = 250;
/** The same for keys whose signatures are made here, which takes time. */
const SLOW = 12;
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const ALGORITHMS = ["EdDSA", "Ed25519"];

/** Makes keys, with what they sign. */
export function keys() {
	let turn = 0;
	return (random) => {
		turn += 1;
		if (turn % 5 === 0) return mixed(random);
		if (turn % 5 === 1)
			return odd([...SMALL, ...NON_CANONICAL][Math.floor(turn / 5) % (SMALL.length + NON_CANONICAL.length)]);
		return common(random);
	};
}

function judged(octets) {
	const key = importKey(octets);
	const rule = (signature) => {
		if (isSmall(octets)) return "key of small order";
		if (isNonCanonical(octets)) return "key not canonical";
		if (signature !== undefined && isSmall(signature.subarray(0, 32))) return "R of small order";
	};
	return {
		jwk: { kty: "OKP", crv: "Ed25519", x: octets.toString("base64url") },
		algorithms: ALGORITHMS,
		judge: key && ((_, message, signature) => verify(null, message, key, signature)),
		rule,
	};
}

function importKey(octets) {
	try {
		return createPublicKey({ key: Buffer.concat([SPKI, octets]), format: "der", type: "spki" });
	} catch {
		// No key to OpenSSL.
	}
}

function common(random) {
	const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, random.octets(32)]), format: "der", type: "pkcs8" });
	const octets = Buffer.from(createPublicKey(privateKey).export({ format: "jwk" }).x, "base64url");
	return {
		...judged(octets),
		*cases(random) {
			for (let i = 0; i < SIGNATURES; i += 1) {
				const [alg, text] = [random.pick(ALGORITHMS), random.octets(12).toString("hex")];
				const input = signingInput(alg, text);
				yield* forms({ alg, text, input, signature: sign(null, Buffer.from(input), privateKey) }, random);
			}
		},
	};
}

/** A key with a part of small order, or of small order alone, and signatures whose R has one as well. */
function mixed(random) {
	const scalar = random.oneIn(6) ? 0n : fromLittleEndian(random.octets(32)) % L;
	const octets = encode(add(times(scalar, BASE), random.pick(TORSION)));
	return {
		...judged(octets),
		*cases(random) {
			for (let i = 0; i < SLOW; i += 1) {
				const r = random.oneIn(6) ? 0n : fromLittleEndian(random.octets(32)) % L;
				const R = encode(add(times(r, BASE), random.pick(TORSION)));
				// Several messages for one R: whether the equation holds with its part of small order is up to the hash.
				for (let j = 0; j < 8; j += 1) {
					const [alg, text] = [random.pick(ALGORITHMS), random.octets(12).toString("hex")];
					const input = signingInput(alg, text);
					const digest = createHash("sha512").update(R).update(octets).update(input).digest();
					const signature = Buffer.concat([R, toLittleEndian(mod(r + mod(fromLittleEndian(digest), L) * scalar, L))]);
					yield* forms({ alg, text, input, signature }, random);
				}
			}
		},
	};
}

/** A key that has no signer: of small order, or no canonical encoding. */
function odd(octets) {
	return {
		...judged(octets),
		*cases(random) {
			for (let i = 0; i < 24; i += 1) {
				const alg = random.pick(ALGORITHMS);
				const signature = Buffer.concat([random.pick([...SMALL, ...NON_CANONICAL]), Buffer.alloc(32)]);
				yield { alg, input: signingInput(alg, random.octets(8).toString("hex")), signature };
			}
		},
	};
}

const VALUES = [
	0n,
	1n,
	2n,
	L - 1n,
	L,
	L + 1n,
	2n * L,
	2n ** 252n,
	2n ** 253n - 1n,
	P - 1n,
	P,
	P + 1n,
	2n ** 255n,
	2n ** 256n - 1n,
];
const VALUE_OCTETS = VALUES.map(toLittleEndian);
const ODD = [...SMALL, ...NON_CANONICAL];

/** A signature, and three others made from it. */
function* forms({ alg, text, input, signature }, random) {
	yield { alg, input, signature };
	const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
	const value = () => random.pick(VALUE_OCTETS);
	const wrapped = () => toLittleEndian((fromLittleEndian(s) + L * BigInt(1 + random.below(14))) % 2n ** 256n);
	const negated = () => toLittleEndian(mod(-fromLittleEndian(s), L));
	const signed = Buffer.from(signature);
	signed[31] ^= 0x80;
	const changes = [
		() => ({ signature: random.flipped(signature) }),
		() => ({ signature: random.flipped(signature) }),
		() => ({ input: signingInput(alg, `${text}0`) }),
		() => ({ signature: signed }),
		() => ({ signature: Buffer.concat([r, value()]) }),
		() => ({ signature: Buffer.concat([random.pick(ODD), s]) }),
		() => ({ signature: Buffer.concat([r, wrapped()]) }),
		() => ({ signature: Buffer.concat([r, negated()]) }),
		() => ({ signature: Buffer.concat([value(), value()]) }),
		() => ({ signature: random.oneIn(2) ? signature.subarray(0, 63) : Buffer.concat([signature, Buffer.alloc(1)]) }),
	];
	for (let i = 0; i < 3; i += 1) yield { alg, input, signature, ...random.pick(changes)() };
}
