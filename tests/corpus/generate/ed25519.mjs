// RFC 8032 §5.1.3 and §5.1.7, RFC 8037: one meaning in every runtime. Encodings are canonical, S is
// below the group's order, no point is of small order, the equation has no cofactor.
import { createHash } from "node:crypto";
import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { suite } from "./corpus.mjs";
import { jwk, member } from "./keys.mjs";
import { sign } from "./sign.mjs";
import { base64url, mint } from "./token.mjs";

const { accept, refuse } = suite("ed25519");
const { Point } = ed25519;
const { n: L, p: P } = Point.CURVE();
const KEY = "ed25519";
const VERIFY = "RFC 8032 §5.1.7";
const DECODE = "RFC 8032 §5.1.3";

const fromLittle = (octets) => BigInt(`0x${Buffer.from(octets).reverse().toString("hex")}`);
const toLittle = (value) => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
const sha512 = (...parts) => createHash("sha512").update(Buffer.concat(parts)).digest();
const modL = (value) => ((value % L) + L) % L;
const point = (hex) => Point.fromHex(hex, true);
const encode = (value) => Buffer.from(value.toBytes());
const seed = sha512(member(KEY, "d"));
const clamped = (() => {
	const half = Buffer.from(seed.subarray(0, 32));
	half[0] &= 248;
	half[31] = (half[31] & 127) | 64;
	return fromLittle(half);
})();
const A = Point.BASE.multiply(modL(clamped));
if (!encode(A).equals(member(KEY, "x"))) throw new Error("the scalar does not make the public key");
const challenge = (R, key, message) => modL(fromLittle(sha512(R, key, message)));

for (const alg of ["EdDSA", "Ed25519"]) {
	accept(`${alg}/valid`, VERIFY, { key: KEY, alg });
	const bad = (name, change, rfc = VERIFY) =>
		refuse(`${alg}/${name}`, "signature_invalid", rfc, { key: KEY, alg, signature: change });
	const withS = (change) => (made) =>
		Buffer.concat([made.subarray(0, 32), toLittle(change(fromLittle(made.subarray(32))))]);
	bad(
		"S-plus-L",
		withS((S) => S + L),
	);
	bad(
		"S-plus-2L",
		withS((S) => S + 2n * L),
	);
	bad(
		"S-plus-8L",
		withS((S) => S + 8n * L),
	);
	bad(
		"S-negated",
		withS((S) => L - S),
	);
	bad(
		"S-zero",
		withS(() => 0n),
	);
	bad(
		"S-is-L",
		withS(() => L),
	);
	bad("S-high-bit", (made) => {
		const changed = Buffer.from(made);
		changed[63] |= 0x80;
		return changed;
	});
	bad("S-all-ones", (made) => Buffer.concat([made.subarray(0, 32), Buffer.alloc(32, 255)]));
	bad("S-big-endian", (made) => Buffer.concat([made.subarray(0, 32), Buffer.from(made.subarray(32)).reverse()]));
	bad("R-sign-flipped", (made) => {
		const changed = Buffer.from(made);
		changed[31] ^= 0x80;
		return changed;
	});
	bad("R-negated-and-S-negated", (made) =>
		Buffer.concat([
			Buffer.from(made.subarray(0, 31)),
			Buffer.of(made[31] ^ 0x80),
			toLittle(L - fromLittle(made.subarray(32))),
		]),
	);
	bad("R-not-on-curve", (made) => Buffer.concat([toLittle(2n), made.subarray(32)]), DECODE);
	bad("R-all-ones", (made) => Buffer.concat([Buffer.alloc(32, 255), made.subarray(32)]), DECODE);
	bad("R-is-the-key", (made) => Buffer.concat([member(KEY, "x"), made.subarray(32)]));
	bad("swapped", (made) => Buffer.concat([made.subarray(32), made.subarray(0, 32)]));
	bad("length-63", (made) => made.subarray(0, 63));
	bad("length-65", (made) => Buffer.concat([made, Buffer.of(0)]));
	bad("length-32", (made) => made.subarray(0, 32));
	bad("length-96-with-key", (made) => Buffer.concat([made, member(KEY, "x")]));
	bad("length-114-of-Ed448", (made) => Buffer.concat([made, Buffer.alloc(50)]));
	for (const torsion of ED25519_TORSION_SUBGROUP)
		bad(`R-small-order-${torsion.slice(0, 4)}${torsion.slice(-2)}-S-zero`, () =>
			Buffer.concat([Buffer.from(torsion, "hex"), Buffer.alloc(32)]),
		);
	refuse(`${alg}/by-another-key`, "signature_invalid", VERIFY, {
		key: KEY,
		alg,
		signAs: (input) => sign("EdDSA", "ed25519-b", input),
	});
	refuse(`${alg}/of-the-hash`, "signature_invalid", "RFC 8037 §3.1", {
		key: KEY,
		alg,
		signAs: (input) => sign("EdDSA", KEY, sha512(input)),
	});
	// Ed25519ph and Ed25519ctx sign with a domain in front (RFC 8032 §2).
	const dom2 = (phflag, context) =>
		Buffer.concat([
			Buffer.from("SigEd25519 no Ed25519 collisions"),
			Buffer.of(phflag, context.length),
			Buffer.from(context),
		]);
	const withDomain = (domain, message) => {
		const r = modL(fromLittle(sha512(domain, seed.subarray(32), message)));
		const R = encode(Point.BASE.multiply(r));
		const k = modL(fromLittle(sha512(domain, R, member(KEY, "x"), message)));
		return Buffer.concat([R, toLittle(modL(r + k * clamped))]);
	};
	accept(`${alg}/written-by-hand`, VERIFY, { key: KEY, alg, signAs: (input) => withDomain(Buffer.alloc(0), input) });
	refuse(`${alg}/prehashed`, "signature_invalid", "RFC 8037 §3.1", {
		key: KEY,
		alg,
		signAs: (input) => withDomain(dom2(1, ""), sha512(input)),
	});
	refuse(`${alg}/with-context`, "signature_invalid", "RFC 8037 §3.1", {
		key: KEY,
		alg,
		signAs: (input) => withDomain(dom2(0, "jwt"), input),
	});
	refuse(`${alg}/with-empty-context`, "signature_invalid", "RFC 8037 §3.1", {
		key: KEY,
		alg,
		signAs: (input) => withDomain(dom2(0, ""), input),
	});
	refuse(`${alg}/with-sha256`, "signature_invalid", "RFC 8037 §3.1", {
		key: KEY,
		alg,
		signAs: (input) => {
			const r = modL(fromLittle(sha512(seed.subarray(32), input)));
			const R = encode(Point.BASE.multiply(r));
			const k = modL(
				fromLittle(
					createHash("sha256")
						.update(Buffer.concat([R, member(KEY, "x"), input]))
						.digest(),
				),
			);
			return Buffer.concat([R, toLittle(modL(r + k * clamped))]);
		},
	});
}

// R of small order: the key's owner can make such signatures, and verifiers disagree about them.
// R is the identity and S = k a, so that S B = R + k A holds to the letter.
const identity = Buffer.from(ED25519_TORSION_SUBGROUP[0], "hex");
const bySmallR = (R) => (input) => Buffer.concat([R, toLittle(modL(challenge(R, member(KEY, "x"), input) * clamped))]);
refuse("small-R/identity", "signature_invalid", VERIFY, { key: KEY, signAs: bySmallR(identity) });
refuse("small-R/identity-not-canonical", "signature_invalid", DECODE, { key: KEY, signAs: bySmallR(toLittle(P + 1n)) });
refuse("small-R/identity-with-sign", "signature_invalid", DECODE, {
	key: KEY,
	signAs: bySmallR(Buffer.concat([identity.subarray(0, 31), Buffer.of(0x80)])),
});
for (const torsion of ED25519_TORSION_SUBGROUP.slice(1))
	refuse(`small-R/${torsion.slice(0, 4)}${torsion.slice(-2)}`, "signature_invalid", VERIFY, {
		key: KEY,
		signAs: bySmallR(Buffer.from(torsion, "hex")),
	});

// Keys of small order verify what nobody signed: with S = r and R = r B - k A for every k that A's
// order divides. The payload is varied until the equation holds without the cofactor.
const withKey = (name, x, signAs, jti) => ({
	name,
	parts: {
		key: KEY,
		header: { kid: "odd" },
		payload: { jti: String(jti) },
		keys: { kty: "OKP", crv: "Ed25519", kid: "odd", x: base64url(x) },
		signAs,
	},
});
const r = 12_345n;
const holds = (S, R, k, key) => Point.BASE.multiply(S).equals(R.add(multiple(key, k)));
const multiple = (value, scalar) => {
	let result = Point.ZERO;
	let double = value;
	for (let s = scalar; s > 0n; s >>= 1n, double = double.double()) if (s & 1n) result = result.add(double);
	return result;
};
const R = Point.BASE.multiply(r);
const forge = (key, octets) => {
	for (let jti = 0; ; jti += 1) {
		let found;
		mint({
			...withKey("", octets, undefined, jti).parts,
			signAs: (input) => {
				found = holds(r, R, challenge(encode(R), octets, input), key);
				return Buffer.alloc(64);
			},
		});
		if (found) return { jti, signAs: () => Buffer.concat([encode(R), toLittle(r)]) };
	}
};
const smallKeys = Object.fromEntries(
	ED25519_TORSION_SUBGROUP.map((hex, i) => [
		`${["order-1", "order-8-a", "order-4-a", "order-8-b", "order-2", "order-8-c", "order-4-b", "order-8-d"][i]}`,
		Buffer.from(hex, "hex"),
	]),
);
for (const [name, octets] of Object.entries(smallKeys)) {
	const { jti, signAs } = forge(point(octets.toString("hex")), octets);
	refuse(`small-key/${name}-forged`, "key_invalid", "RFC 8725 §3.4", withKey(name, octets, signAs, jti).parts);
}
// The same points and others in encodings that RFC 8032 §5.1.3 does not decode.
const notCanonical = {
	"y-is-p": [toLittle(P), point(ED25519_TORSION_SUBGROUP[6])],
	"y-is-p-with-sign": [toLittle(P + 2n ** 255n), point(ED25519_TORSION_SUBGROUP[2])],
	"y-is-p-plus-1": [toLittle(P + 1n), point(ED25519_TORSION_SUBGROUP[0])],
	"identity-with-sign": [toLittle(1n + 2n ** 255n), point(ED25519_TORSION_SUBGROUP[0])],
	"y-is-p-plus-1-with-sign": [toLittle(P + 1n + 2n ** 255n), point(ED25519_TORSION_SUBGROUP[0])],
	"order-2-with-sign": [toLittle(P - 1n + 2n ** 255n), point(ED25519_TORSION_SUBGROUP[4])],
};
for (const [name, [octets, key]] of Object.entries(notCanonical)) {
	const { jti, signAs } = forge(key, octets);
	refuse(`not-canonical-key/${name}-forged`, "key_invalid", DECODE, withKey(name, octets, signAs, jti).parts);
}
for (let y = 2n; y <= 18n; y += 1n)
	refuse(
		`not-canonical-key/y-is-p-plus-${y}`,
		"key_invalid",
		DECODE,
		withKey("", toLittle(P + y), () => Buffer.alloc(64, 1), 0).parts,
	);
for (const y of [2n, 7n, 8n, 11n, 12n]) {
	let onCurve = true;
	try {
		Point.fromBytes(toLittle(y));
	} catch {
		onCurve = false;
	}
	if (!onCurve)
		refuse(
			`key-not-on-curve/y-is-${y}`,
			"key_invalid",
			DECODE,
			withKey("", toLittle(y), () => Buffer.alloc(64, 1), 0).parts,
		);
	else
		refuse(
			`key-of-nobody/y-is-${y}`,
			"signature_invalid",
			VERIFY,
			withKey("", toLittle(y), () => Buffer.alloc(64, 1), 0).parts,
		);
}
refuse(
	"key-not-on-curve/all-ones",
	"key_invalid",
	DECODE,
	withKey("", Buffer.alloc(32, 255), () => Buffer.alloc(64, 1), 0).parts,
);
for (const length of [0, 31, 33, 57, 64])
	refuse(
		`key-length/${length}`,
		"key_invalid",
		"RFC 8037 §2",
		withKey("", Buffer.concat([member(KEY, "x"), Buffer.alloc(64)]).subarray(0, length), () => Buffer.alloc(64, 1), 0)
			.parts,
	);

// Keys with a part of small order: of full order, so they stand. Only the equation without the
// cofactor decides; with it (RFC 8032 allows both) some of these would pass.
const torsion = point(ED25519_TORSION_SUBGROUP[1]);
const mixed = A.add(torsion);
const mixedOctets = encode(mixed);
const signMixed = (input) =>
	Buffer.concat([encode(R), toLittle(modL(r + challenge(encode(R), mixedOctets, input) * clamped))]);
const mixedCase = (wanted) => {
	for (let jti = 0; ; jti += 1) {
		const { parts } = withKey("", mixedOctets, signMixed, jti);
		let k;
		mint({
			...parts,
			signAs: (input) => {
				k = challenge(encode(R), mixedOctets, input);
				return Buffer.alloc(64);
			},
		});
		if ((k % 8n === 0n) === wanted) return parts;
	}
};
accept("mixed-key/holds-without-cofactor", VERIFY, mixedCase(true));
refuse("mixed-key/holds-only-with-cofactor", "signature_invalid", VERIFY, mixedCase(false));
{
	// A common key, R with a part of small order.
	const odd = encode(R.add(torsion));
	refuse("mixed-R/holds-only-with-cofactor", "signature_invalid", VERIFY, {
		key: KEY,
		signAs: (input) => Buffer.concat([odd, toLittle(modL(r + challenge(odd, member(KEY, "x"), input) * clamped))]),
	});
}
accept("usual/empty-object-payload", VERIFY, {
	key: KEY,
	payload: "{}",
	policy: { issuer: null, audience: null, requiredClaims: [] },
});
accept("usual/key-names-crv-and-alg", "RFC 9864 §2.2", {
	key: KEY,
	alg: "Ed25519",
	keys: jwk(KEY, { alg: "Ed25519", use: "sig" }),
});
