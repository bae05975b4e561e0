/**
 * Guards servers of Node.js: `node:http`, Connect, Koa.
 *
 * @packageDocumentation
 */

export { requestOf } from "./incoming.js";
export { type KoaContext, type KoaProtection, koa } from "./koa.js";
export { protect } from "./protect.js";
export type { Authorized, NodeRequest, NodeResponse, Protection } from "./types.js";
