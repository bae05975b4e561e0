// EMSA-PKCS1-v1_5 (RFC 8017 §9.2) from its parts.
import { digest } from "./sign.mjs";

export const OIDS = {
	sha1: "06052b0e03021a",
	md5: "06082a864886f70d0205",
	sha224: "0609608648016503040204",
	sha256: "0609608648016503040201",
	sha384: "0609608648016503040202",
	sha512: "0609608648016503040203",
};
export const tlv = (tag, body) => {
	const length =
		body.length < 128
			? Buffer.of(body.length)
			: body.length < 256
				? Buffer.of(0x81, body.length)
				: Buffer.of(0x82, body.length >> 8, body.length & 255);
	return Buffer.concat([Buffer.of(tag), length, body]);
};
export const hex = (text) => Buffer.from(text, "hex");
export const digestInfo = (hash, input, parameters = hex("0500")) =>
	tlv(0x30, Buffer.concat([tlv(0x30, Buffer.concat([hex(OIDS[hash]), parameters])), tlv(4, digest(hash, input))]));
export const pkcs1 = (
	info,
	length,
	{ type = 1, padding = 0xff, first = 0, separator = 0, behind = Buffer.alloc(0), fill } = {},
) => {
	const count = fill ?? length - 3 - info.length - behind.length;
	const encoded = Buffer.concat([
		Buffer.of(first, type),
		Buffer.alloc(count, padding),
		Buffer.of(separator),
		info,
		behind,
	]);
	return encoded;
};
