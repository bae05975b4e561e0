// The package, in WebAssembly, against OpenSSL, case by case: node main.mjs KERNEL CASES SEED PACKAGE
//
// PACKAGE is the folder of the unpacked package. Prints its counts as a line of JSON every second and at the end.
// Disagreements are told on stderr; with one the status is 1. `npm run kernels` drives it. OpenSSL draws nonces and
// RSA keys by itself: the seed fixes everything else.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as ecdsa from "./ecdsa.mjs";
import * as ed25519 from "./ed25519.mjs";
import { Random } from "./random.mjs";
import * as rsa from "./rsa.mjs";
import { Subject } from "./subject.mjs";
import { Tally } from "./tally.mjs";

const KERNELS = {
	p256: () => ecdsa.keys("P-256"),
	p384: () => ecdsa.keys("P-384"),
	p521: () => ecdsa.keys("P-521"),
	secp256k1: () => ecdsa.keys("secp256k1"),
	ed25519: () => ed25519.keys(),
	rsa2048: () => rsa.keys([2048]),
	rsa3072: () => rsa.keys([3072]),
	rsa4096: () => rsa.keys([4096]),
	"rsa-other": () => rsa.keys([2049, 2050, 2055, 2056, 2057, 2304]),
};

const [kernel, count, seed, folder] = process.argv.slice(2);
const cases = Number(count);

// Whether RSA by fused multiply-add is at work: its module says so of itself.
let fused = false;
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
	constructor(...args) {
		super(...args);
		if (this.exports.power && this.exports.ready?.() === 1) fused = true;
	}
};

const ours = await import(pathToFileURL(join(folder, "esm", "index.js")).href);
const tally = new Tally();
const random = new Random(Number(seed));
const nextKey = KERNELS[kernel]();

/** Our side of a key, if ours is one. */
function subject({ jwk, algorithms }) {
	try {
		return new Subject(ours, tally, jwk, algorithms, tally.cases < cases / 5);
	} catch (error) {
		if (error.name === "TokenError") return undefined;
		throw error;
	}
}

function compare(key, checked, { token, alg, message, signature }) {
	const expected = key.judge?.(alg, message, signature) ?? false;
	const found = checked?.verifies(token) ?? false;
	if (found === expected) return tally.case(expected);
	const rule = expected ? key.rule?.(signature) : undefined;
	if (rule !== undefined) return tally.refusedBy(rule);
	tally.case(expected);
	tally.disagreement(`ours ${found}, OpenSSL ${expected}: ${JSON.stringify(key.jwk)} ${token}`);
}

/** A case with its token. */
const token = ({ alg, input, signature }) => ({
	alg,
	signature,
	message: Buffer.from(input),
	token: `${input}.${signature.toString("base64url")}`,
});

while (tally.cases < cases) {
	const key = nextKey(random);
	const checked = subject(key);
	const taken = key.judge !== undefined;
	if (taken !== (checked !== undefined) && !(taken && key.rule?.())) {
		tally.disagreement(`ours ${!taken}, OpenSSL ${taken}, for the key ${JSON.stringify(key.jwk)}`);
	}
	tally.key(checked !== undefined);
	for (const one of taken ? key.cases(random) : []) {
		compare(key, checked, token(one));
		if (tally.cases === cases) break;
	}
	checked?.dispose();
}
tally.fused = fused;
tally.tell();
process.exitCode = tally.disagreements === 0 ? 0 : 1;
