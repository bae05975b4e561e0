// Tabs of a browser that nobody drives: each asks the shop what to do next, does it, and tells what came of it.

const PATIENCE = 30_000;

/** The tabs of one shop. */
export class Polled {
	#tabs = new Map();
	#ids = 0;

	/** What each page runs: it keeps its tab's name, and is ready to be told what to do. */
	script = `
		const tab = globalThis.isDriven ? null : (new URL(location.href).searchParams.get("tab") ?? sessionStorage.tab);
		if (tab) sessionStorage.tab = tab;
		const load = String(Math.random());
		globalThis.load = load;
		const tell = (path, body) => fetch(path, { method: "POST", body: JSON.stringify({ tab, load, ...body }), cache: "no-store" });
		const ready = async () => {
			if (!tab) return;
			for (;;) {
				const { id, source, argument } = await (await tell("/next")).json();
				let result;
				try {
					result = { value: await (0, eval)("(" + source + ")")(argument) };
				} catch (error) {
					result = { error: String(error?.stack ?? error) };
				}
				await tell("/done", { id, ...result });
			}
		};`;

	blank = () =>
		`<!doctype html><meta charset="utf-8"><title>blank</title><script type="module">${this.script} ready();</script>`;

	/** A request of a page; nothing where it is for something else. */
	async answer({ pathname }, body) {
		if (pathname !== "/next" && pathname !== "/done") return undefined;
		const { tab, load, id, value, error } = JSON.parse(body);
		const entry = this.#entry(tab);
		if (pathname === "/done") {
			const asked = entry.asked.get(id);
			entry.asked.delete(id);
			if (error === undefined) asked?.done(value);
			else asked?.failed(new Error(error));
			return [200, "{}"];
		}
		const command = await new Promise((next) => {
			entry.idle = { load, next };
			this.#hand(entry);
		});
		return [200, JSON.stringify(command), { "content-type": "application/json" }];
	}

	/** Has a tab run a function, in a page that is not the one of this name. */
	run(tab, work, argument, { not } = {}) {
		const entry = this.#entry(tab);
		this.#ids += 1;
		const command = { id: this.#ids, source: String(work), argument, not };
		return new Promise((done, failed) => {
			const late = () => failed(new Error(`tab ${tab}: no answer to ${command.source.slice(0, 80)}`));
			const timer = setTimeout(late, PATIENCE).unref();
			const ended = (settle) => (value) => {
				clearTimeout(timer);
				settle(value);
			};
			entry.asked.set(command.id, { done: ended(done), failed: ended(failed) });
			entry.waiting.push(command);
			this.#hand(entry);
		});
	}

	#entry(tab) {
		let entry = this.#tabs.get(tab);
		if (!entry) {
			entry = { waiting: [], asked: new Map() };
			this.#tabs.set(tab, entry);
		}
		return entry;
	}

	#hand(entry) {
		const { idle, waiting } = entry;
		if (!idle || waiting.length === 0 || waiting[0].not === idle.load) return;
		const { not, ...command } = waiting.shift();
		entry.idle = undefined;
		idle.next(command);
	}
}
