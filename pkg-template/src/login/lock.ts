// One tab at a time, and which tabs share a session: both by Web Locks, which end with the page that holds them.

/** Web Locks; absent in browsers before 2022 and in pages that were not loaded securely. */
function locks(): LockManager | undefined {
	return globalThis.navigator?.locks;
}

/** Whether tabs can take turns at all. */
export function hasLocks(): boolean {
	return locks() !== undefined;
}

/**
 * Takes the lock of this name, and resolves to how it is given back; to nothing where another tab keeps it for longer
 * than so many seconds. Without Web Locks each tab is for itself.
 */
export async function takeLock(name: string, seconds: number): Promise<(() => void) | undefined> {
	const manager = locks();
	if (!manager) return () => {};
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort(), seconds * 1000);
	try {
		return await new Promise<() => void>((taken, failed) => {
			const held = () => new Promise<void>((released) => taken(released));
			manager.request(name, { signal: controller.signal }, held).catch(failed);
		});
	} catch {
		// Another tab keeps it.
	} finally {
		clearTimeout(timer);
	}
}

/** Says, as long as this page lives or the function it returns is called, that this page has something. */
export function declare(name: string): () => void {
	let release = () => {};
	const held = () =>
		new Promise<void>((released) => {
			release = released;
		});
	locks()
		?.request(name, { mode: "shared" }, held)
		.catch(() => {});
	return () => release();
}

/** Whether another page has declared the same; `own` of the declarations are this page's. */
export async function isDeclaredElsewhere(name: string, own: number): Promise<boolean> {
	const manager = locks();
	if (!manager) return true; // Nobody knows.
	const { held = [] } = await manager.query();
	return held.filter((lock) => lock.name === name).length > own;
}
