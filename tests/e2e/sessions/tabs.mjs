// A tab of a browser, driven by playwright or by the page itself: `run` a function in its page, and the like.

const PATIENCE = 20_000;

/** A tab of Chromium. */
export class DrivenTab {
	constructor(page) {
		this.page = page;
	}

	run(work, argument) {
		return this.page.evaluate(work, argument);
	}

	/** Goes to an address. */
	async goto(url) {
		await this.page.goto(url);
		return this.settled();
	}

	/** Runs what leaves the page, and waits for the one that comes after. */
	async leave(work, argument) {
		await this.page.evaluate(() => {
			document.title = "…";
		});
		await this.page.evaluate(work, argument);
		return this.settled();
	}

	async reload() {
		await this.page.reload();
		return this.settled();
	}

	/** Loads the page again and waits for nothing. */
	beginReload() {
		this.page.reload().catch(() => {});
	}

	/** Who the page says is there, once it knows. */
	async settled() {
		await this.page.waitForFunction(() => document.title !== "…" && "login" in globalThis, null, { timeout: PATIENCE });
		return this.page.evaluate(() => settled);
	}

	/** A tab that this page opens: it begins with what this one has in its sessionStorage. */
	async copy() {
		const [page] = await Promise.all([
			this.page.waitForEvent("popup"),
			this.page.evaluate(() => void window.open("/")),
		]);
		const tab = new DrivenTab(page);
		await tab.settled();
		return tab;
	}

	close() {
		return this.page.close();
	}
}

/** A tab whose page asks what to do. */
export class PolledTab {
	#name;
	#world;
	/** The page that has been left. */
	#left;

	constructor(name, world) {
		this.#name = name;
		this.#world = world;
	}

	get #polled() {
		return this.#world.shop.polled;
	}

	run(work, argument) {
		return this.#polled.run(this.#name, work, argument, { not: this.#left });
	}

	goto(url) {
		return this.leave((url) => void setTimeout(() => location.assign(url)), url);
	}

	async leave(work, argument) {
		await this.#go(work, argument);
		return this.settled();
	}

	reload() {
		return this.leave(() => void setTimeout(() => location.reload()));
	}

	beginReload() {
		return this.#go(() => void setTimeout(() => location.reload()));
	}

	async #go(work, argument) {
		const left = await this.run(() => load);
		// The page may go before it has told that it does.
		this.run(work, argument).catch(() => {});
		this.#left = left;
	}

	async settled() {
		const until = performance.now() + PATIENCE;
		for (;;) {
			// A page that goes on elsewhere answers nothing; the next one does.
			const asked = this.run(() => ("login" in globalThis ? document.title : "…"));
			const late = new Promise((resolve) => setTimeout(resolve, 1_500, "…"));
			if ((await Promise.race([asked.catch(() => "…"), late])) !== "…") break;
			if (performance.now() > until) throw new Error(`tab ${this.#name}: not settled`);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return this.run(() => settled);
	}

	/** A tab that begins with what this one has in its sessionStorage, as the browser's own copy does. */
	async copy() {
		const entries = await this.run(() => Object.entries(sessionStorage).filter(([name]) => name !== "tab"));
		return this.#world.open({ entries });
	}

	async close() {
		if (this.closeByDriver) await this.closeByDriver();
		else await this.run(() => void setTimeout(() => window.close(), 50));
	}
}
