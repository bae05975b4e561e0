// RFC 9964, FIPS 204: ML-DSA with keys of type AKP, whose alg is mandatory.
import { suite } from "./corpus.mjs";
import { jwk, member, set, withPrivate } from "./keys.mjs";
import { signMlDsa } from "./sign.mjs";
import { base64url, NOW } from "./token.mjs";

const { accept, refuse } = suite("ml-dsa", "ml-dsa");
const RFC = "RFC 9964 §4";
const KEY = "RFC 9964 §3";

for (const [alg, size] of [
	["ML-DSA-44", 2420],
	["ML-DSA-65", 3309],
	["ML-DSA-87", 4627],
]) {
	const key = alg.toLowerCase();
	const others = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"].filter((other) => other !== alg);
	accept(`${alg}/valid`, RFC, { key });
	accept(`${alg}/allowed-by-name`, "RFC 8725 §3.1", { key, policy: { algorithms: [alg] } });
	refuse(`${alg}/not-allowed`, "alg_not_allowed", "RFC 8725 §3.1", { key, policy: { algorithms: others } });
	const bad = (name, change, rfc = "FIPS 204 §5.3") =>
		refuse(`${alg}/${name}`, "signature_invalid", rfc, { key, signature: change });
	const flip = (at) => (made) => {
		const changed = Buffer.from(made);
		changed[at < 0 ? changed.length + at : at] ^= 1;
		return changed;
	};
	bad("first-bit", flip(0));
	bad("middle-bit", flip(Math.floor(size / 2)));
	refuse(`${alg}/empty`, "signature_missing", RFC, { key, signature: "" });
	bad("zeros", () => Buffer.alloc(size));
	// The hint's unused places are zero (FIPS 204, algorithm 21).
	if (alg === "ML-DSA-44") {
		bad("last-bit", flip(-1));
		bad("short", (made) => made.subarray(0, -1));
		bad("long", (made) => Buffer.concat([made, Buffer.of(0)]));
		accept(`${alg}/in-a-set`, "RFC 7517 §5", { key, keys: set("es256", jwk("rsa2048"), jwk(key)) });
		accept(`${alg}/without-kid`, "RFC 7517 §4.5", { key, header: { kid: undefined }, keys: set("es256", jwk(key)) });
		refuse(`${alg}/expired`, "token_expired", "RFC 7519 §4.1.4", { key, payload: { exp: NOW } });
		refuse(`${alg}/payload-changed`, "signature_invalid", RFC, {
			key,
			after: (token) => token.replace(/\.[^.]+\./, `.${base64url('{"exp":9999999999}')}.`),
		});
		refuse(`${alg}/by-another-key`, "signature_invalid", RFC, {
			key,
			signAs: (input) => signMlDsa("ml-dsa-44-b", input),
		});
	}
	refuse(`${alg}/key-private`, "key_private", "RFC 9964 §3", {
		key,
		keys: withPrivate(key),
		signature: (made) => made.subarray(0, 64),
	});
	for (const other of others)
		refuse(`${alg}/key-is-${other}`, "key_unsuitable", "RFC 8725 §3.1", {
			key,
			keys: other.toLowerCase(),
			header: { kid: undefined },
			signature: (made) => made.subarray(0, 64),
		});
	refuse(`es256-token/key-is-${alg}`, "key_unsuitable", "RFC 8725 §3.1", { keys: key, header: { kid: undefined } });
	if (alg !== "ML-DSA-44") continue;
	// Keys, by the smallest of them.
	const pub = member(key, "pub");
	const invalid = (name, changes, rfc = KEY) =>
		refuse(`${alg}/key-${name}`, "key_invalid", rfc, {
			key,
			keys: jwk(key, changes),
			signature: (made) => made.subarray(0, 64),
		});
	invalid("without-alg", { alg: undefined });
	invalid("alg-unknown", { alg: "ML-DSA-45" });
	invalid("alg-other-case", { alg: alg.toLowerCase() });
	invalid("alg-of-another-family", { alg: "ES256" });
	invalid("without-pub", { pub: undefined });
	invalid("pub-empty", { pub: "" });
	invalid("pub-short", { pub: base64url(pub.subarray(1)) });
	invalid("pub-long", { pub: base64url(Buffer.concat([pub, Buffer.of(0)])) });
	invalid("pub-padded", { pub: `${base64url(pub)}=` });
	for (const other of others) invalid(`labelled-${other}`, { alg: other });
	refuse(`${alg}/key-private-in-a-set`, "key_not_found", "RFC 9964 §3", {
		key,
		keys: set(jwk("es256"), withPrivate(key)),
		signature: (made) => made.subarray(0, 64),
	});
	refuse(`${alg}/key-use-enc`, "key_unsuitable", "RFC 7517 §4.2", {
		key,
		keys: jwk(key, { use: "enc" }),
		signature: (made) => made.subarray(0, 64),
	});
	refuse(`${alg}/key-is-es256`, "key_unsuitable", "RFC 8725 §3.1", {
		key,
		keys: jwk("es256", { kid: key }),
		signature: (made) => made.subarray(0, 64),
	});
}
refuse("ML-DSA-44/with-the-context-jwt", "signature_invalid", "RFC 9964 §4", {
	key: "ml-dsa-44",
	signAs: (input) => signMlDsa("ml-dsa-44", input, new TextEncoder().encode("jwt")),
});
for (const alg of ["ML-DSA", "ml-dsa-44", "ML-DSA-44 ", "MLDSA44", "HashML-DSA-44", "ML-DSA-44-ES256"])
	refuse(`unknown/${alg}`, "alg_unsupported", "RFC 7515 §4.1.1", {
		key: "ml-dsa-44",
		header: { alg },
		signature: (made) => made.subarray(0, 64),
	});
