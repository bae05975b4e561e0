// RFC 7517 §4.5 and §5, RFC 7515 §6: which of the trusted keys checks a token.
import { suite } from "./corpus.mjs";
import { jwk, set, withPrivate } from "./keys.mjs";
import { base64url } from "./token.mjs";

const { accept, refuse } = suite("key-lookup");
const KID = "RFC 7517 §4.5";
const SET = "RFC 7517 §5";

const nameless = (name) => jwk(name, { kid: undefined });
const many = (from, to) =>
	Array.from({ length: to - from + 1 }, (_, i) => `es256-${String(from + i).padStart(2, "0")}`);

// One kid in the token.
for (const key of ["rsa2048", "es256", "es384", "es512", "ed25519"]) {
	accept(`mixed/${key}`, KID, { key, keys: "set-mixed" });
	accept(`mixed/${key}-without-kid`, KID, { key, header: { kid: undefined }, keys: "set-mixed" });
	refuse(`mixed/${key}-unknown-kid`, "key_not_found", KID, { key, header: { kid: "unknown" }, keys: "set-mixed" });
	const wrong = key === "es256" ? "es384" : "es256";
	refuse(`mixed/${key}-kid-of-another-type`, "key_unsuitable", KID, { key, header: { kid: wrong }, keys: "set-mixed" });
}
accept("two/first", KID, { keys: "set-two" });
accept("two/second", KID, { key: "es256-b", keys: "set-two" });
refuse("two/kids-swapped", "signature_invalid", KID, { header: { kid: "es256-b" }, keys: "set-two" });
refuse("two/kids-swapped-back", "signature_invalid", KID, {
	key: "es256-b",
	header: { kid: "es256" },
	keys: "set-two",
});
accept("two/no-kid-first", KID, { header: { kid: undefined }, keys: "set-two" });
accept("two/no-kid-second", KID, { key: "es256-b", header: { kid: undefined }, keys: "set-two" });
refuse("two/no-kid-third", "signature_invalid", KID, { key: "es256-01", header: { kid: undefined }, keys: "set-two" });
refuse("two/unknown-kid", "key_not_found", KID, { header: { kid: "es256-c" }, keys: "set-two" });
for (const [name, kid] of Object.entries({
	"other-case": "ES256",
	prefix: "es25",
	empty: "",
	space: "es256 ",
	index: "0",
	number: "1",
}))
	refuse(`two/kid-${name}`, "key_not_found", KID, { header: { kid }, keys: "set-two" });

// Keys without kid serve any token's kid.
accept("nameless/token-with-kid", KID, { keys: nameless("es256") });
accept("nameless/token-with-any-kid", KID, { header: { kid: "whatever" }, keys: nameless("es256") });
accept("nameless/token-without-kid", KID, { header: { kid: undefined }, keys: nameless("es256") });
accept("nameless/two-first", KID, { keys: "set-two-without-kid" });
accept("nameless/two-second", KID, { key: "es256-b", keys: "set-two-without-kid" });
refuse("nameless/two-neither", "signature_invalid", KID, { key: "es256-01", keys: "set-two-without-kid" });
accept("nameless/beside-another-kid", KID, { keys: set("es256-b", nameless("es256")) });
accept("nameless/after-the-named-one", KID, { header: { kid: "es256-b" }, keys: set("es256-b", nameless("es256")) });
refuse("nameless/of-another-type", "key_unsuitable", KID, { keys: nameless("rsa2048") });
refuse("nameless/of-another-type-beside-another-kid", "key_unsuitable", KID, {
	keys: set(nameless("rsa2048"), "es256-b"),
});
accept("single/kid-equal", KID, {});
refuse("single/kid-differs", "key_not_found", KID, { header: { kid: "es256-b" } });
accept("single/token-without-kid", KID, { header: { kid: undefined } });
refuse("single/kid-of-key-empty", "key_not_found", KID, { keys: jwk("es256", { kid: "" }) });
accept("single/both-kids-empty", KID, { header: { kid: "" }, keys: jwk("es256", { kid: "" }) });
refuse("single/token-kid-empty", "key_not_found", KID, { header: { kid: "" } });

// Two keys with one kid: the algorithm and the type decide, then the order.
const named = (name, kid = "one") => jwk(name, { kid });
for (const key of ["rsa2048", "es256", "es384", "ed25519"]) {
	accept(`one-kid/${key}-of-four`, KID, {
		key,
		header: { kid: "one" },
		keys: set(named("rsa2048"), named("es256"), named("es384"), named("ed25519")),
	});
	accept(`one-kid/${key}-of-four-reversed`, KID, {
		key,
		header: { kid: "one" },
		keys: set(named("ed25519"), named("es384"), named("es256"), named("rsa2048")),
	});
}
accept("one-kid/two-of-a-type-first", KID, { header: { kid: "one" }, keys: set(named("es256"), named("es256-b")) });
accept("one-kid/two-of-a-type-second", KID, {
	key: "es256-b",
	header: { kid: "one" },
	keys: set(named("es256"), named("es256-b")),
});
refuse("one-kid/two-of-a-type-neither", "signature_invalid", KID, {
	key: "es256-01",
	header: { kid: "one" },
	keys: set(named("es256"), named("es256-b")),
});
accept("one-kid/by-alg-RS256", KID, {
	key: "rsa2048",
	header: { kid: "one" },
	keys: set(jwk("rsa2048-b", { kid: "one", alg: "PS256" }), jwk("rsa2048", { kid: "one", alg: "RS256" })),
});
refuse("one-kid/by-alg-wrong-key", "signature_invalid", KID, {
	key: "rsa2048-b",
	header: { kid: "one" },
	keys: set(jwk("rsa2048-b", { kid: "one", alg: "PS256" }), jwk("rsa2048", { kid: "one", alg: "RS256" })),
});
accept("one-kid/by-use", KID, {
	header: { kid: "one" },
	keys: set(jwk("es256-b", { kid: "one", use: "enc" }), jwk("es256", { kid: "one", use: "sig" })),
});
refuse("one-kid/by-use-wrong-key", "signature_invalid", KID, {
	key: "es256-b",
	header: { kid: "one" },
	keys: set(jwk("es256-b", { kid: "one", use: "enc" }), jwk("es256", { kid: "one", use: "sig" })),
});
accept("one-kid/the-same-key-twice", KID, { keys: set("es256", "es256") });
refuse("one-kid/all-unsuitable", "key_unsuitable", KID, {
	header: { kid: "one" },
	keys: set(named("rsa2048"), named("ed25519"), jwk("es256", { kid: "one", use: "enc" })),
});

// Sixteen tries, no more.
accept("bound/first-of-17", KID, { key: "es256-01", header: { kid: undefined }, keys: "set-17" });
accept("bound/16th-of-17", KID, { key: "es256-16", header: { kid: undefined }, keys: "set-17" });
refuse("bound/17th-of-17", "signature_invalid", KID, { key: "es256-17", header: { kid: undefined }, keys: "set-17" });
accept("bound/17th-of-17-by-kid", KID, { key: "es256-17", keys: "set-17" });
accept("bound/unsuitable-keys-do-not-count", KID, {
	key: "es256-16",
	header: { kid: undefined },
	keys: set(
		"rsa2048",
		"ed25519",
		jwk("es256-b", { use: "enc" }),
		jwk("es256-17", { key_ops: ["sign"] }),
		...many(1, 16),
	),
});
accept("bound/16-of-16-without-kid", KID, { key: "es256-16", keys: set(...many(1, 16).map(nameless)) });
refuse("bound/none-of-16", "signature_invalid", KID, { header: { kid: undefined }, keys: set(...many(1, 16)) });

// One bad or unknown key never breaks its siblings.
const BAD = {
	"unknown-kty": [{ kty: "PQC", kid: "bad" }, "key_invalid"],
	"no-kty": [{ kid: "bad" }, "key_invalid"],
	"unknown-curve": [jwk("es256-b", { kid: "bad", crv: "P-999" }), "key_invalid"],
	x25519: [{ kty: "OKP", crv: "X25519", kid: "bad", x: jwk("ed25519").x }, "key_invalid"],
	"off-curve": [jwk("es256-b", { kid: "bad", x: jwk("es256").x }), "key_invalid"],
	"short-coordinate": [jwk("es256-b", { kid: "bad", x: "AAAA" }), "key_invalid"],
	"padded-coordinate": [jwk("es256-b", { kid: "bad", x: `${jwk("es256-b").x}=` }), "key_invalid"],
	"missing-member": [jwk("es256-b", { kid: "bad", y: undefined }), "key_invalid"],
	"rsa-1024": [jwk("rsa1024", { kid: "bad" }), "key_weak"],
	"rsa-e1": [jwk("rsa2048-b", { kid: "bad", e: "AQ" }), "key_weak"],
	"short-secret": [{ kty: "oct", kid: "bad", k: base64url("secret") }, "key_weak"],
	private: [withPrivate("es256-b", { kid: "bad" }), "key_private"],
	"private-rsa": [withPrivate("rsa2048-b", { kid: "bad" }), "key_private"],
	"private-okp": [withPrivate("ed25519-b", { kid: "bad" }), "key_private"],
	"kid-is-number": [jwk("es256-b", { kid: 7 }), "key_invalid"],
	null: [null, "key_invalid"],
	string: ["key", "key_invalid"],
	number: [5, "key_invalid"],
	array: [[], "key_invalid"],
	"empty-object": [{}, "key_invalid"],
};
for (const [name, [bad, code]] of Object.entries(BAD)) {
	accept(`siblings/${name}-before`, SET, { keys: { keys: [bad, jwk("es256")] } });
	accept(`siblings/${name}-after`, SET, { keys: { keys: [jwk("es256"), bad] } });
	refuse(`siblings/${name}-alone`, code, SET, { keys: { keys: [bad] } });
	refuse(`siblings/${name}-is-dropped`, "key_not_found", SET, {
		header: { kid: "bad" },
		keys: { keys: [bad, jwk("es256")] },
	});
}
for (const [name, changes] of Object.entries({
	"use-enc": { use: "enc" },
	"key_ops-sign": { key_ops: ["sign"] },
	"alg-unknown": { alg: "FOO" },
	"alg-of-encryption": { alg: "ECDH-ES" },
})) {
	accept(`siblings/${name}-beside`, SET, { keys: set(jwk("es256-b", changes), "es256") });
	refuse(`siblings/${name}-itself`, "key_unsuitable", SET, {
		key: "es256-b",
		keys: set(jwk("es256-b", changes), "es256"),
	});
}
refuse("siblings/first-drop-decides", "key_weak", SET, { keys: { keys: [jwk("rsa1024"), {}, withPrivate("es256")] } });
refuse("siblings/first-drop-decides-private", "key_private", SET, {
	keys: { keys: [withPrivate("es256"), jwk("rsa1024"), {}] },
});
refuse("siblings/a-private-key-does-not-serve-by-its-public-half", "key_not_found", "RFC 7517 §9.2", {
	keys: set(withPrivate("es256"), "es256-b"),
});
accept("siblings/the-public-half-beside-the-private-key", "RFC 7517 §9.2", {
	keys: set(withPrivate("es256"), "es256"),
});
refuse("siblings/private-key-without-kid-is-dropped-too", "signature_invalid", "RFC 7517 §9.2", {
	header: { kid: undefined },
	keys: set(withPrivate("es256", { kid: undefined }), "es256-b"),
});
accept("siblings/fifty-unknown", SET, {
	keys: {
		keys: [...Array.from({ length: 50 }, (_, i) => ({ kty: "future", kid: `k${i}`, material: "x" })), jwk("es256")],
	},
});

// Sets.
refuse("set/empty", "key_not_found", SET, { keys: { keys: [] } });
refuse("set/empty-token-without-kid", "key_not_found", SET, { header: { kid: undefined }, keys: { keys: [] } });
accept("set/with-other-members", SET, { keys: { keys: [jwk("es256")], issuer: "https://example.com", next: null } });
accept("set/with-kty-beside-keys", SET, { keys: { kty: "EC", keys: [jwk("es256")] } });
accept("set/secret-beside-public-keys", SET, { keys: set("hs256", "es256") });
refuse("set/secret-beside-public-keys-is-no-default", "alg_not_allowed", "RFC 8725 §3.1", {
	key: "hs256",
	keys: set("hs256", "es256"),
});
accept("set/secret-beside-public-keys-when-allowed", SET, {
	key: "hs256",
	keys: set("hs256", "es256"),
	policy: { algorithms: ["HS256", "ES256"] },
});
accept("set/two-secrets", SET, {
	key: "hs256-b",
	header: { kid: undefined },
	keys: set("hs256", "hs256-b"),
	policy: "@hs256",
});

// HMAC confusion by kid: the kid of a public key with HS256, the kid of a secret with RS256.
refuse("confusion/rsa-kid-with-HS256", "key_unsuitable", "RFC 8725 §2.1", {
	key: "hs256",
	header: { kid: "rsa2048" },
	keys: set("rsa2048", "hs256"),
	policy: { algorithms: ["HS256", "RS256"] },
});
refuse("confusion/secret-kid-with-RS256", "key_unsuitable", "RFC 8725 §2.1", {
	key: "rsa2048",
	header: { kid: "hs256" },
	keys: set("rsa2048", "hs256"),
	policy: { algorithms: ["HS256", "RS256"] },
});
refuse("confusion/ec-kid-with-HS256", "key_unsuitable", "RFC 8725 §2.1", {
	key: "hs256",
	header: { kid: "es256" },
	keys: set("es256", "hs256"),
	policy: { algorithms: ["HS256", "ES256"] },
});
accept("confusion/each-by-its-own-kid", "RFC 8725 §2.1", {
	key: "hs256",
	keys: set("rsa2048", "hs256"),
	policy: { algorithms: ["HS256", "RS256"] },
});
