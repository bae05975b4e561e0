// What jsdom, under Jest, hides of the platform: Node.js below it has WebCrypto, and of a response little is read.

type Builtins = { getBuiltinModule?(name: "node:crypto"): { readonly webcrypto: Crypto } };

/** The platform's WebCrypto. Throws a TypeError that says why there is none. */
export function subtle(): SubtleCrypto {
	const own: SubtleCrypto | undefined = globalThis.crypto?.subtle;
	const { process } = globalThis as { process?: Builtins };
	const found = own ?? process?.getBuiltinModule?.("node:crypto").webcrypto.subtle;
	if (found) return found;
	throw new TypeError("countersign/testing: no WebCrypto here; in a page, it needs https or localhost");
}

/** A response. */
export function respond(body: string | null, status: number, headers: Readonly<Record<string, string>>): Response {
	if (globalThis.Response) return new Response(body, { status, headers });
	const text = async () => body ?? "";
	const get = (name: string) => headers[name.toLowerCase()] ?? null;
	const own = {
		status,
		ok: status < 300,
		headers: { get },
		text,
		json: async () => JSON.parse(await text()),
	};
	return own as unknown as Response;
}
