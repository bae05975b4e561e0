// Signs what shows an authorization server who asks: the core makes it, WebCrypto signs it.

/** How WebCrypto calls an algorithm, by the core: for `importKey` and for `sign`. */
export interface SigningParameters {
	readonly name: string;
	readonly hash: string;
	readonly namedCurve: string;
	/** In bytes. */
	readonly saltLength: number;
}

/** Signs a text. Resolves to the signature, base64url. */
export type AssertionSigner = (input: string) => Promise<string>;

/** Signs by a private JWK, which is imported at the first use, and cannot be exported again. */
export function assertionSigner(jwk: object, parameters: SigningParameters): AssertionSigner {
	const { subtle } = globalThis.crypto;
	let imported: Awaited<ReturnType<typeof subtle.importKey>> | undefined;
	return async (input) => {
		// No promise is kept: on Workers it must not cross requests, and a key may.
		imported ??= await subtle.importKey("jwk", importable(jwk), parameters, false, ["sign"]);
		return base64url(new Uint8Array(await subtle.sign(parameters, imported, new TextEncoder().encode(input))));
	};
}

/** What a key says about its own use may be less than what is asked of it here. */
function importable(jwk: object): object {
	const { use: _use, key_ops: _operations, alg: _algorithm, ...others } = jwk as Record<string, unknown>;
	return others;
}

const base64url = (bytes: Uint8Array): string =>
	btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
