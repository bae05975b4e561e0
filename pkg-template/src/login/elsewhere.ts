// What other tabs do to the session reaches this page, also where nothing of a login is loaded yet.

import { onChangedElsewhere } from "./browser.js";
import type { Engine } from "./login-engine.js";
import type { Page } from "./page.js";

/** Follows the mark of the session. `ended` is called at once, and then the engine for the rest. */
export function followTabs(
	{ hint, store, current }: Page,
	ended: () => void,
	withEngine: (work: (engine: Engine) => Promise<void>) => Promise<void>,
): void {
	onChangedElsewhere(hint.name, (mark) => {
		const isOver = mark === null;
		if (isOver) ended();
		else if (current.session || store.reach !== "shared" || !hint.present) return;
		withEngine((engine) => (isOver ? engine.endedElsewhere() : engine.begunElsewhere())).catch(() => {});
	});
}
