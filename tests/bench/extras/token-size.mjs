// The cost against the size of the token, up to the 16 KiB that Countersign accepts by default.

import { mintKey, mintSized, subjectOf } from "../tokens.mjs";

export const title = "token-size: against the token's bytes, ES256 (µs)";

const SIZES = [512, 1024, 2048, 4096, 8192, 16384];
const TOKENS = 32;

export function make() {
	const key = mintKey("ES256");
	return SIZES.map((size) => ({
		size,
		...subjectOf(
			key,
			Array.from({ length: TOKENS }, () => mintSized(key, size)),
		),
	}));
}

export async function measure(subject, settings, say) {
	const { trial } = await import("../trial.mjs");
	const { verify, verifySync } = await import("../contenders/ours.mjs");
	const { jose } = await import("../contenders/jose.mjs");
	const { size, bytes } = subject;
	return { size, bytes, ...(await trial([verifySync, verify, jose], subject, settings, say)) };
}

export const columns = ["bytes", "verifySync", "verify", "jose", "verifySync / jose"];
export const row = ({ bytes, contenders, ratios }, { us, times }) => [
	String(bytes),
	us(contenders.verifySync),
	us(contenders.verify),
	us(contenders.jose),
	times(ratios["verifySync / jose"]),
];
