import type { KeysEvent, KeysListener } from "../core/key-events.js";

/** Tells a listener of an event. Whatever it does changes nothing. */
export function tell(listener: KeysListener | undefined, event: KeysEvent): void {
	const failed = (error: unknown) => console.error("countersign: onKeys failed:", error);
	try {
		Promise.resolve(listener?.(event)).catch(failed);
	} catch (error) {
		failed(error);
	}
}
