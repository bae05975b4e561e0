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
	const url = issuer.issuer + (request.url?.startsWith("/") ? request.url : "/");
	if (!URL.canParse(url)) {
		response.writeHead(400, CORS).end();
		return;
	}
	const { authorization } = request.headers;
	const isForm = request.method === "POST";
	const answer: Response = await issuer.fetch(url, {
		method: request.method,
		headers: authorization === undefined ? {} : { authorization },
		...(isForm && { body: await text(request) }),
	});
	response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...CORS });
	response.end(Buffer.from(await answer.arrayBuffer()));
}
