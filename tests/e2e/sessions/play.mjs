// Plays stories, so many at a time.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpack } from "../../runtimes/helpers.mjs";
import { startBrowser } from "../harness.mjs";
import { boundStories } from "./bound.mjs";
import { startOpened } from "./opened.mjs";
import { people } from "./people.mjs";
import { places } from "./places.mjs";
import { renewals } from "./renewals.mjs";
import { startWorld } from "./world.mjs";

const STORIES = [...renewals, ...people, ...places, ...boundStories];

/** What is played in a browser: the stories of storages in each. */
export const rowsOf = (browserName) =>
	STORIES.flatMap((story) => {
		const storages = browserName === "chromium" ? story.storages : (story.everywhere ?? []);
		return storages.map((storage) => ({ story, storage }));
	});

/** Starts a browser; what it writes goes into `folder`. */
export const startFor = (name, folder) =>
	name === "chromium" ? startBrowser() : startOpened(name, join(folder, name));

/** The unpacked package, and a folder for browsers. */
export async function openPackage() {
	const folder = await mkdtemp(join(tmpdir(), "countersign-sessions-"));
	await unpack(folder);
	return {
		folder,
		files: join(folder, "node_modules", "countersign", "esm"),
		close: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
	};
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
