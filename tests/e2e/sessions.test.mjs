// What becomes of a session in real browsers: each story at each storage. `node tests/e2e/session-stories.mjs` prints the
// outcomes.
import { after, before, describe, test } from "node:test";
import { BROWSERS } from "./race/browsers.mjs";
import { openPackage, play, rowsOf, startFor } from "./sessions/play.mjs";

const present = Object.keys(BROWSERS).filter((name) => !BROWSERS[name].missing());

describe("sessions", { concurrency: true }, () => {
	let unpacked;
	before(async () => {
		unpacked = await openPackage();
	});
	after(() => unpacked?.close());

	for (const name of present) {
		describe(`in ${name}`, { concurrency: 4 }, () => {
			let browser;
			before(async () => {
				browser = await startFor(name, unpacked.folder);
			});
			after(() => browser?.close());
			for (const { story, storage } of rowsOf(name)) {
				test(`${story.id}. ${story.name}, "${storage}"`, () =>
					play(story, { files: unpacked.files, browser, storage }));
			}
		});
	}
});
