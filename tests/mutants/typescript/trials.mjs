// Which tests meet which mutant, and what becomes of it.

import { readdir } from "node:fs/promises";
import { BuildError } from "../../../pkg-template/scripts/cli.mjs";
import { inRoot } from "../../../pkg-template/scripts/paths.mjs";
import { startWorker } from "./workers.mjs";

/** Test files that build bundles, open a browser or start tools of others: a mutant cannot be tried in them. */
const LEFT_OUT = ["login-download", "ml-dsa", "readme", "robustness", "types", "wasm-support-runtimes"];
/** Many tests wait for a clock more than they compute. */
const AT_ONCE = 4;
/** Milliseconds that a test may take with a mutant, beyond three times what it takes without. */
const PATIENCE = 1_500;

/** Milliseconds of a test that is tried before slower ones. */
const QUICK = 150;
/** So many of the slower tests of each file are tried before all of them: those that caught something last. */
const FEW = 4;

/** Tests of other folders that take part. */
export const ELSEWHERE = [
	"frameworks/adapter-handlers",
	"frameworks/adapters",
	"frameworks/mcp",
	"frameworks/mcp-callers",
	"frameworks/mcp-messages",
	"frameworks/mcp-options",
	"frameworks/node-answers",
	"frameworks/node-requests",
	"frameworks/react",
	"providers/recipes",
];

/** The test files, those named or all for `sources`, each with what its tests cover; the quickest first. */
export async function baselines(named, sources) {
	const names = (await readdir(inRoot("tests", "js"))).filter((name) => name.endsWith(".test.mjs"));
	const all = names.map((name) => name.replace(".test.mjs", "")).filter((name) => !LEFT_OUT.includes(name));
	// Those of the command line start a process for each line: they are for the command line alone.
	const isMet = (name) => !name.startsWith("cli") || sources.some((source) => source.startsWith("cli/"));
	const files = named ?? [...all.filter(isMet), ...ELSEWHERE];
	const found = [];
	await inParallel(files, async (name) => {
		const path = name.includes("/") ? name.split("/") : ["js", name];
		found.push(await baseline(name, inRoot("tests", ...path.slice(0, -1), `${path.at(-1)}.test.mjs`)));
	});
	if (found.every(({ tests }) => tests.length === 0)) throw new BuildError("no test passes", "npm run test:packaging");
	forgetOnce(found);
	return found.sort((one, other) => one.milliseconds - other.milliseconds);
}

async function baseline(name, path) {
	const worker = await startWorker(path);
	const told = worker.failure ?? (await worker.ask("baseline"));
	await worker.end();
	if (!told.names) throw new BuildError(`${name}: ${told.broken ?? "ended"}`, `node --test ${path}`);
	const { names, loaded, first, again, quick } = told;
	const failing = names.filter((_, at) => first[at].error !== undefined);
	for (const test of failing) console.log(`  fails without any mutant, and is left out: ${name}: ${test}`);
	const good = names.map((_, at) => at).filter((at) => first[at].error === undefined);
	return {
		name,
		path,
		alone: new Map(),
		// When each test last caught a mutant.
		lately: new Map(),
		loaded: new Set(loaded),
		limits: first.map(({ milliseconds }) => PATIENCE + 3 * milliseconds),
		milliseconds: first.reduce((sum, one) => sum + one.milliseconds, 0),
		// By their own duration, so that the quick ones find most of it.
		tests: good
			.sort((one, other) => first[one].milliseconds - first[other].milliseconds)
			.map((at) => ({
				at,
				milliseconds: first[at].milliseconds,
				name: names[at],
				first: new Set(first[at].covered),
				again: repeatable(again[at]),
				ranTwice: quick.includes(at),
			})),
	};
}

/** What a test that ran only once seems to cover each time, and has been seen elsewhere to run once. */
function forgetOnce(files) {
	const once = new Set(files.flatMap(({ loaded }) => [...loaded]));
	const sure = files.flatMap(({ tests }) => tests.filter(({ ranTwice }) => ranTwice));
	for (const { first } of sure) for (const id of first) once.add(id);
	for (const { again } of sure) for (const id of again) once.delete(id);
	for (const { tests } of files) {
		for (const { again, ranTwice } of tests) if (!ranTwice) for (const id of once) again.delete(id);
	}
}

/** What a test covers each time that it runs, not only when it is the first one to do so. */
const repeatable = ({ error, covered }) => new Set(error === undefined ? covered : []);

/** Tries the mutants until `deadline`; each has `caught`, `late` or neither then, and `tried` if all its tests were run. */
export async function tryAll(mutants, files, deadline, progress) {
	const open = () => mutants.filter((mutant) => !mutant.caught);
	// What quick tests notice needs no slow one, in whichever file it is.
	const isQuick = ({ milliseconds }) => milliseconds <= QUICK;
	const isSlow = (test) => !isQuick(test);
	for (const [is, most] of [[isQuick], [isSlow, FEW], [isSlow]]) {
		const parts = files.map((file, at) => ({ ...file, tests: file.tests.filter(is), most, begin: at / files.length }));
		await inParallel(parts, (part) => inOneProcess(part, open, deadline, progress));
	}
	const alone = open().filter((mutant) => files.some((file) => runsOnce(file, mutant)));
	await inParallel(alone, (mutant) => fromTheStart(mutant, files, deadline, progress));
	if (performance.now() < deadline) for (const mutant of open()) mutant.tried = true;
}

/** In a process that stays, the mutants that a test reaches each time it runs. */
async function inOneProcess(file, open, deadline, progress) {
	const reached = open().filter(({ id }) => file.tests.some(({ again }) => again.has(id)));
	// Each file begins elsewhere: what all of them reach is not tried by all at once.
	const begin = Math.floor(reached.length * file.begin);
	const queue = [...reached.slice(begin), ...reached.slice(0, begin)];
	let worker;
	for (const mutant of queue) {
		if (performance.now() > deadline) break;
		if (mutant.caught) continue;
		let chosen = file.tests.filter(({ again }) => again.has(mutant.id)).map(({ at }) => at);
		// Who caught the mutants beside it probably meets this one.
		const rank = (at) => file.lately.get(at) ?? -1;
		chosen = chosen.sort((one, other) => rank(other) - rank(one)).slice(0, file.most);
		let told;
		// A process that a mutant before this one has spoilt tells nothing, nor does a machine that was slow once: then a
		// fresh one is asked, and what fails there has to pass in another without the mutant.
		for (let fresh = worker === undefined, late = 0; ; fresh = true) {
			worker ??= await startWorker(file.path);
			told = await worker.ask("trial", { mutant: mutant.id, chosen, limits: file.limits });
			if (told.sound) break;
			await worker.end();
			worker = undefined;
			if (told.late) late++;
			if (!fresh || (told.late && late < 2)) continue;
			if (told.failed === undefined || (await standsAlone(file, told.failed))) break;
			chosen = chosen.filter((at) => at !== told.failed);
		}
		if (told.failed !== undefined) file.lately.set(told.failed, performance.now());
		note(mutant, file, told);
		progress();
	}
	await worker?.end();
}

/** Whether a test passes where no other has run before it. */
async function standsAlone({ path, limits, alone }, at) {
	if (!alone.has(at)) {
		const worker = await startWorker(path);
		const told = worker.failure ?? (await worker.ask("trial", { mutant: "", chosen: [at], limits }));
		await worker.end();
		alone.set(at, Boolean(told.sound) && told.failed === undefined);
	}
	return alone.get(at);
}

/** Whether no test of a file would run it again in a process that stays. */
const runsOnce = (file, mutant) => needsStart(file, mutant) && !file.tests.some(({ again }) => again.has(mutant.id));

const needsStart = ({ loaded, tests }, { id }) =>
	loaded.has(id) || tests.some(({ first, again }) => first.has(id) && !again.has(id));

/** In processes of its own, a mutant in what runs once: when the package is loaded, or at the first call. */
async function fromTheStart(mutant, files, deadline, progress) {
	const close = files.filter((file) => runsOnce(file, mutant));
	for (const file of close) {
		if (performance.now() > deadline) return;
		const reached = file.tests.filter(({ first }) => file.loaded.has(mutant.id) || first.has(mutant.id));
		let chosen = reached.map(({ at }) => at);
		let told = await started(file, mutant, chosen);
		// The quickest are the first: another order than the file's, in which some fail without any mutant.
		while (told.failed !== undefined && !(await failsAlone(file, mutant, told))) {
			chosen = chosen.filter((at) => at !== told.failed);
			told = await started(file, mutant, chosen);
		}
		note(mutant, file, told);
		progress();
		if (mutant.caught) return;
	}
}

/** What tests say in a process in which the mutant is active from the first line. */
async function started({ path, limits }, { id }, chosen) {
	const worker = await startWorker(path, id);
	const told = worker.failure
		? { failed: 0, loads: false, late: worker.failure.late }
		: await worker.ask("trial", { mutant: id, chosen, limits });
	await worker.end();
	return told;
}

/** Whether a test that has failed does so where no other has run before it, and passes there without the mutant. */
async function failsAlone(file, mutant, { failed, loads = true }) {
	if (!loads) return true;
	return (await started(file, mutant, [failed])).failed !== undefined && standsAlone(file, failed);
}

function note(mutant, file, { failed, late, ended }) {
	if (failed === undefined && !late && !ended) return;
	mutant.caught = true;
	mutant.tried = true;
	mutant.late = Boolean(late);
	mutant.by = `${file.name}: ${file.tests.find(({ at }) => at === failed)?.name ?? "loading"}`;
}

async function inParallel(items, action) {
	const left = [...items];
	const lane = async () => {
		while (left.length > 0) await action(left.shift());
	};
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
