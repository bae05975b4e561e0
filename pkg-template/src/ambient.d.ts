// What the build puts in place of these names (see scripts/bundle.mjs). Never emitted.

/** The version of the package and the crate. */
declare const VERSION: string;
/** Whether this build is for a runtime that loads modules before there is a request that waits for them. */
declare const IS_LOADED_AHEAD: boolean;

declare module "countersign:wasm" {
	/** The compiled core. Asked for on first use, never at import. */
	export function coreModule(): WebAssembly.Module;
	/** The same, compiled off the main thread where the runtime can. */
	export function compileCore(): Promise<WebAssembly.Module>;
	/** rsa-fma.wasm, where the runtime can compile it. */
	export function rsaFmaModule(): WebAssembly.Module | undefined;
	/** Whether this runtime forbids one request from awaiting a promise that another made. */
	export function promisesAreRequestScoped(): boolean;
	/** What keeps work alive beyond the request that is being answered, where the platform has it. */
	export function platformWaitUntil(): ((work: Promise<unknown>) => void) | undefined;
}

declare module "cloudflare:workers" {
	/** Since the summer of 2025. */
	export const waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

declare module "countersign:ml-dsa-wasm" {
	/** ml-dsa.wasm, compiled. Asked for with the first ML-DSA key. */
	export function mlDsaModule(): WebAssembly.Module;
}

declare module "countersign:core-text" {
	/** countersign.wasm, as scripts/wasm-text.mjs writes it. */
	const text: string;
	export default text;
}

declare module "countersign:rsa-fma-text" {
	/** rsa-fma.wasm, as scripts/wasm-text.mjs writes it. */
	const text: string;
	export default text;
}

declare module "countersign:ml-dsa-text" {
	/** ml-dsa.wasm, as scripts/wasm-text.mjs writes it. */
	const text: string;
	export default text;
}

declare module "*.wasm" {
	const compiled: WebAssembly.Module;
	export default compiled;
}

declare module "*.wasm?module" {
	const compiled: WebAssembly.Module;
	export default compiled;
}

/** The part of React that is used; its own types are no dependency. */
declare module "react" {
	interface Context<T> {
		readonly Provider: (props: { readonly value: T }) => unknown;
	}
	export function createContext<T>(value: T): Context<T>;
	export function createElement<P>(type: (props: P) => unknown, props: P, ...children: unknown[]): unknown;
	export function useContext<T>(context: Context<T>): T;
	export function useEffect(effect: () => () => void, dependencies: readonly unknown[]): void;
	export function useMemo<T>(make: () => T, dependencies: readonly unknown[]): T;
	export function useState<T>(value: T): [T, (value: T) => void];
	export function useSyncExternalStore<T>(subscribe: (l: () => void) => () => void, get: () => T, onServer: () => T): T;
}

// The parts of the frameworks' types that the adapters name: in a user's project the names are the framework's own.

declare module "express" {
	interface Request {
		readonly rawHeaders: string[];
		readonly headers: { readonly [name: string]: string | string[] | undefined };
	}
	interface Response {
		statusCode: number;
	}
	type NextFunction = (error?: unknown) => void;
	type RequestHandler = (req: Request, res: Response, next: NextFunction) => unknown;
}

declare module "fastify" {
	interface FastifyRequest {
		readonly raw: {
			readonly rawHeaders: string[];
			readonly headers: { readonly [name: string]: string | string[] | undefined };
		};
		readonly originalUrl: string;
	}
	interface FastifyReply {
		code(status: number): FastifyReply;
		header(name: string, value: string): FastifyReply;
		getHeader(name: string): number | string | string[] | undefined;
		send(body?: unknown): FastifyReply;
	}
}

declare module "hono" {
	interface Context<E extends { Bindings?: unknown; Variables?: object } = object> {
		readonly req: { readonly raw: Request };
		readonly env: unknown;
		readonly executionCtx: unknown;
		set(name: string, value: unknown): void;
		header(name: string, value: string, options?: { append?: boolean }): void;
		/** Only for what tells one from another. */
		readonly var: E extends { Variables: infer V } ? V : object;
	}
	type MiddlewareHandler<E extends { Bindings?: unknown; Variables?: object } = object> = (
		c: Context<E>,
		next: () => Promise<void>,
	) => Promise<Response | undefined>;
}

declare module "@modelcontextprotocol/sdk/server/auth/errors.js" {
	class OAuthError extends Error {
		constructor(message: string);
	}
	export class InvalidRequestError extends OAuthError {}
	export class InvalidTokenError extends OAuthError {}
	export class InsufficientScopeError extends OAuthError {}
	export class ServerError extends OAuthError {}
}
