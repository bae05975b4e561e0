// Asks independent libraries about every case. Where one disagrees with the RFC's word, the reason
// has to stand in exceptions.json; an exception that explains nothing has to go.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { readExceptions } from "./corpus.mjs";
import * as fastJwt from "./libraries/fast-jwt.mjs";
import * as jose from "./libraries/jose.mjs";
import * as joseParts from "./libraries/jose-parts.mjs";
import * as jsonwebtoken from "./libraries/jsonwebtoken.mjs";
import * as noble from "./libraries/noble.mjs";
import * as oauth4webapi from "./libraries/oauth4webapi.mjs";
import * as openssl from "./libraries/openssl.mjs";

const LIBRARIES = [jose, fastJwt, jsonwebtoken, oauth4webapi, openssl, noble, joseParts];
const shouldAccept = ({ expect }) => expect === "accept";

const glob = (pattern) =>
	new RegExp(
		`^${pattern
			.replace(/[.+^${}()|[\]\\]/g, "\\$&")
			.replaceAll("*", ".*")
			.replaceAll("?", ".")}$`,
		"s",
	);

const compile = (exceptions) =>
	exceptions.map((exception) => ({
		...exception,
		patterns: exception.cases.map((pattern) => ({ pattern, expression: glob(pattern), used: 0 })),
	}));

/** Prints what the libraries say, and returns the exit status: 0 when all is explained. */
export const crossCheck = async (corpus, { verbose = false } = {}) => {
	const exceptions = compile(readExceptions());
	const unexplained = [];
	const rows = [];
	for (const library of LIBRARIES) {
		const row = { agree: 0, explained: 0, unexplained: 0, skipped: 0 };
		for (const entry of corpus) {
			const skip = library.skips(entry);
			if (skip !== undefined) {
				row.skipped += 1;
				continue;
			}
			let accepted;
			try {
				accepted = await library.accepts(entry);
			} catch {
				accepted = false;
			}
			if (accepted === (library.expected ?? shouldAccept)(entry)) {
				row.agree += 1;
				continue;
			}
			const says = accepted ? "accept" : "refuse";
			const matching = exceptions
				.filter(
					(exception) =>
						exception.library === library.name && exception.says === says && exception.expected.includes(entry.expect),
				)
				.flatMap(({ patterns }) => patterns.filter(({ expression }) => expression.test(entry.name)));
			for (const pattern of matching) pattern.used += 1;
			if (matching.length > 0) row.explained += 1;
			else {
				row.unexplained += 1;
				unexplained.push(`${library.name} says ${says}, expected ${entry.expect}: ${entry.name}`);
			}
		}
		rows.push({ library: `${library.name} ${library.version ?? version(library.package_ ?? library.name)}`, ...row });
	}
	console.table(rows);
	const stale = exceptions
		.filter(({ depends }) => !depends)
		.flatMap(({ library, says, patterns }) =>
			patterns.filter(({ used }) => used === 0).map(({ pattern }) => `${library} ${says}: ${pattern}`),
		);
	for (const line of unexplained.slice(0, verbose ? Infinity : 40)) console.log(line);
	if (unexplained.length > 40 && !verbose) console.log(`and ${unexplained.length - 40} more`);
	for (const line of stale) console.log(`exception that explains nothing: ${line}`);
	console.log(
		`${corpus.length} cases, ${unexplained.length} unexplained disagreements, ${stale.length} idle exceptions`,
	);
	return unexplained.length + stale.length === 0 ? 0 : 1;
};

/** The installed version of a package, found as Node finds it. */
function version(name) {
	const require = createRequire(import.meta.url);
	for (const folder of require.resolve.paths(name)) {
		try {
			return JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")).version;
		} catch {}
	}
	return "";
}
