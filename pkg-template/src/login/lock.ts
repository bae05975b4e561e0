// One tab at a time. Web Locks where the browser has them; each tab for itself where not.

/** Milliseconds after which a lock that another tab keeps (frozen, say) is no longer waited for. */
const PATIENCE = 15_000;

/** Runs `work` while no other tab of this origin runs work of the same name. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
	const locks = globalThis.navigator?.locks;
	if (!locks) return work();
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort(), PATIENCE);
	let begun = false;
	try {
		return await locks.request(name, { signal: controller.signal }, () => {
			begun = true;
			clearTimeout(timer);
			return work();
		});
	} catch (error) {
		if (begun) throw error;
		return work();
	} finally {
		clearTimeout(timer);
	}
}
