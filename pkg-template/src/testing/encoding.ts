import { encoding } from "../core/text-encoding.js";

/** A text's bytes. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
	return new encoding.TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

/** Bytes in base64url without padding. RFC 7515 §2 */
export function base64url(bytes: Uint8Array): string {
	const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Random characters of base64url, for identifiers. */
export function randomId(): string {
	return base64url(crypto.getRandomValues(new Uint8Array(16)));
}
