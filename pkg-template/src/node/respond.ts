import { isList, type MoreHeaders } from "../edge/gate.js";
import type { NodeResponse } from "./types.js";

/** Sends an answer. Headers that others have set stay. */
export async function respond(response: NodeResponse, answer: Response): Promise<void> {
	response.statusCode = answer.status;
	addHeaders(response, [...answer.headers]);
	const body = await answer.text();
	response.end(body);
}

/** Adds headers: those that list something are continued, the others replaced. */
export function addHeaders(response: Pick<NodeResponse, "getHeader" | "setHeader">, headers: MoreHeaders): void {
	for (const [name, value] of headers) {
		const present = response.getHeader(name);
		response.setHeader(
			name,
			isList(name) && present !== undefined ? `${[present].flat().join(", ")}, ${value}` : value,
		);
	}
}
