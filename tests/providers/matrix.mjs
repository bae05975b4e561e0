// Each row's tokens at its recipe's verifier and guard: issuers and guards are on real HTTP, signatures are real.

import { readFile } from "node:fs/promises";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { asRequest, listen, serveIssuers } from "./network.mjs";
import { recipeOf, workplace } from "./recipes.mjs";
import { ROWS, WRONG } from "./rows.mjs";

const corpus = async (name) => JSON.parse(await readFile(inRoot("tests", "corpus", name), "utf8"));

/**
 * All rows with their issuers, and the recipes' way to them: the platform's `fetch`. Issuers sign with the keys of the
 * corpus, so that a stranger's token differs by its claims alone.
 */
export async function openWorld() {
	const [signingKeys, { "certificate-rsa2048": certificate }] = [
		await corpus("private-keys.json"),
		await corpus("keys.json"),
	];
	const place = await workplace();
	const { createTestIssuer } = await place.entry("testing");
	const keyOf = ({ kit: { provider, alg } }) => {
		const isEs256 = alg === undefined && [undefined, "supabase", "google-iap"].includes(provider);
		return signingKeys[isEs256 ? "es256" : "rsa2048"];
	};
	const rows = await Promise.all(
		ROWS.map(async (row) => {
			const signingKey = { ...keyOf(row), kid: "key-1" };
			return { ...row, issuer: await createTestIssuer({ ...row.kit, claims: row.good, signingKey }) };
		}),
	);
	const certified = rows.filter((row) => row.certificate).map(({ issuer }) => issuer.metadata.jwks_uri);
	const certificates = Object.fromEntries(certified.map((uri) => [uri, () => ({ "key-1": certificate })]));
	const documents = rows.flatMap((row) => Object.entries(row.documents?.(row.issuer) ?? {}));
	const network = await serveIssuers(
		rows.map(({ issuer }) => issuer),
		{ ...certificates, ...Object.fromEntries(documents.map(([url, document]) => [url, () => document])) },
	);
	const { fetch } = globalThis;
	globalThis.fetch = network.fetch;
	return {
		rows,
		network,
		place,
		/** The platform's own `fetch`, which goes where it is told. */
		fetch,
		async close() {
			globalThis.fetch = fetch;
			await network.close();
			await place.remove();
		},
	};
}

/** The good token, or with these changes a wrong one. */
export function tokenOf({ issuer, header }, changes = {}) {
	return changes.idToken ? issuer.mintIdToken(changes.idToken) : issuer.mint(changes, header);
}

/** All wrong tokens of a row: [name, changes, code, claim]. */
export function wrongOf({ wrong, more = {} }) {
	const columns = Object.keys(WRONG).map((column) => [column, wrong[column]]);
	return [...columns, ...Object.entries(more)]
		.filter(([, expected]) => Array.isArray(expected))
		.map(([name, expected]) => [name, ...expected]);
}

/** The recipe of a row, at work: what verifier, guard and `explain` say about a token. */
export async function openRecipe(world, row) {
	const recipe = await recipeOf(row);
	const [{ verifier }, { default: worker }] = [
		await world.place.load(recipe.verifier),
		await world.place.load(recipe.guard),
	];
	const api = await listen(async (incoming) =>
		worker.fetch(await asRequest(incoming, `https://api.shop.example.com${incoming.url}`), {}, {}),
	);
	return {
		verifier,
		explain: (token) => verifier.explain(token),
		async verify(token) {
			try {
				return { claims: (await verifier.verify(token)).claims };
			} catch (error) {
				if (error.code === undefined) throw error;
				return { code: error.code, claim: error.claim };
			}
		},
		async ask(token) {
			const answer = await world.fetch(api.origin, { headers: carried(row, token) });
			return { status: answer.status, body: await answer.json() };
		},
		close: api.close,
	};
}

/** The headers of a request that carries a token where the provider puts it. */
function carried({ carry = {} }, token) {
	if (carry.header) return { [carry.header]: token };
	if (carry.cookie) return { cookie: `theme=dark; ${carry.cookie}=${token}` };
	return { authorization: `Bearer ${token}` };
}

/**
 * What `explain` lists for a token because of the policy: the checks whose expectation is not that of a verifier without
 * one.
 */
export async function policyChecks(world, row, { verifier }) {
	const { createVerifier } = await world.place.entry("index");
	const token = await tokenOf(row);
	const bare = createVerifier({ issuer: null, audience: null, keys: row.issuer.jwks });
	const without = (await bare.explain(token)).checks;
	const { checks } = await verifier.explain(token);
	return checks.filter(({ name, expected }) => {
		const same = without.find((other) => other.name === name);
		return !/^(expiration|not before|trusted key|signature|claim types)$/.test(name) && same?.expected !== expected;
	});
}

/** A check as a line of the page's list. */
export const lineOf = ({ name, expected }) => `| ${name} | ${String(expected).replaceAll("|", "\\|")} |`;
