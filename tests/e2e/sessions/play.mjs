// Plays stories, so many at a time.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpack } from "../../runtimes/helpers.mjs";
import { people } from "./people.mjs";
import { places } from "./places.mjs";
import { renewals } from "./renewals.mjs";
import { startWorld } from "./world.mjs";

export const STORIES = [...renewals, ...people, ...places];

/** The unpacked package, for as long as `work` takes. */
export async function withPackage(work) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-sessions-"));
	try {
		await unpack(folder);
		return await work(join(folder, "node_modules", "countersign", "esm"));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Plays one story; resolves to its outcome. */
export async function play(story, { files, browser, storage }) {
	const world = await startWorld({ files, browser, storage });
	try {
		return await story.run(world, storage);
	} finally {
		await world.end();
	}
}

/** Does `work` for each, no more than so many at once. */
export async function inTurns(items, atOnce, work) {
	const waiting = [...items];
	const take = async () => {
		for (let item = waiting.shift(); item; item = waiting.shift()) await work(item);
	};
	await Promise.all(Array.from({ length: atOnce }, take));
}
