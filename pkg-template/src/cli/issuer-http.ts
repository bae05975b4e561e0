// The issuer's `fetch`, by HTTP.

import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { TestIssuer } from "../testing/types.js";

/** Pages of every origin may ask: it is an issuer for development. */
const CORS = {
	"access-control-allow-origin": "*",
	"access-control-allow-methods": "GET, POST",
	"access-control-allow-headers": "authorization, content-type, dpop",
};

/** Answers a request as the issuer does. */
export async function answerTo(issuer: TestIssuer, request: IncomingMessage, response: ServerResponse): Promise<void> {
	if (request.method === "OPTIONS") {
		response.writeHead(204, CORS).end();
		return;
	}
	const path = request.url as string;
	const answer: Response = await issuer.fetch(issuer.issuer + (path.startsWith("/") ? path : "/"), {
		method: request.method,
		headers: request.headers,
		body: await text(request),
	});
	response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...CORS });
	response.end(Buffer.from(await answer.arrayBuffer()));
}
