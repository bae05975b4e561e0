// A middleware of Connect, and a request listener.

import type { Admission } from "../edge/gate.js";
import { addHeaders, respond } from "./respond.js";
import type { NodeRequest, NodeResponse } from "./types.js";

type Next = (error?: unknown) => void;
type Handle = (request: NodeRequest, response: NodeResponse, next?: Next) => unknown;

/** The middleware that lets pass whom `admit` does; its member `handler` makes request listeners. */
export function middlewareOf(admit: (incoming: NodeRequest) => Promise<Admission>): object {
	/** Whether the request may pass; if not, it is answered. */
	const passes = async (request: NodeRequest, response: NodeResponse): Promise<boolean> => {
		const admission = await admit(request);
		if (admission.answer) {
			await respond(response, admission.answer);
			return false;
		}
		addHeaders(response, admission.headers);
		if (admission.auth !== undefined) Object.assign(request, { auth: admission.auth });
		return true;
	};
	const middleware = (request: NodeRequest, response: NodeResponse, next: Next): void => {
		// What `next` throws is not ours: it must not come back to it as an error.
		passes(request, response).then((pass) => pass && next(), next);
	};
	const handler = (handle: Handle) => {
		if (typeof handle !== "function") throw new TypeError("handler: must be a function");
		return async (request: NodeRequest, response: NodeResponse, next?: Next): Promise<void> => {
			const failed = next ?? ((error: unknown) => fail(response, error));
			if ((await passes(request, response).catch(failed)) !== true) return;
			const handled = (async () => handle(request, response, next))();
			await (next ? handled.catch(next) : handled);
		};
	};
	return Object.assign(middleware, { handler });
}

/** One of the caller's own functions among the options has thrown, and `createServer` has nobody to tell. */
function fail(response: NodeResponse, error: unknown): void {
	console.error("countersign: a request could not be judged:", error);
	response.statusCode = 500;
	response.end("");
}
