// RFC 7518 §3.3, §3.5 and §6.3.1, RFC 8017 §8: RSA keys, and the two encodings of what they sign.
import { createHash } from "node:crypto";
import { suite } from "./corpus.mjs";
import { jwk, member, privateJwk, set } from "./keys.mjs";
import { digest, rsaRaw, sign, signPss } from "./sign.mjs";
import { base64url, mint } from "./token.mjs";

const { accept, refuse } = suite("rsa");
const SIZE = "RFC 7518 §3.3";
const NUMBERS = "RFC 7518 §6.3.1";

const number = (octets) => BigInt(`0x${octets.toString("hex")}`);
const octetsOf = (value, length) => Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
const minimal = (value) => Buffer.from(value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), "0"), "hex");
const power = (base, exponent, modulus) => {
  let result = 1n;
  for (let square = base % modulus, e = exponent; e > 0n; e >>= 1n, square = (square * square) % modulus) if (e & 1n) result = (result * square) % modulus;
  return result;
};

// Encoded messages (RFC 8017 §9.2), written out so that they can be written wrong.
const OIDS = { sha1: "06052b0e03021a", md5: "06082a864886f70d0205", sha224: "0609608648016503040204", sha256: "0609608648016503040201", sha384: "0609608648016503040202", sha512: "0609608648016503040203" };
const tlv = (tag, body) => {
  const length = body.length < 128 ? Buffer.of(body.length) : body.length < 256 ? Buffer.of(0x81, body.length) : Buffer.of(0x82, body.length >> 8, body.length & 255);
  return Buffer.concat([Buffer.of(tag), length, body]);
};
const hex = (text) => Buffer.from(text, "hex");
const digestInfo = (hash, input, parameters = hex("0500")) => tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS[hash]), parameters])), tlv(4, digest(hash, input))]));
const pkcs1 = (info, length, { type = 1, padding = 0xff, first = 0, separator = 0, behind = Buffer.alloc(0), fill } = {}) => {
  const count = fill ?? length - 3 - info.length - behind.length;
  const encoded = Buffer.concat([Buffer.of(first, type), Buffer.alloc(count, padding), Buffer.of(separator), info, behind]);
  return encoded;
};
const KEY = "rsa2048";
const LENGTH = 256;

// Modulus sizes.
for (const [key, code] of [["rsa1024", "key_weak"], ["rsa1536", "key_weak"], ["rsa2040", "key_weak"], ["rsa2047", "key_weak"], ["rsa8200", "key_invalid"]])
  for (const alg of ["RS256", "PS256"]) refuse(`modulus/${key}-${alg}`, code, SIZE, { key, alg });
for (const key of ["rsa2048", "rsa2049", "rsa2056", "rsa3072", "rsa4096", "rsa8192"])
  for (const alg of key === "rsa8192" ? ["RS256", "PS256"] : ["RS256", "RS512", "PS256", "PS512"]) accept(`modulus/${key}-${alg}`, SIZE, { key, alg });
for (const key of ["rsa2049", "rsa2056"])
  for (const alg of ["RS384", "PS384"]) accept(`modulus/${key}-${alg}`, "RFC 8017 §8.1.2", { key, alg });
{
  const odd = (length) => Buffer.concat([Buffer.of(0xc1), createHash("shake256", { outputLength: length - 2 }).update(`modulus ${length}`).digest(), Buffer.of(0x0b)]);
  const junk = (length) => createHash("shake256", { outputLength: length }).update("signature").digest();
  for (const bits of [8, 64, 512, 768]) refuse(`modulus/of-${bits}-bits`, "key_weak", SIZE, { key: KEY, keys: jwk(KEY, { n: base64url(bits === 8 ? Buffer.of(0xc1) : odd(bits / 8)) }), signature: junk(bits / 8) });
  for (const bits of [8208, 16_384, 32_768]) refuse(`modulus/of-${bits}-bits`, "key_invalid", SIZE, { key: KEY, keys: jwk(KEY, { n: base64url(odd(bits / 8)) }), signature: junk(bits / 8), policy: { maxTokenSize: 100_000 } });
  const even = Buffer.from(member(KEY, "n"));
  even[255] ^= 1;
  refuse("modulus/even", "key_weak", "RFC 8017 §3.1", { key: KEY, keys: jwk(KEY, { n: base64url(even) }) });
  refuse("modulus/zero", "key_weak", SIZE, { key: KEY, keys: jwk(KEY, { n: "AA" }) });
  refuse("modulus/one", "key_weak", SIZE, { key: KEY, keys: jwk(KEY, { n: "AQ" }) });
  refuse("modulus/little-endian", "signature_invalid", NUMBERS, { key: KEY, keys: jwk(KEY, { n: base64url(littleEndianOdd(member(KEY, "n"))) }) });
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
for (const alg of ["RS256", "PS256"]) refuse(`exponent/e4294967297-${alg}`, "key_invalid", NUMBERS, { key: "rsa-e4294967297", alg });
{
  // Signatures that verify under exponents nobody should accept.
  const [n, p, q] = ["n", "p", "q"].map((which) => number(member("rsa-blum", which)));
  const crt = (a, b) => {
    const inverse = power(q % p, p - 2n, p);
    return b + q * ((((a - b) % p) + p) * inverse % p);
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
      if (power(message, BigInt(e), n) !== number(pkcs1(digestInfo("sha256", input), LENGTH))) throw new Error("not a root");
      signature = octetsOf(message, LENGTH);
      return signature;
    };
    // The payload is varied until its encoded message is a square.
    for (signature = undefined; ; jti += 1) {
      mint({ ...parts(jti), signAs: (input) => make(input) ?? Buffer.alloc(1) });
      if (signature) break;
    }
    refuse(`exponent/e${e}-forged`, "key_weak", "RFC 8017 §3.1", { ...parts(jti), signAs: make });
    refuse(`exponent/e${e}-in-a-set`, "key_not_found", "RFC 7517 §5", { ...parts(jti), signAs: make, keys: set(key, "rsa2048-b") });
  }
  const junk = Buffer.alloc(LENGTH, 7);
  for (const [name, e] of Object.entries({ 0: 0n, 6: 6n, "2^16": 65_536n, "2^32-2": 4_294_967_294n })) refuse(`exponent/even-${name}`, "key_weak", "RFC 8017 §3.1", { key: KEY, keys: jwk(KEY, { e: base64url(minimal(e)) }), signature: junk });
  for (const [name, e] of Object.entries({ "2^32+1": 2n ** 32n + 1n, "2^33+1": 2n ** 33n + 1n, "2^64-1": 2n ** 64n - 1n, "2^256+1": 2n ** 256n + 1n, "n-2": n - 2n })) refuse(`exponent/large-${name}`, "key_invalid", NUMBERS, { key: KEY, keys: jwk(KEY, { e: base64url(minimal(e)) }), signature: junk });
  // Odd and within bounds, but not this key's.
  for (const e of [3n, 5n, 17n, 257n, 65_539n, 4_294_967_295n]) refuse(`exponent/another-${e}`, "signature_invalid", NUMBERS, { key: KEY, keys: jwk(KEY, { e: base64url(minimal(e)) }) });
}
// Base64urlUInt has no leading zero octets (RFC 7518 §2).
for (const [name, changes] of Object.entries({
  "e-one-zero": { e: "AAEAAQ" },
  "e-five-zeros": { e: base64url(Buffer.from("0000000000010001", "hex")) },
  "e-little-endian-with-zero": { e: base64url(Buffer.from("01000100", "hex")) },
  "n-one-zero": { n: base64url(Buffer.concat([Buffer.of(0), member(KEY, "n")])) },
  "n-two-zeros": { n: base64url(Buffer.concat([Buffer.alloc(2), member(KEY, "n")])) },
}))
  refuse(`leading-zeros/${name}`, name === "e-little-endian-with-zero" ? "key_weak" : "key_invalid", "RFC 7518 §2", { key: KEY, keys: jwk(KEY, changes) });
accept("leading-zeros/none", "RFC 7518 §2", { key: KEY, keys: jwk(KEY, { e: "AQAB" }) });

// The signature is a number below n, as long as n.
for (const alg of ["RS256", "PS256"]) {
  const rfc = alg === "RS256" ? "RFC 8017 §8.2.2" : "RFC 8017 §8.1.2";
  const n = number(member(KEY, "n"));
  const bad = (name, change, more) => refuse(`number/${alg}-${name}`, "signature_invalid", rfc, { key: KEY, alg, signature: change, ...more });
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
    const short = (candidate) => Buffer.from(mint({ key: KEY, alg, payload: { jti: `z${candidate}` } }).split(".")[2], "base64url")[0] === 0;
    let z = 0;
    while (!short(z)) z += 1;
    accept("number/RS256-leading-zero-octet", rfc, { key: KEY, alg, payload: { jti: `z${z}` } });
    bad("leading-zero-octet-cut", (made) => made.subarray(1), { payload: { jti: `z${z}` } });
  }
}

// EMSA-PKCS1-v1_5 and what is almost that (RFC 8017 §9.2: the whole encoding is compared).
const PKCS1 = "RFC 8017 §8.2.2";
for (const [alg, hash] of [["RS256", "sha256"], ["RS384", "sha384"], ["RS512", "sha512"]]) {
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
  encoded("long-form-length-outer", (input) => pkcs1(Buffer.concat([Buffer.of(0x30, 0x81), info(input).subarray(1)]), LENGTH));
  encoded("long-form-length-of-two", (input) => pkcs1(Buffer.concat([Buffer.of(0x30, 0x82, 0), info(input).subarray(1)]), LENGTH));
  encoded("long-form-length-inner", (input) => {
    const algorithm = Buffer.concat([hex(OIDS[hash]), hex("0500")]);
    return pkcs1(tlv(0x30, Buffer.concat([Buffer.of(0x30, 0x81, algorithm.length), algorithm, tlv(4, digest(hash, input))])), LENGTH);
  });
  encoded("indefinite-length", (input) => pkcs1(Buffer.concat([Buffer.of(0x30, 0x80), info(input).subarray(2), Buffer.alloc(2)]), LENGTH));
  encoded("octet-string-long-form", (input) => pkcs1(tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS[hash]), hex("0500")])), Buffer.of(4, 0x81, digest(hash, input).length), digest(hash, input)])), LENGTH));
  encoded("wrong-outer-tag", (input) => pkcs1(Buffer.concat([Buffer.of(0x31), info(input).subarray(1)]), LENGTH));
  encoded("garbage-behind-inside", (input) => pkcs1(tlv(0x30, Buffer.concat([info(input).subarray(2), tlv(4, Buffer.alloc(8, 1))])), LENGTH));
  encoded("garbage-behind", (input) => pkcs1(info(input), LENGTH, { behind: Buffer.alloc(16, 0xaa) }));
  encoded("bleichenbacher-2006", (input) => pkcs1(info(input), LENGTH, { fill: 8, behind: Buffer.alloc(LENGTH - 11 - info(input).length, 0xaa) }));
  encoded("padding-seven", (input) => Buffer.concat([pkcs1(info(input), LENGTH, { fill: 7 }), Buffer.alloc(LENGTH - 10 - info(input).length)]));
  encoded("padding-none", (input) => Buffer.concat([Buffer.of(0, 1, 0), info(input), Buffer.alloc(LENGTH - 3 - info(input).length)]));
  encoded("padding-one-short-and-zero-in-front", (input) => pkcs1(info(input), LENGTH - 1).length === LENGTH - 1 ? Buffer.concat([Buffer.of(0), pkcs1(info(input), LENGTH - 1)]) : Buffer.alloc(LENGTH));
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
  for (const other of Object.keys(OIDS)) if (other !== hash) encoded(`digest-${other}`, (input) => pkcs1(digestInfo(other, input), LENGTH));
  encoded("digest-labelled-sha1", (input) => pkcs1(tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS.sha1), hex("0500")])), tlv(4, digest(hash, input))])), LENGTH));
  encoded("digest-shortened", (input) => pkcs1(tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS[hash]), hex("0500")])), tlv(4, digest(hash, input).subarray(0, 16))])), LENGTH));
  encoded("digest-with-zero-behind", (input) => pkcs1(tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS[hash]), hex("0500")])), tlv(4, Buffer.concat([digest(hash, input), Buffer.of(0)]))])), LENGTH));
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
const pss = (input, hash, { mask = hash, saltLength = digest(hash, "").length, trailer = 0xbc, separator = 1, padding = 0, topBit = 0, prefix = 8, bits = 2047 } = {}) => {
  const length = Math.ceil(bits / 8);
  const salt = createHash("shake256", { outputLength: Math.max(saltLength, 1) }).update(input).digest().subarray(0, saltLength);
  const h = digest(hash, Buffer.concat([Buffer.alloc(prefix), digest(hash, input), salt]));
  const block = Buffer.concat([Buffer.alloc(length - h.length - 2 - saltLength, padding), Buffer.of(separator), salt]);
  const masked = Buffer.from(mgf1(mask, h, block.length).map((octet, i) => octet ^ block[i]));
  masked[0] &= 0xff >> (8 * length - bits);
  masked[0] |= topBit;
  return Buffer.concat([masked, h, Buffer.of(trailer)]);
};
for (const [alg, hash, size] of [["PS256", "sha256", 32], ["PS384", "sha384", 48], ["PS512", "sha512", 64]]) {
  const encoded = (name, options, outcome = "signature_invalid", rfc = PSS) => {
    const parts = { key: KEY, alg, signAs: (input) => rsaRaw(KEY, pss(input, options.hash ?? hash, options)) };
    if (outcome === "accept") accept(`pss/${alg}-${name}`, rfc, parts);
    else refuse(`pss/${alg}-${name}`, outcome, rfc, parts);
  };
  encoded("written-by-hand", {}, "accept");
  for (const saltLength of new Set([0, 1, 8, 20, 32, 48, 64, size - 1, size + 1, 256 - size - 2])) if (saltLength !== size) encoded(`salt-${saltLength === 256 - size - 2 ? "longest" : saltLength}`, { saltLength });
  for (const mask of ["sha1", "sha256", "sha384", "sha512"]) if (mask !== hash) encoded(`mask-${mask}`, { mask });
  for (const other of ["sha1", "sha256", "sha384", "sha512"]) if (other !== hash) {
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
  refuse(`pss/${alg}-as-pkcs1-type`, "signature_invalid", PSS, { key: KEY, alg, signAs: (input) => rsaRaw(KEY, pkcs1(digestInfo(hash, input), LENGTH)) });
  refuse(`pss/${alg}-as-RS${alg.slice(2)}`, "signature_invalid", "RFC 7518 §3.3", { key: KEY, alg: `RS${alg.slice(2)}`, signAs: (input) => rsaRaw(KEY, pss(input, hash)) });
  // 2049 bits: the encoded message is one octet shorter than the modulus.
  accept(`pss/${alg}-2049-bits-by-hand`, EMSA, { key: "rsa2049", alg, signAs: (input) => rsaRaw("rsa2049", Buffer.concat([Buffer.of(0), pss(input, hash, { bits: 2048 })])) });
  refuse(`pss/${alg}-openssl-salt-0`, "signature_invalid", PSS, { key: KEY, alg, signAs: (input) => signPss(KEY, input, hash, 0) });
}
