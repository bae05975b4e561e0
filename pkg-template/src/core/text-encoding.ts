// jsdom, under Jest, has neither of the two; Node.js below it has.

interface Encoding {
	readonly TextDecoder: typeof globalThis.TextDecoder;
	readonly TextEncoder: typeof globalThis.TextEncoder;
}

type Builtins = { getBuiltinModule?(name: "node:util"): Encoding };

/** The platform's TextEncoder and TextDecoder. */
export const encoding: Encoding = globalThis.TextEncoder
	? globalThis
	: ((globalThis as { process?: Builtins }).process?.getBuiltinModule?.("node:util") ?? globalThis);
