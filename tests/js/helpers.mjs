// The packed package in this process, tokens, and an issuer that answers without a network.

import { createHash, randomUUID, sign } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { keyPair } from "../keys.mjs";
import { unpack } from "../runtimes/helpers.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-behaviour-"));
after(() => rm(folder, { recursive: true, force: true }));
await unpack(folder);
/** The file of an entry. */
export const entryFile = (name) => join(folder, "node_modules", "countersign", "esm", `${name}.js`);
const entry = (name) => import(pathToFileURL(entryFile(name)).href);

export const countersign = await entry("index");
export const edge = await entry("edge");
export const testing = await entry("testing");
export const { createLogin } = await entry("login");

export const issuer = "https://auth.example.com";
export const audience = "https://api.shop.example.com";
export const start = 1_800_000_000;

/** A signing key with its public JWK. */
export function signer(kid) {
	const { privateKey, publicKey } = keyPair("ec", { namedCurve: "P-256" });
	const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	return {
		jwk,
		/** A token that is good at `start` unless told otherwise. */
		token(claims = {}, header = {}) {
			const all = {
				iss: issuer,
				aud: audience,
				sub: "user-1",
				iat: start,
				exp: start + 300,
				jti: randomUUID(),
				...claims,
			};
			const input = `${part({ alg: "ES256", kid, ...header })}.${part(all)}`;
			const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
			return `${input}.${signature.toString("base64url")}`;
		},
	};
}

export const halfHash = (text) => createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");

export const json = (body, init = {}) =>
	new Response(JSON.stringify(body), { ...init, headers: { "content-type": "application/json", ...init.headers } });

/** A `fetch` by a table of addresses (functions of the request), which counts its calls. */
export function network(routes) {
	const calls = [];
	const fetch = async (input, init) => {
		const request = new Request(input, { ...init, redirect: "follow" });
		calls.push(request.url);
		const { origin, pathname } = new URL(request.url);
		const route = routes[origin + pathname];
		return route ? route(request) : new Response("not found", { status: 404 });
	};
	return { fetch, calls, count: (part) => calls.filter((url) => url.includes(part)).length };
}

/** What an action is refused with. */
export async function refusal(action) {
	try {
		await action();
	} catch (error) {
		if (error instanceof countersign.TokenError) return error.code;
		return `${error.name}: ${error.message}`;
	}
	return "accepted";
}
