// A worker whose tenants are in a directory that it asks over HTTP.

import "./memories.mjs";
import { TokenError } from "countersign";
import { guard } from "countersign/edge";
import { wasmBytes } from "./memories.mjs";

let time = 0;
let asked = 0;
const guards = new Map();

/** One guard for each directory: its function is asked by all requests. */
function guardOf({ directory, audience, issuerTable }) {
	const issuer = async (name) => {
		asked++;
		const answer = await fetch(`${directory}?issuer=${encodeURIComponent(name)}`);
		if (!answer.ok) throw new Error(`the directory says ${answer.status}`);
		return answer.json();
	};
	const known = guards.get(directory) ?? guard({ issuer, audience, issuerTable, now: () => time });
	guards.set(directory, known);
	return known;
}

async function verdict(checks, token, context) {
	const began = Date.now();
	const request = new Request("https://api.shop.example.com", { headers: { authorization: `Bearer ${token}` } });
	try {
		await checks.check(request, context);
		return { code: "accepted", waited: Date.now() - began };
	} catch (error) {
		if (!(error instanceof TokenError)) throw error;
		const answer = checks.refuse(error);
		return {
			code: error.code,
			status: answer.status,
			retryAfter: answer.headers.get("retry-after"),
			body: await answer.text(),
			waited: Date.now() - began,
		};
	}
}

const part = (value) => btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const header = part({ alg: "ES256", typ: "at+jwt", kid: "k1" });
const forged = (issuer) => `${header}.${part({ iss: issuer, exp: 2e9 })}.${"A".repeat(86)}`;

/** What strangers are told, by code: each names an issuer that nobody has seen. */
async function flood(checks, size, from, context) {
	const told = {};
	for (let nth = from; nth < from + size; nth++) {
		const { code } = await verdict(checks, forged(`https://stranger-${nth}.example`), context);
		told[code] = (told[code] ?? 0) + 1;
	}
	return told;
}

export default {
	async fetch(request, _env, context) {
		const { options, token, at, strangers, from } = await request.json();
		time = at;
		const checks = guardOf(options);
		const told = strangers ? await flood(checks, strangers, from, context) : await verdict(checks, token, context);
		return Response.json({
			told,
			asked,
			memory: wasmBytes(),
			status: checks.status().map(({ issuer, state }) => [issuer, state]),
		});
	},
};
