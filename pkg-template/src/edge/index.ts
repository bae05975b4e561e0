/**
 * Guards fetch handlers: Workers, Node, Deno, Bun, Next.js, and every framework that speaks `Request`.
 *
 * @packageDocumentation
 */

export type { KeyCache } from "../core/fetch-types.js";
export type { KeySetStatus, KeysEvent, KeysListener } from "../core/key-events.js";
export type { SchemaIssue, SchemaResult, StandardSchema } from "../core/standard-schema.js";
export { init } from "../core.js";
export { TokenError } from "../error.js";
export type { ErrorCode } from "../error-code.js";
export { cacheApiStore } from "./cache-api-store.js";
export type { DpopNonces, GuardDpopOptions } from "./dpop-options.js";
export { DpopReplay, durableObjectReplay } from "./durable-object-replay.js";
export { durableObjectSessions, EndedSessions } from "./durable-object-sessions.js";
export type { DurableObjectState, DurableObjects } from "./durable-objects.js";
export { guard } from "./guard.js";
export type { Guard, Handler } from "./guard-types.js";
export type { IntrospectionOptions, OpaqueTokenOptions } from "./introspection-options.js";
export { type KvNamespace, kvStore } from "./kv-store.js";
export type { LogoutReceiverOptions } from "./logout-options.js";
export { logoutReceiver } from "./logout-receiver.js";
export type { MemoryStoreOptions } from "./memory-options.js";
export { memoryReplay } from "./memory-replay.js";
export { memorySessions } from "./memory-sessions.js";
export type { MtlsOptions } from "./mtls-options.js";
export type { GuardOutcome, OutcomeOptions } from "./outcome.js";
export { protect } from "./protect.js";
export type { ReplayStore } from "./replay-store.js";
export type { ResourceMetadata } from "./resource-metadata.js";
export type { RevocationOptions, SessionStore } from "./session-store.js";
export type {
	AnonymousOptions,
	Auth,
	EdgeRequest,
	EdgeResponse,
	GuardOptions,
	RequestContext,
	RequestLike,
	TokenPlaces,
} from "./types.js";
