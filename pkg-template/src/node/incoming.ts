// A request of Node.js, as guards read one.

import type { RequestLike } from "../edge/types.js";
import type { NodeRequest } from "./types.js";

const known = new WeakMap<NodeRequest, RequestLike>();

/** A request of `node:http`, `node:https` or `node:http2` as `guard.check` takes it. The same request gives the same object. */
export function requestOf(incoming: NodeRequest, target: string | undefined = targetOf(incoming)): RequestLike {
	let request = known.get(incoming);
	if (!request) {
		const url = urlOf(incoming, target ?? "/");
		request = { method: incoming.method ?? "GET", url, headers: { get: (name) => headerOf(incoming, name) } };
		known.set(incoming, request);
	}
	return request;
}

/** Express and Connect cut the path off at which a router is mounted. */
const targetOf = ({ originalUrl, url }: NodeRequest) => originalUrl ?? url;

/**
 * As the platform's `Headers` have it: Node.js keeps the first of several headers Authorization, and here they are all
 * there, so that two of them are refused. RFC 9110 §5.3
 */
function headerOf({ rawHeaders, headers }: NodeRequest, name: string): string | null {
	const wanted = name.toLowerCase();
	const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === wanted);
	// What plays a server without one, as adapters for functions do, has no raw headers.
	if (rawHeaders.length === 0) values.push(...[headers[wanted] ?? []].flat());
	return values.length > 0 ? values.join(wanted === "cookie" ? "; " : ", ") : null;
}

/** The address, with the host that the request names: nobody has checked that, which is what `publicOrigin` is for. */
function urlOf(incoming: NodeRequest, target: string): string {
	const scheme = incoming.socket?.encrypted ? "https" : "http";
	const host = headerOf(incoming, ":authority") ?? headerOf(incoming, "host");
	const named = `${scheme}://${host}`;
	// The host alone is taken from it: whatever else it holds does not become part of the path.
	const origin = host && URL.canParse(named) ? new URL(named).origin : `${scheme}://localhost`;
	const absolute = /^https?:\/\//i.test(target) && URL.canParse(target);
	if (absolute) return new URL(target).href;
	return new URL(target.startsWith("/") ? origin + target : origin).href;
}
