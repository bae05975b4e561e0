// Signs what shows an authorization server who asks: the core makes it, WebCrypto signs it.

/** A private key, as the core has read it. */
export interface SigningKey {
	/** For `importKey`; `null`: the key is one of WebCrypto already. */
	readonly format: "jwk" | "pkcs8" | null;
	readonly key: object;
	/** How WebCrypto calls the algorithm: for `importKey` and for `sign`. */
	readonly parameters: {
		readonly name: string;
		readonly hash: string;
		readonly namedCurve: string;
		/** In bytes. */
		readonly saltLength: number;
	};
}

/** Signs a text. Resolves to the signature, base64url. */
export type AssertionSigner = (input: string) => Promise<string>;

/** Signs by a private key, which is imported at the first use, and cannot be exported again. */
export function assertionSigner({ format, key, parameters }: SigningKey): AssertionSigner {
	const { subtle } = globalThis.crypto;
	type Usable = Awaited<ReturnType<typeof subtle.importKey>>;
	const load = (): Promise<Usable> | Usable => {
		if (format === null) return key as Usable;
		if (format === "jwk") return subtle.importKey(format, importable(key), parameters, false, ["sign"]);
		return subtle.importKey(format, key as Uint8Array<ArrayBuffer>, parameters, false, ["sign"]);
	};
	let usable: Usable | undefined;
	return async (input) => {
		// No promise is kept: on Workers it must not cross requests, and a key may.
		usable ??= await load();
		return base64url(new Uint8Array(await subtle.sign(parameters, usable, new TextEncoder().encode(input))));
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
