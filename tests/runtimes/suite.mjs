// The one suite: every case of tests/vectors through the packed package. Runs unchanged in each runtime, so it
// uses nothing but the package and what all of them have.

import { createVerifier, TokenError } from "countersign";

/**
 * Runs the cases of `corpus` ({ files, keys, policies }) and resolves to { cases, failures, digest }: the digest is
 * the SHA-256 over a line for each case, in order: name, code or "accept", SHA-256 of the accepted payload or "-".
 */
export async function runSuite({ files, keys, policies }) {
	const failures = [];
	let lines = "";
	let cases = 0;
	for (const file of files) {
		for (const one of file) {
			cases++;
			const { code, payload } = verdict(one, keys, policies);
			if (code !== one.expect) failures.push({ name: one.name, expected: one.expect, found: code });
			lines += `${one.name}\t${code}\t${payload ? await sha256(payload) : "-"}\n`;
		}
	}
	return { cases, failures, digest: await sha256(new TextEncoder().encode(lines)) };
}

function verdict(one, keys, policies) {
	const token = one.tokenHex === undefined ? one.token : fromHex(one.tokenHex);
	try {
		const verifier = createVerifier({
			...resolve(one.policy, policies),
			keys: resolve(one.keys, keys),
			now: () => one.now,
		});
		try {
			verifier.verifySync(token);
		} finally {
			verifier.dispose();
		}
		return { code: "accept", payload: payloadOf(token) };
	} catch (error) {
		if (error instanceof TokenError) return { code: error.code };
		return { code: `${error?.name}: ${error?.message}` };
	}
}

/** A value, or the shared one that "@name" stands for. */
function resolve(value, shared) {
	return typeof value === "string" && value.startsWith("@") ? shared[value.slice(1)] : value;
}

// Of an accepted token: that its segment is canonical base64url has been decided.
function payloadOf(token) {
	const text = typeof token === "string" ? token : new TextDecoder().decode(token);
	const binary = atob(text.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function fromHex(hex) {
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

async function sha256(bytes) {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
