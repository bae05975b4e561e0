// RFC 7515 §2 and RFC 4648 §5, §3.5: one spelling for one string of octets, in each segment.
import { suite } from "./corpus.mjs";
import { base64url, CLAIMS, mint } from "./token.mjs";

const { accept, refuse } = suite("base64url");
const RFC = "RFC 7515 §2";
const CANONICAL = "RFC 4648 §3.5";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Signs over the segments as altered, so that a lenient decoder would accept. */
const altering = (where, alter) => {
	if (where === "signature") return { signature: (made) => alter(base64url(made)) };
	return { segments: (header, payload) => (where === "header" ? [alter(header), payload] : [header, alter(payload)]) };
};
/** Alters a signed token, so that only a decoder that also re-encodes would accept. */
const alteringAfter = (where, alter) => ({
	after: (token) =>
		token
			.split(".")
			.map((segment, i) => (i === ["header", "payload", "signature"].indexOf(where) ? alter(segment) : segment))
			.join("."),
});
const middle = (text) => (segment) => `${segment.slice(0, 8)}${text}${segment.slice(8)}`;

const ALTERATIONS = {
	"padding-one": (segment) => `${segment}=`,
	"padding-two": (segment) => `${segment}==`,
	"padding-three": (segment) => `${segment}===`,
	"padding-four": (segment) => `${segment}====`,
	"padding-in-middle": middle("="),
	"padding-first": (segment) => `=${segment}`,
	"padding-percent-encoded": (segment) => `${segment}%3D`,
	"space-in-middle": middle(" "),
	"newline-in-middle": middle("\n"),
	"crlf-in-middle": middle("\r\n"),
	"tab-in-middle": middle("\t"),
	"nul-in-middle": middle("\0"),
	"plus-in-middle": middle("+"),
	"slash-in-middle": middle("/"),
	"four-letters-of-other-alphabet": middle("++//"),
	"tilde-in-middle": middle("~"),
	"star-in-middle": middle("*"),
	"comma-in-middle": middle(","),
	"percent-in-middle": middle("%41"),
	"fullwidth-letter": middle("Ａ"),
	"kelvin-sign": middle("\u212a"),
	"long-s": middle("\u017f"),
	"accented-letter": middle("é"),
	"minus-sign": middle("\u2212"),
	"zero-width-space": middle("\u200b"),
};
const segments = ["header", "payload", "signature"];
for (const where of segments)
	for (const [name, alter] of Object.entries(ALTERATIONS)) {
		refuse(`${where}/${name}`, "base64url_invalid", RFC, altering(where, alter));
		if (where !== "signature")
			refuse(`${where}/${name}-after-signing`, "base64url_invalid", RFC, alteringAfter(where, alter));
	}

// Correct padding, for each length that takes some: what every base64 encoder with padding makes.
const pad = (segment) => segment + "=".repeat((4 - (segment.length % 4)) % 4);
const ofRemainder = (remainder) => {
	for (let i = 0; i < 3; i += 1) {
		const claims = { ...CLAIMS, x: "a".repeat(i) };
		if (base64url(JSON.stringify(claims)).length % 4 === remainder) return claims;
	}
};
const headerOfRemainder = (remainder) => {
	for (let i = 0; i < 3; i += 1) {
		const header = { alg: "ES256", typ: "JWT", kid: "es256", x: "a".repeat(i) };
		if (base64url(JSON.stringify(header)).length % 4 === remainder) return header;
	}
};
for (const remainder of [0, 2, 3]) {
	const header = headerOfRemainder(remainder);
	const payload = ofRemainder(remainder);
	accept(`header/length-${remainder}-mod-4`, RFC, { header });
	accept(`payload/length-${remainder}-mod-4`, RFC, { payload });
	if (remainder === 0) continue;
	refuse(`header/padded-${remainder}-mod-4`, "base64url_invalid", RFC, { header, ...altering("header", pad) });
	refuse(`header/padded-${remainder}-mod-4-after-signing`, "base64url_invalid", RFC, {
		header,
		...alteringAfter("header", pad),
	});
	refuse(`payload/padded-${remainder}-mod-4`, "base64url_invalid", RFC, { payload, ...altering("payload", pad) });
	refuse(`payload/padded-${remainder}-mod-4-after-signing`, "base64url_invalid", RFC, {
		payload,
		...alteringAfter("payload", pad),
	});
	// Bits that no octet takes: 4 after two letters, 2 after three.
	for (let bits = 1; bits < (remainder === 2 ? 16 : 4); bits += remainder === 2 ? 5 : 1) {
		const last = (segment) => segment.slice(0, -1) + ALPHABET[ALPHABET.indexOf(segment.at(-1)) | bits];
		refuse(`header/trailing-bits-${remainder}-mod-4-${bits}`, "base64url_invalid", CANONICAL, {
			header,
			...altering("header", last),
		});
		refuse(`header/trailing-bits-${remainder}-mod-4-${bits}-after-signing`, "base64url_invalid", CANONICAL, {
			header,
			...alteringAfter("header", last),
		});
		refuse(`payload/trailing-bits-${remainder}-mod-4-${bits}`, "base64url_invalid", CANONICAL, {
			payload,
			...altering("payload", last),
		});
		refuse(`payload/trailing-bits-${remainder}-mod-4-${bits}-after-signing`, "base64url_invalid", CANONICAL, {
			payload,
			...alteringAfter("payload", last),
		});
	}
}
// Signatures: 64 octets end in two letters (4 bits over), 32 in three (2 over), 48 in none.
for (const [key, policy, step, end] of [
	["es256", undefined, 1, 16],
	["ed25519", undefined, 5, 16],
	["hs256", "@hs256", 1, 4],
	["rsa2048", undefined, 5, 16],
	["hs512", "@hs512", 5, 16],
]) {
	refuse(`signature/padded-${key}`, "base64url_invalid", RFC, { key, policy, ...altering("signature", pad) });
	for (let bits = 1; bits < end; bits += step)
		refuse(`signature/trailing-bits-${key}-${bits}`, "base64url_invalid", CANONICAL, {
			key,
			policy,
			...altering("signature", (segment) => segment.slice(0, -1) + ALPHABET[ALPHABET.indexOf(segment.at(-1)) | bits]),
		});
}
accept("signature/length-0-mod-4", RFC, { key: "hs384", policy: "@hs384" });

// A length of 1 modulo 4 encodes nothing.
const oneMore = (segment) => {
	const even = segment.slice(0, segment.length - (segment.length % 4));
	return `${even}A`;
};
for (const where of segments)
	refuse(`${where}/length-1-mod-4`, "base64url_invalid", RFC, alteringAfter(where, oneMore));
refuse(
	"header/one-letter",
	"base64url_invalid",
	RFC,
	alteringAfter("header", () => "e"),
);
refuse(
	"payload/one-letter",
	"base64url_invalid",
	RFC,
	alteringAfter("payload", () => "e"),
);
refuse(
	"signature/one-letter",
	"base64url_invalid",
	RFC,
	alteringAfter("signature", () => "A"),
);
refuse(
	"signature/only-padding",
	"base64url_invalid",
	RFC,
	alteringAfter("signature", () => "="),
);
refuse(
	"signature/only-space",
	"base64url_invalid",
	RFC,
	alteringAfter("signature", () => " "),
);

// The standard alphabet in place of the URL-safe one: octets that need letters 62 and 63.
const url = { header: { alg: "ES256", typ: "JWT", kid: "es256", x: "??>>~~ÿþ¿" }, payload: { x: "??>>~~ÿþ¿" } };
const standard = (segment) => segment.replaceAll("-", "+").replaceAll("_", "/");
for (const where of ["header", "payload"]) {
	const token = mint({ [where]: url[where] });
	const segment = token.split(".")[where === "header" ? 0 : 1];
	if (!/[-_]/.test(segment)) throw new Error(`the ${where} needs no letter 62 or 63`);
	accept(`${where}/letters-62-and-63`, "RFC 4648 §5", { [where]: url[where] });
	refuse(`${where}/standard-alphabet`, "base64url_invalid", "RFC 4648 §5", {
		[where]: url[where],
		...altering(where, standard),
	});
	refuse(`${where}/standard-alphabet-after-signing`, "base64url_invalid", "RFC 4648 §5", {
		[where]: url[where],
		...alteringAfter(where, standard),
	});
}
{
	// A deterministic signature that has both letters, so that the case does not depend on luck.
	let i = 0;
	const parts = () => ({ key: "ed25519", payload: { jti: String(i) } });
	while (!/-.*_|_.*-/.test(mint(parts()).split(".")[2])) i += 1;
	accept("signature/letters-62-and-63", "RFC 4648 §5", parts());
	refuse("signature/standard-alphabet", "base64url_invalid", "RFC 4648 §5", {
		...parts(),
		...altering("signature", standard),
	});
}

// Encoded twice, or hexadecimal.
refuse(
	"header/encoded-twice",
	"json_invalid",
	RFC,
	alteringAfter("header", (segment) => base64url(segment)),
);
refuse(
	"payload/encoded-twice",
	"json_invalid",
	RFC,
	altering("payload", (segment) => base64url(segment)),
);
refuse(
	"signature/encoded-twice",
	"signature_invalid",
	RFC,
	altering("signature", (segment) => base64url(segment)),
);
refuse("signature/hexadecimal", "signature_invalid", RFC, { signature: (made) => made.toString("hex") });
// All three segments are decoded before anything in them is read.
refuse("order/signature-before-header", "base64url_invalid", RFC, {
	header: { alg: "none" },
	...altering("signature", (segment) => `${segment}=`),
});
refuse("order/payload-before-header", "base64url_invalid", RFC, {
	header: "[]",
	...altering("payload", (segment) => `${segment}=`),
});
