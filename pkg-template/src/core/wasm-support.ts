// Why WebAssembly would not start: the cases that look alike are told apart, as each has a remedy of its own.

/** What to throw in place of `error`, with which the core's module or its instance could not be made. */
export function explainFailure(error: unknown): Error {
	const { name, message } = described(error);
	if (message.startsWith("countersign")) return error as Error; // Says already what to do.
	return new Error(`countersign: ${explanation(name, message)}`, { cause: error });
}

function explanation(name: string, message: string): string {
	if (typeof WebAssembly === "undefined") return MISSING;
	if (FORBIDDEN.test(message)) return forbidden(wantedCondition());
	if (NO_MODULE.test(message)) return UNRESOLVED;
	if (name === "CompileError") return `${DAMAGED} (${message})`;
	return `this runtime would not start WebAssembly (${name}: ${message})`;
}

const MISSING =
	"this runtime has no WebAssembly, which all of Countersign runs on. Safari's Lockdown Mode turns it off: exempt this " +
	"site from it. Fastly Compute and React Native never had it: verify tokens on a server that has";

const POLICY =
	"the Content-Security-Policy of this page or extension forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src";

const UNRESOLVED =
	"the bundler put something in place of countersign.wasm that is no compiled WebAssembly.Module. Nitro and Nuxt need " +
	"`experimental: { wasm: true }`; elsewhere, drop the export conditions `workerd` and `edge-light`, or import " +
	"countersign/slim and bring the module";

const DAMAGED =
	"the WebAssembly inside this script arrived damaged, or this runtime is too old for it. See that nothing rewrites " +
	"the script between its build and this runtime";

function forbidden(condition: string | undefined): string {
	if (condition === undefined) return POLICY;
	return (
		`this runtime compiles no WebAssembly from bytes, and the bundler has chosen the build that needs it: the export ` +
		`condition \`${condition}\` is missing. Set it (esbuild: --conditions=${condition}); for Next.js with OpenNext, add ` +
		`serverExternalPackages: ["countersign"] to next.config`
	);
}

// In the words of V8 in workerd, Next.js, Chromium, SpiderMonkey, JavaScriptCore.
const FORBIDDEN = /disallowed by embedder|not allowed in Edge Runtime|Content Security Policy|\bCSP\b|unsafe-eval/i;
const NO_MODULE = /must be a WebAssembly\.Module/;

/** The export condition of a runtime in which no page's policy, but the platform, forbids to compile. */
function wantedCondition(): string | undefined {
	if ("EdgeRuntime" in globalThis) return "edge-light";
	// No browser is without a navigator; workerd is, before the compatibility date 2022-03-21.
	const agent = globalThis.navigator?.userAgent;
	return agent === undefined || agent === "Cloudflare-Workers" ? "workerd" : undefined;
}

/** Not by `instanceof`: what compiles may throw the errors of another realm. The text is bounded. */
function described(error: unknown): { name: string; message: string } {
	const { name, message } = Object(error) as { name?: unknown; message?: unknown };
	return { name: String(name ?? typeof error).slice(0, 40), message: String(message ?? error).slice(0, 200) };
}
