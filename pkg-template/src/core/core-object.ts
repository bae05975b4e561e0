import type { Bindings } from "countersign:bindings";
import { type Instance, withInstance } from "./instance.js";

/** An object of a class of the core. */
interface Owned {
	free(): void;
}

/** What an object inside the core is used by. */
export interface Uses<T> {
	use<R>(work: (object: T) => R): R;
}

/** An object inside the core, made again from the same snapshot where its instance has trapped. */
export class CoreObject<T extends Owned> {
	readonly #make: (core: Bindings) => T;
	/** What has to be told to an object that is made again. */
	readonly #restore: (object: T) => void;
	#instance: Instance | undefined;
	#object: T | undefined;
	#disposed = false;

	constructor(make: (core: Bindings) => T, restore: (object: T) => void) {
		this.#make = make;
		this.#restore = restore;
	}

	/** Runs `work` on the object. Throws as {@link withInstance} does. */
	use<R>(work: (object: T, instance: Instance) => R): R {
		return withInstance((instance) => work(this.#of(instance), instance));
	}

	dispose(): void {
		this.#disposed = true;
		this.#object?.free();
		this.#object = undefined;
	}

	#of(instance: Instance): T {
		if (this.#object && this.#instance === instance) return this.#object;
		if (this.#disposed) throw new TypeError("verifier: used after dispose()");
		const object = this.#make(instance.core);
		this.#restore(object);
		this.#instance = instance;
		this.#object = object;
		return object;
	}
}
