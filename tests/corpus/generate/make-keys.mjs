// Makes the fixed test keys, once: private-keys.json and the certificates in certificates.json.
// `node tests/corpus/generate/make-keys.mjs` adds what is missing and never replaces a key, because
// every committed token is signed with these. Needs the openssl command for the certificates.
import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, generateKeyPairSync, generatePrimeSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const privateFile = join(here, "../private-keys.json");
const certificateFile = join(here, "certificates.json");
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});

const keys = {
	"//": "TEST KEYS of the corpus. Everyone has them: never trust them anywhere.",
	...read(privateFile),
};
const certificates = read(certificateFile);

// Asked for as JWK: Node.js 20 can wait for itself for ever where a key is exported after it was generated.
const encoding = { publicKeyEncoding: { format: "jwk" }, privateKeyEncoding: { format: "jwk" } };
const privateJwk = (type, options) => generateKeyPairSync(type, { ...options, ...encoding }).privateKey;

const ec = (namedCurve) => () => privateJwk("ec", { namedCurve });
const rsa =
	(modulusLength, publicExponent = 65537) =>
	() =>
		privateJwk("rsa", { modulusLength, publicExponent });

// OpenSSL's generator makes 2048 bits where 2049 are asked for; this puts the primes together.
const rsa2049 = () => {
	const prime = (bits) => generatePrimeSync(bits, { bigint: true });
	const octets = (value) =>
		Buffer.from(value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), "0"), "hex").toString(
			"base64url",
		);
	const inverse = (value, modulus) => {
		let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
		while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
		return ((x % modulus) + modulus) % modulus;
	};
	const e = 65537n;
	for (;;) {
		const [p, q] = [prime(1025), prime(1024)];
		const [n, totient] = [p * q, (p - 1n) * (q - 1n)];
		if (n.toString(2).length !== 2049 || totient % e === 0n) continue;
		const d = inverse(e, totient);
		if ((d * e) % totient !== 1n) throw new Error("no inverse");
		return {
			kty: "RSA",
			n: octets(n),
			e: "AQAB",
			d: octets(d),
			p: octets(p),
			q: octets(q),
			dp: octets(d % (p - 1n)),
			dq: octets(d % (q - 1n)),
			qi: octets(inverse(q, p)),
		};
	}
};
const ed25519 = () => privateJwk("ed25519");
const oct = (length) => () => ({ kty: "oct", k: randomBytes(length).toString("base64url") });
const akp = (alg, scheme) => () => {
	const seed = randomBytes(32);
	const { publicKey } = scheme.keygen(new Uint8Array(seed));
	return { kty: "AKP", alg, pub: Buffer.from(publicKey).toString("base64url"), priv: seed.toString("base64url") };
};

// An exponent that OpenSSL's own generator does not take from Node.
const rsaByCommand = (bits, exponent) => () => {
	const pem = execFileSync(
		"openssl",
		[
			"genpkey",
			"-algorithm",
			"RSA",
			"-pkeyopt",
			`rsa_keygen_bits:${bits}`,
			"-pkeyopt",
			`rsa_keygen_pubexp:${exponent}`,
		],
		{ stdio: ["ignore", "pipe", "ignore"] },
	);
	return createPrivateKey(pem).export({ format: "jwk" });
};

// Two primes that are 3 modulo 4, so that 2^k-th roots exist: valid signatures for even exponents.
const blum = () => {
	const number = (value) => Buffer.from(value.toString(16).padStart(256, "0"), "hex").toString("base64url");
	const prime = () => generatePrimeSync(1024, { add: 4n, rem: 3n, bigint: true });
	let p, q;
	do [p, q] = [prime(), prime()];
	while (p === q || (p * q).toString(2).length !== 2048);
	return { kty: "RSA", n: Buffer.from((p * q).toString(16), "hex").toString("base64url"), p: number(p), q: number(q) };
};

const wanted = {
	es256: ec("P-256"),
	"es256-b": ec("P-256"),
	es384: ec("P-384"),
	"es384-b": ec("P-384"),
	es512: ec("P-521"),
	"es512-b": ec("P-521"),
	es256k: ec("secp256k1"),
	"es256k-b": ec("secp256k1"),
	ed25519,
	"ed25519-b": ed25519,
	rsa2048: rsa(2048),
	"rsa2048-b": rsa(2048),
	rsa1024: rsa(1024),
	rsa1536: rsa(1536),
	rsa2040: rsa(2040),
	rsa2047: rsa(2047),
	rsa2049,
	rsa2056: rsa(2056),
	rsa3072: rsa(3072),
	rsa4096: rsa(4096),
	rsa8192: rsa(8192),
	rsa8200: rsa(8200),
	"rsa-e3": rsa(2048, 3),
	"rsa-e17": rsa(2048, 17),
	"rsa-e4294967291": rsa(2048, 4294967291),
	"rsa-e4294967297": rsaByCommand(2048, 4294967297),
	"rsa-blum": blum,
	hs256: oct(32),
	"hs256-b": oct(32),
	hs384: oct(48),
	hs512: oct(64),
	"hs-long": oct(200),
	"ml-dsa-44": akp("ML-DSA-44", ml_dsa44),
	"ml-dsa-65": akp("ML-DSA-65", ml_dsa65),
	"ml-dsa-87": akp("ML-DSA-87", ml_dsa87),
	"ml-dsa-44-b": akp("ML-DSA-44", ml_dsa44),
};
for (let i = 1; i <= 17; i++) wanted[`es256-${String(i).padStart(2, "0")}`] = ec("P-256");

for (const [name, make] of Object.entries(wanted)) {
	if (name in keys) continue;
	process.stdout.write(`making ${name}\n`);
	keys[name] = make();
}
const lines = Object.entries(keys).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
writeFileSync(privateFile, `{\n${lines.join(",\n")}\n}\n`);

const directory = mkdtempSync(join(tmpdir(), "countersign-keys-"));
for (const name of ["rsa2048", "rsa1024", "es256", "es384", "es512", "es256k", "ed25519"]) {
	if (name in certificates) continue;
	const file = join(directory, `${name}.pem`);
	writeFileSync(file, createPrivateKey({ key: keys[name], format: "jwk" }).export({ type: "pkcs8", format: "pem" }));
	certificates[name] = execFileSync(
		"openssl",
		[
			"req",
			"-new",
			"-x509",
			"-key",
			file,
			"-subj",
			"/CN=countersign test key",
			"-days",
			"36500",
			"-set_serial",
			`0x01${createHash("sha256").update(name).digest("hex").slice(0, 14)}`,
		],
		{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
	);
}
rmSync(directory, { recursive: true });
writeFileSync(certificateFile, `${JSON.stringify(certificates, null, 2)}\n`);
