// ECDSA keys and signatures: valid ones, ones with something changed, and numbers at the edges of the arithmetic.

import { createECDH, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { fromOctets, toOctets } from "./numbers.mjs";
import { signingInput } from "./subject.mjs";

const CURVES = {
	"P-256": {
		...{ alg: "ES256", hash: "sha256", name: "prime256v1", length: 32 },
		p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
		n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
	},
	"P-384": {
		...{ alg: "ES384", hash: "sha384", name: "secp384r1", length: 48 },
		p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
		n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
	},
	"P-521": {
		...{ alg: "ES512", hash: "sha512", name: "secp521r1", length: 66 },
		p: 2n ** 521n - 1n,
		n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
	},
	secp256k1: {
		...{ alg: "ES256K", hash: "sha256", name: "secp256k1", length: 32 },
		p: 2n ** 256n - 2n ** 32n - 977n,
		n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
	},
};

/** Signatures of a key; each is judged in nine forms. */
const SIGNATURES = 112;

/** Makes keys of a curve, with what they sign. */
export function keys(name) {
	const curve = { ...CURVES[name], crv: name };
	const { n, p, length } = curve;
	const near = [0n, 1n, 2n, 3n].flatMap((less) => [
		less,
		n - less,
		n + less,
		p - less,
		p + less,
		p - n - less,
		p - n + less,
	]);
	const edges = [...near, 2n ** BigInt(8 * length) - 1n].map((edge) => toOctets(edge, length)).filter(Boolean);
	let last;
	return (random) => {
		// One key of four is a good one's, damaged.
		if (last !== undefined && random.oneIn(4)) return damaged(curve, edges, last, random);
		const key = made(curve, edges, random);
		last = key.jwk;
		return key;
	};
}

/** A key; sometimes a small multiple of the base point, or the opposite of one. */
function made(curve, edges, random) {
	const { n, name, length } = curve;
	const small = BigInt(1 + random.below(40));
	const secret = [small, n - small][random.below(8)] ?? 1n + (fromOctets(random.octets(length)) % (n - 1n));
	const exchange = createECDH(name);
	exchange.setPrivateKey(toOctets(secret, length));
	const point = exchange.getPublicKey();
	const [x, y] = [point.subarray(1, 1 + length), point.subarray(1 + length)].map((part) => part.toString("base64url"));
	const jwk = { kty: "EC", crv: curve.crv, x, y };
	const d = toOctets(secret, length).toString("base64url");
	const privateKey = createPrivateKey({ key: { ...jwk, d }, format: "jwk" });
	return {
		...judged(curve, jwk),
		*cases(random) {
			for (let i = 0; i < SIGNATURES; i += 1) yield* forms(curve, edges, privateKey, random);
		},
	};
}

function judged({ alg, hash }, jwk) {
	const key = createPublicKey({ key: jwk, format: "jwk" });
	const judge = (_, message, signature) => verify(hash, message, { key, dsaEncoding: "ieee-p1363" }, signature);
	return { jwk, algorithms: [alg], judge };
}

/** A point beside the curve or beyond p, as good as always. */
function damaged(curve, edges, { x, y, ...rest }, random) {
	const coordinates = { x, y };
	const which = random.pick(["x", "y"]);
	const octets = Buffer.from(coordinates[which], "base64url");
	coordinates[which] = (random.oneIn(2) ? random.flipped(octets) : random.pick(edges)).toString("base64url");
	const jwk = { ...rest, ...coordinates };
	try {
		return { ...judged(curve, jwk), cases: () => [] };
	} catch {
		return { jwk, algorithms: [curve.alg] };
	}
}

/** A signature, and eight others made from it. */
function* forms({ alg, hash, length, n }, edges, privateKey, random) {
	const text = random.octets(16).toString("hex");
	const input = signingInput(alg, text);
	const signature = sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
	const [r, s] = [signature.subarray(0, length), signature.subarray(length)];
	yield { alg, input, signature };
	yield { alg, input, signature: Buffer.concat([r, toOctets(n - fromOctets(s), length)]) };
	const edge = () => random.pick(edges);
	const wrapped = (octets) => toOctets((fromOctets(octets) + n) % 2n ** BigInt(8 * length), length);
	const changes = [
		() => random.flipped(signature),
		() => random.flipped(signature),
		() => Buffer.concat([edge(), s]),
		() => Buffer.concat([r, edge()]),
		() => Buffer.concat([edge(), edge()]),
		() => Buffer.concat([s, r]),
		() => Buffer.concat([wrapped(r), s]),
		() => Buffer.concat([r, wrapped(s)]),
		() => Buffer.concat([r, random.octets(length)]),
		() => random.octets(2 * length),
		() =>
			random.pick([
				signature.subarray(0, 1 + random.below(2 * length - 1)),
				Buffer.concat([signature, Buffer.alloc(1)]),
			]),
	];
	yield { alg, input: signingInput(alg, `${text}0`), signature };
	for (let i = 0; i < 6; i += 1) yield { alg, input, signature: random.pick(changes)() };
}
