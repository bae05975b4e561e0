/**
 * Guards fetch handlers: Workers, Node, Deno, Bun, Next.js, and every framework that speaks `Request`.
 *
 * @packageDocumentation
 */

export type { KeySetStatus, KeysEvent, KeysListener } from "../core/key-events.js";
export { init } from "../core.js";
export { TokenError } from "../error.js";
export type { ErrorCode } from "../error-code.js";
export { guard } from "./guard.js";
export { protect } from "./protect.js";
export type {
	Auth,
	EdgeRequest,
	EdgeResponse,
	Guard,
	GuardOptions,
	Handler,
	RequestContext,
	RequestLike,
} from "./types.js";
