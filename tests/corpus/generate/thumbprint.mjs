// RFC 7638 §3, RFC 8037 §A.3, RFC 9964 §3: the SHA-256 thumbprint of a JWK's required members.
import { calculateJwkThumbprint } from "jose";
import { entries } from "./corpus.mjs";
import { jwk, withPrivate } from "./keys.mjs";

const cases = entries("thumbprint", "thumbprint");
const add = (name, key, expect, rfc) => cases.push({ name: `thumbprint/${name}`, jwk: key, expect, rfc });
const RFC = "RFC 7638 §3.2";

const example = {
	kty: "RSA",
	n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
	e: "AQAB",
	alg: "RS256",
	kid: "2011-04-29",
};
add("rfc-7638-example", example, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "RFC 7638 §3.1");
add(
	"rfc-8037-example",
	{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
	"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	"RFC 8037 §A.3",
);
for (const name of ["rsa2048", "es256", "es384", "es512", "es256k", "ed25519", "hs256", "ml-dsa-44"]) {
	const own = await calculateJwkThumbprint(jwk(name));
	const rfc = name === "ml-dsa-44" ? "RFC 9964 §3" : RFC;
	add(`${name}/public`, jwk(name), own, rfc);
	add(`${name}/without-kid`, jwk(name, { kid: undefined }), own, rfc);
	add(`${name}/more-members`, jwk(name, { use: "sig", key_ops: ["verify"], x5t: "abc", ext: true }), own, rfc);
	add(`${name}/members-in-another-order`, Object.fromEntries(Object.entries(jwk(name)).reverse()), own, rfc);
	if (name !== "hs256") add(`${name}/private-members-play-no-part`, withPrivate(name), own, "RFC 7638 §3.2.1");
	for (const member of {
		rsa2048: ["kty", "n", "e"],
		ed25519: ["kty", "crv", "x"],
		hs256: ["kty", "k"],
		"ml-dsa-44": ["kty", "alg", "pub"],
	}[name] ?? ["kty", "crv", "x", "y"]) {
		add(`${name}/without-${member}`, jwk(name, { [member]: undefined }), "key_invalid", RFC);
		add(`${name}/${member}-is-number`, jwk(name, { [member]: 1 }), "key_invalid", RFC);
	}
}
for (const [name, key] of Object.entries({
	"unknown-kty": { kty: "future", x: "AA" },
	empty: {},
	"only-kty": { kty: "EC" },
}))
	add(`bad/${name}`, key, "key_invalid", RFC);
