// The one suite: every case of tests/corpus through the packed package. Runs unchanged in each runtime, so it
// uses nothing but the package and what all of them have.

import * as countersign from "countersign";
import * as mlDsa from "countersign/ml-dsa";
import { kitFailures } from "./kit.mjs";

/**
 * Runs a corpus ({ cases, keys, policies }) and resolves to { cases, failures, digest, kinds }: the
 * digest is the SHA-256 over a line for each case, in order: name, what came of it ("accept", a code, or the value
 * that was asked for), SHA-256 of the accepted payload or "-". `kinds` has the cases and the digest of each kind.
 */
export async function runSuite({ cases, keys, policies }) {
	const failures = await kitFailures();
	const lines = {};
	const counts = {};
	let all = "";
	for (const one of cases) {
		const { outcome, payload } = await attempt(() => KINDS[one.kind](one, { keys, policies }));
		if (outcome !== String(one.expect)) {
			failures.push({ name: one.name, expected: String(one.expect), found: outcome });
		}
		const line = `${one.name}\t${outcome}\t${payload ? await sha256(payload) : "-"}\n`;
		lines[one.kind] = (lines[one.kind] ?? "") + line;
		counts[one.kind] = (counts[one.kind] ?? 0) + 1;
		all += line;
	}
	const kinds = {};
	for (const kind of Object.keys(lines)) kinds[kind] = { cases: counts[kind], digest: await digestOf(lines[kind]) };
	return { cases: cases.length, failures, digest: await digestOf(all), kinds };
}

/** How a case of each kind is asked; see tests/corpus/README.md. */
const KINDS = {
	token: (one, shared) => verified(countersign, one, shared),
	"ml-dsa": (one, shared) => verified(mlDsa, one, shared),
	signature(one, { keys }) {
		const { payload } = countersign.verifySignature(tokenOf(one), resolve(one.keys, keys), one.options);
		const expected = one.payload === undefined ? payload : fromBase64url(one.payload);
		if (payload.length !== expected.length || payload.some((octet, i) => octet !== expected[i])) {
			return { outcome: "another payload" };
		}
		return { outcome: "accept", payload };
	},
	async dpop({ proof, options: { now, seen, ...options } }) {
		await countersign.verifyDpopProof(proof, {
			...options,
			now: () => now,
			...(seen !== undefined && { seen: () => seen }),
		});
		return { outcome: "accept", payload: payloadOf(proof) };
	},
	pkce({ call, verifier, challenge, method }) {
		if (call === "challenge") return { outcome: countersign.pkceChallenge(verifier) };
		return { outcome: String(countersign.verifyPkce(verifier, challenge, method)) };
	},
	thumbprint: ({ jwk }) => ({ outcome: countersign.jwkThumbprint(jwk) }),
};

function verified({ createVerifier }, one, { keys, policies }) {
	const verifier = createVerifier({
		...resolve(one.policy, policies),
		keys: resolve(one.keys, keys),
		now: () => one.now,
	});
	try {
		verifier.verifySync(tokenOf(one));
	} finally {
		verifier.dispose();
	}
	return { outcome: "accept", payload: payloadOf(tokenOf(one)) };
}

async function attempt(ask) {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof countersign.TokenError || error instanceof mlDsa.TokenError) return { outcome: error.code };
		return { outcome: `${error?.name}: ${error?.message}` };
	}
}

const tokenOf = ({ token, tokenHex }) => (tokenHex === undefined ? token : fromHex(tokenHex));

/** A value, or the shared one that "@name" stands for. */
function resolve(value, shared) {
	return typeof value === "string" && value.startsWith("@") ? shared[value.slice(1)] : value;
}

// Of an accepted token: that its segment is canonical base64url has been decided.
function payloadOf(token) {
	const text = typeof token === "string" ? token : new TextDecoder().decode(token);
	return fromBase64url(text.split(".")[1]);
}

function fromBase64url(text) {
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function fromHex(hex) {
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const digestOf = (text) => sha256(new TextEncoder().encode(text));

async function sha256(bytes) {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
