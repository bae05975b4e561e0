#!/usr/bin/env node
// node tests/providers/peers.mjs: the same tokens at jose, aws-jwt-verify and express-oauth2-jwt-bearer, over HTTP, as Markdown.
// Each is set up as its README shows it, and then with the lines by hand that it takes until no wrong token passes.

import { readFile, writeFile } from "node:fs/promises";
import { decodeJwt } from "jose";
import { isMain } from "../../pkg-template/scripts/cli.mjs";
import { between, indexFile, toMarkdown } from "./markdown.mjs";
import { openWorld, tokenOf, wrongOf } from "./matrix.mjs";
import { cognito, generic } from "./peers/aws.mjs";
import { BY_HAND, compiled, linesOf } from "./peers/by-hand.mjs";
import * as express from "./peers/express.mjs";
import * as jose from "./peers/jose.mjs";
import { recipeOf } from "./recipes.mjs";
import { WRONG } from "./rows.mjs";

const PEERS = [jose, generic, express];
const HEAD = ["token", "countersign", ...PEERS.map(({ name }) => name)];

/** What a peer has to know of a row. */
async function subjectOf(row) {
	const { iss, aud } = decodeJwt(await tokenOf(row));
	const { checks, scope } = BY_HAND[row.name];
	const issuers = row.page === "google" ? ["https://accounts.google.com", "accounts.google.com"] : [iss];
	// They know no templates.
	if (/^Entra, .*tenants/.test(row.name))
		issuers.push(iss.replace(/[\d-]{36}/, "22222222-3333-4444-5555-666666666666"));
	const wantedScope = scope && /includes\("([^"]+)"\)/.exec(scope)[1];
	const jwksUri = row.issuer.metadata.jwks_uri;
	return {
		...{ issuers, audience: [aud].flat()[0], jwksUri, certificates: row.certificate, clientId: row.issuer.clientId },
		...{ checks, scope, wantedScope },
	};
}

/** What passes at a peer: whether the right token does, and the names of the wrong ones that do; or why it cannot be set up. */
async function passing(peer, subject, row, network) {
	let opened;
	try {
		opened = await peer.open(subject, network);
	} catch (error) {
		return { cannot: error.message };
	}
	try {
		const accepts = async (token) =>
			opened.verify(token).then(
				() => true,
				() => false,
			);
		const isRight = await accepts(await tokenOf(row));
		const wrong = [];
		for (const [name, changes] of wrongOf(row)) {
			if (await accepts(await tokenOf(row, changes))) wrong.push(WRONG[name] ?? name);
		}
		return { isRight, wrong };
	} finally {
		await opened.close();
	}
}

/** A peer as its README has it, and with the lines by hand; and what a reader writes for that, line by line. */
export async function judge(peer, row, network) {
	const { checks, scope, wantedScope: name, ...subject } = await subjectOf(row);
	const hasScope = peer.hasScope(scope);
	const wantedScope = hasScope ? name : undefined;
	const byHand = linesOf([...checks, ...(scope && !hasScope ? [scope] : [])]);
	return {
		plain: await passing(peer, { ...subject, wantedScope, check() {} }, row, network),
		complete: await passing(peer, { ...subject, wantedScope, check: compiled(byHand) }, row, network),
		source: peer.sourceOf({ ...subject, wantedScope, byHand }),
	};
}

/** How many lines it takes until none passes, and which wrong tokens pass without those by hand. */
function cellOf({ plain, complete, source }) {
	if (plain.cannot !== undefined) return "no: it demands an audience";
	if (!complete.isRight) return "no: it refuses the right token";
	const wrong = plain.wrong.length > 0 ? `passes: ${plain.wrong.join(", ")}` : "none passes";
	return `${source.length} lines; ${wrong}`;
}

/** The lines of a recipe's verifier without blank ones and comments, and the call of `verify`. */
async function ownLines(row) {
	const { verifier } = await recipeOf(row);
	return verifier.code.split("\n").filter((line) => line.trim() !== "" && !/^\s*\/\//.test(line)).length + 1;
}

/** The whole table; `visit` gets each verdict. */
export async function peersTable(world, visit = () => {}) {
	const network = { ...world.network, plain: world.fetch };
	const lines = [];
	for (const row of world.rows) {
		const cells = [];
		for (const peer of row.name === "Cognito" ? [jose, generic, express, cognito] : PEERS) {
			const verdict = await judge(peer, row, network);
			visit(row, peer, verdict);
			if (peer === cognito) cells[1] += `<br>CognitoJwtVerifier: ${cellOf(verdict)}`;
			else cells.push(cellOf(verdict));
		}
		lines.push([row.name, `${await ownLines(row)} lines; none passes`, ...cells]);
	}
	return toMarkdown(HEAD, lines);
}

if (isMain(import.meta)) {
	const world = await openWorld();
	try {
		const markdown = await peersTable(world);
		console.log(markdown);
		if (process.env.UPDATE === "1") {
			await writeFile(indexFile, between(await readFile(indexFile, "utf8"), "peers", markdown));
		}
	} finally {
		await world.close();
	}
}
