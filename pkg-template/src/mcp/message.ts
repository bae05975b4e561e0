// The messages of MCP over HTTP, as far as they say which tool is called.

/** The most bytes of a message, as the SDK's own transport has it. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The tools that a message calls. It may be a list of messages, as in the first versions of the protocol. */
export function calledTools(message: unknown): Set<string> {
	const calls = [message].flat().filter((one) => Object(one).method === "tools/call");
	return new Set(calls.map((call) => String(Object(Object(call).params).name)));
}

/** The message of a request, or what one that is none is answered with, as the SDK's own transport does. */
export async function readMessage(request: Request): Promise<{ message?: unknown; answer?: Response }> {
	const text = await bounded(request);
	if (text === undefined) return { answer: failed(413, -32000, `expected at most ${MAX_BYTES} bytes`) };
	try {
		return { message: JSON.parse(text) };
	} catch {
		return { answer: failed(400, -32700, "Parse error: Invalid JSON") };
	}
}

/** The text of a body; nothing where it is too long, however that was declared. */
async function bounded(request: Request): Promise<string | undefined> {
	if (!request.body) return "";
	const [reader, decoder] = [request.body.getReader(), new TextDecoder()];
	let [text, size] = ["", 0];
	for (let part = await reader.read(); !part.done; part = await reader.read()) {
		size += part.value.byteLength;
		if (size > MAX_BYTES) {
			await reader.cancel();
			return undefined;
		}
		text += decoder.decode(part.value, { stream: true });
	}
	return text + decoder.decode();
}

function failed(status: number, code: number, message: string): Response {
	return Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status });
}
