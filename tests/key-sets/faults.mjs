// Each thing that an issuer can answer wrongly, and what it comes to. A row is played twice (play.mjs): on a policy that
// has no keys yet (`cold`), and on one whose keys are overdue (`warm`). Its verdicts are about a token of the key that
// the issuer means. `requests` is how many may be sent for one load.

import {
	answer,
	bare,
	bomb,
	breakOff,
	close,
	compressed,
	drip,
	endless,
	hang,
	hangInBody,
	promiseLess,
	promiseMore,
	raw,
	redirect,
	reset,
	slow,
	status,
	tooLong,
} from "./behaviours.mjs";
import { evilSet, good, goodSet, others, privateJwk, rsa1024, second, x25519 } from "./material.mjs";

const UNAVAILABLE = "keys_unavailable";
/** No answer: the keys at hand serve on. One failure may be chance, so that whoever comes next asks once more. */
const kept = { cold: UNAVAILABLE, warm: "accepted", requests: 2 };
/** No end within the time, which is short so that the tests are. */
const IMPATIENT = { timeout: 0.5 };
const late = { ...kept, keySets: IMPATIENT };
/** The answer says that there are no keys. */
const withdrawn = { cold: UNAVAILABLE, warm: UNAVAILABLE, requests: 2 };
/** Odd, and good. */
const taken = { cold: "accepted", warm: "accepted" };
/** Other keys: the token is judged by them. */
const replaced = (code) => ({ cold: code, warm: code });
/** The token's key is there, and cannot be used: nobody needs to ask once more. */
const dropped = { ...replaced("key_not_found"), dropped: true };

const text = JSON.stringify(goodSet);
const set = (...keys) => answer({ keys });
const { kid, kty, alg, crv, x, y } = good.jwk;
const { alg: _, ...anyAlg } = good.jwk;
const unnamed = ({ kid: _kid, ...jwk }) => jwk;
const utf8 = (tail) => Buffer.concat([Buffer.from(`${text.slice(0, -1)},"x":"`), Buffer.from(tail), Buffer.from('"}')]);
const nested = (depth) => `${text.slice(0, -1)},"x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

/** RFC 9110 §15: only a 200 is a key set; a 404 and a 410 say that there is none. */
const STATUSES = {
	...Object.fromEntries([400, 401, 403, 429, 500, 502, 503, 504].map((code) => [code, [status(code), kept]])),
	...Object.fromEntries(
		[201, 202, 203, 206].map((code) => [`${code}, with the keys`, [answer(text, { status: code }), kept]]),
	),
	...Object.fromEntries([204, 205, 304].map((code) => [code, [bare(code), kept]])),
	"500, with the keys": [answer(text, { status: 500 }), kept],
	"503 with Retry-After: 0": [status(503, { "retry-after": "0" }), kept],
	404: [status(404), withdrawn],
	"404, with the keys": [answer(text, { status: 404 }), withdrawn],
	410: [status(410), withdrawn],
};

/** Keys come from where the policy says, not from where a redirect points. */
const REDIRECTS = {
	...Object.fromEntries(
		[300, 301, 302, 303, 307, 308].map((code) => [
			`${code} to evil keys`,
			[redirect(code, "/evil/jwks", "moved"), kept],
		]),
	),
	"302 to evil keys, with the good ones": [redirect(302, "/evil/jwks", text), kept],
	"200 with a Location": [answer(text, { headers: { location: "/evil/jwks" } }), taken],
	"200 with a Refresh": [answer("<meta>", { headers: { refresh: "0;url=/evil/jwks" } }), kept],
};

/** RFC 9112 §8: a message that ends early is incomplete. */
const CONNECTIONS = {
	"reset at once": [reset, kept],
	"closed at once": [close, kept],
	"reset in the body": [breakOff(text, { missing: 9, how: "resetAndDestroy" }), kept],
	"closed in a body of a stated length": [breakOff(text, { headers: { "content-length": text.length } }), kept],
	"closed in a chunked body": [breakOff(text), kept],
	"closed behind a chunked body that lacks its end": [breakOff(text, { missing: 0 }), kept],
	"the whole key set, of which more was promised": [promiseMore(text), kept],
	"more than was promised": [promiseLess(text), kept],
	"no HTTP": [raw("220 mail.example.com ESMTP\r\n"), kept],
	"a header without its end": [raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"), kept],
	"nothing, for ever": [hang, late],
	"a body that stops before its last byte": [hangInBody(text), late],
	"a body so slow that it never ends": [drip(20, text), late],
	"a slow body": [
		drip(0, `{"keys":[${JSON.stringify({ kid, kty, crv, x, y })}]}`),
		{ ...taken, keySets: { patience: 5 } },
	],
	"a slow answer": [slow(100, text), taken],
};

const SIZES = {
	"2 MiB, of a key set and white space": [answer(tooLong(text)), kept],
	"an endless body": [endless, kept],
	"a gzip bomb": [bomb("gzip", text), kept],
	"a Brotli bomb": [bomb("br", text), kept],
	gzip: [compressed("gzip", text), taken],
	Brotli: [compressed("br", text), taken],
	"gzip that is none": [answer(text, { headers: { "content-encoding": "gzip" } }), kept],
	"5,000 keys": [
		set(...Array.from({ length: 4999 }, (_, at) => ({ ...others[0], kid: `many-${at}` })), good.jwk),
		taken,
	],
	"a kid of 16 KiB beside the key": [set({ ...others[0], kid: "k".repeat(16_384) }, good.jwk), taken],
};

/** RFC 8259 §8.1: UTF-8; a receiver may ignore a byte order mark. */
const TEXTS = {
	"invalid UTF-8": [answer(utf8([0xff])), kept],
	"an overlong character": [answer(utf8([0xc0, 0xaf])), kept],
	"a surrogate in UTF-8": [answer(utf8([0xed, 0xa0, 0x80])), kept],
	"half a character": [answer(Buffer.concat([Buffer.from(text), Buffer.of(0xc3)])), kept],
	"ISO 8859-1": [answer(utf8([0xfc])), kept],
	"UTF-16": [
		answer(Buffer.from(`\ufeff${text}`, "utf16le"), {
			headers: { "content-type": "application/json; charset=utf-16" },
		}),
		kept,
	],
	"a byte order mark": [answer(`\ufeff${text}`), taken],
	"the wrong charset by its name": [
		answer(utf8([0xc3, 0xbc]), { headers: { "content-type": "application/json; charset=iso-8859-1" } }),
		taken,
	],
	"text/html that is JSON": [answer(text, { headers: { "content-type": "text/html" } }), taken],
};

/** What is no JWK Set is no answer (RFC 7517 §5: an object that has the member keys, an array). */
const DOCUMENTS = {
	...Object.fromEntries(
		Object.entries({
			"an empty body": "",
			"white space": " \r\n",
			"a page": "<!doctype html><title>Sign in</title>",
			"an array of keys": [good.jwk],
			"a string": JSON.stringify(text),
			"a number": "5",
			null: "null",
			true: "true",
			"an object without keys": {},
			"keys: null": { keys: null },
			"keys: an object": { keys: { k1: good.jwk } },
			"keys: a string": { keys: text },
			"keys: a number": { keys: 1 },
			"keys twice": `{"keys":[],${text.slice(1)}`,
			Keys: { Keys: [good.jwk] },
			"65 levels": nested(65),
			"100,000 levels": nested(100_000),
			"cut off": text.slice(0, -1),
			"two documents": text + text,
			"a trailing comma": `${text.slice(0, -1)},}`,
			"a comment": `${text}// keys`,
			"single quotes": text.replaceAll('"', "'"),
			JSONP: `keys(${text})`,
			"a token": "eyJhbGciOiJub25lIn0.e30.",
		}).map(([name, body]) => [name, [answer(body), kept]]),
	),
	"20 levels beside the keys": [nested(20), taken].map((part, at) => (at === 0 ? answer(part) : part)),
	"a single JWK": [answer(good.jwk), taken],
	"odd members beside the keys": [answer({ ...goodSet, keyz: 1, next: "http://127.0.0.1/evil", ttl: -1 }), taken],
};

/** A key set is one, whatever its members are worth: its issuer has published no other. */
const SETS = {
	"no keys": [set(), replaced("key_not_found")],
	"keys of another kid": [set(second.jwk), replaced("key_not_found")],
	"the same kid in other case": [set({ ...good.jwk, kid: "K1" }), replaced("key_not_found")],
	"keys: numbers": [set(1, 2, 3), replaced("key_not_found")],
	"keys: null and arrays": [set(null, [], [good.jwk]), replaced("key_not_found")],
	"a kid that is a number": [set({ ...good.jwk, kid: 1 }), replaced("key_not_found")],
	"another key of the same kid": [answer(evilSet), replaced("signature_invalid")],
	X25519: [set(x25519), dropped],
	"RSA of 1024 bits": [set(rsa1024), dropped],
	"AKP, without ML-DSA": [set({ kty: "AKP", alg: "ML-DSA-44", kid, pub: "AAAA" }), dropped],
	"a shared secret": [set({ kty: "oct", kid, k: "A".repeat(86) }), dropped],
	"the private key": [set(privateJwk), dropped],
	"no point on the curve": [set({ ...good.jwk, x: y, y: x }), dropped],
	"padded base64url": [set({ ...good.jwk, x: `${x}=` }), dropped],
	"a member twice in a key": [answer(`{"keys":[${JSON.stringify(good.jwk).slice(0, -1)},"x":"${x}"}]}`), dropped],
	"no kty": [set({ crv, x, y, kid }), dropped],
	"use: enc": [set({ ...good.jwk, use: "enc" }), replaced("key_unsuitable")],
	"key_ops: sign": [set({ ...anyAlg, key_ops: ["sign"] }), replaced("key_unsuitable")],
	"alg: RS256 on a curve": [set({ ...good.jwk, alg: "RS256" }), replaced("key_unsuitable")],
	"alg: a number": [set({ ...good.jwk, alg: 5 }), dropped],
	"a malformed key among good ones": [set({ kty: "EC" }, 5, x25519, { ...second.jwk, x: "?" }, good.jwk), taken],
	"the same kid thrice, the last one right": [set({ ...others[0], kid }, { ...others[1], kid }, good.jwk), taken],
	"a malformed key of the same kid before it": [set({ ...rsa1024, kid }, good.jwk), taken],
	"no kid": [set(unnamed(good.jwk)), taken],
	"15 keys without kid before it": [set(...others.slice(0, 15).map(unnamed), unnamed(good.jwk)), taken],
	// At most 16 keys are tried.
	"16 keys without kid before it": [
		set(...others.slice(0, 16).map(unnamed), unnamed(good.jwk)),
		replaced("signature_invalid"),
	],
	"other algorithms beside it": [
		set({ kty: "EC", crv: "P-999", kid: "k9", x, y }, { kty: "XYZ", alg }, { ...good.jwk, kty }),
		taken,
	],
};

const metadata = (more) => answer((place) => ({ issuer: place.issuer, jwks_uri: place.jwksUri, ...more }));
const jwksUri = (made) => answer((place) => ({ issuer: place.issuer, jwks_uri: made(place) }));
/** Where it is wrong, the other place is tried; with keys at hand, the last address still holds. */
const lost = { ...kept, warmRequests: 3 };
const found = { ...taken, requests: 3 };

/** RFC 8414 §3: metadata at the first of two addresses; `both` puts it at both. */
const DISCOVERY = {
	"404 at both": [{ metadata: status(404) }, lost],
	"404 at the first, metadata at the second": [{ metadata: status(404), openid: metadata() }, found],
	"500 at the first, metadata at the second": [{ metadata: status(500), openid: metadata() }, found],
	"nothing at the first, for ever; metadata at the second": [
		{ metadata: hang, openid: metadata() },
		{ ...found, keySets: IMPATIENT },
	],
	"nothing at both, for ever": [
		{ metadata: hang, openid: hang },
		{ ...lost, keySets: IMPATIENT },
	],
	"reset at both": [{ metadata: reset, openid: reset }, lost],
	"a page at both": [both(answer("<!doctype html>")), lost],
	"2 MiB": [both(answer(tooLong("{}"))), lost],
	endless: [both(endless), lost],
	"a gzip bomb": [both(bomb("gzip", "{}")), lost],
	"an array": [both(answer([])), lost],
	"another issuer": [both(metadata({ issuer: "https://evil.example.com" })), lost],
	"another issuer at the first, the right one at the second": [
		{ metadata: jwksUriOf("https://evil.example.com"), openid: metadata() },
		found,
	],
	"the issuer with a slash": [both(answer((place) => ({ issuer: `${place.issuer}/`, jwks_uri: place.jwksUri }))), lost],
	"no issuer": [both(metadata({ issuer: undefined })), lost],
	"issuer: an array": [both(answer((place) => ({ issuer: [place.issuer], jwks_uri: place.jwksUri }))), lost],
	"issuer twice": [
		both(answer((place) => `{"issuer":"x","issuer":"${place.issuer}","jwks_uri":"${place.jwksUri}"}`)),
		lost,
	],
	"302 to evil metadata": [both(redirect(302, "/evil/metadata", "moved")), lost],
	"no jwks_uri": [both(metadata({ jwks_uri: undefined })), lost],
	"jwks_uri: null": [both(metadata({ jwks_uri: null })), lost],
	"jwks_uri: a number": [both(metadata({ jwks_uri: 5 })), lost],
	"jwks_uri: an array": [both(jwksUri((place) => [place.jwksUri])), lost],
	"jwks_uri: empty": [both(metadata({ jwks_uri: "" })), lost],
	"jwks_uri: relative": [both(metadata({ jwks_uri: "/evil/jwks" })), lost],
	"jwks_uri: plain http elsewhere": [both(metadata({ jwks_uri: "http://evil.example.com/jwks" })), lost],
	"jwks_uri: http to what only begins like this machine": [
		both(metadata({ jwks_uri: "http://127.0.0.1.evil.example/" })),
		lost,
	],
	"jwks_uri: ftp": [both(metadata({ jwks_uri: "ftp://127.0.0.1/jwks" })), lost],
	"jwks_uri: data": [both(metadata({ jwks_uri: `data:application/json,${encodeURIComponent(text)}` })), lost],
	"jwks_uri: with a user": [both(jwksUri((place) => place.jwksUri.replace("//", "//user:password@"))), lost],
	"jwks_uri: with a fragment": [both(jwksUri((place) => `${place.jwksUri}#keys`)), lost],
	"jwks_uri: with a line break": [both(jwksUri((place) => `${place.jwksUri}\n`)), lost],
	"odd members that nobody needs": [
		{
			metadata: metadata({
				token_endpoint: "http://10.0.0.7/",
				authorization_endpoint: null,
				scopes_supported: 5,
				"": [{}],
			}),
		},
		{ ...taken, requests: 2 },
	],
};

function both(behaviour) {
	return { metadata: behaviour, openid: behaviour };
}

function jwksUriOf(issuer) {
	return answer((place) => ({ issuer, jwks_uri: `${place.origin}/evil/jwks` }));
}

const ofKeys = (group, table) =>
	Object.entries(table).map(([name, [keys, expected]]) => ({
		name: `${group}: ${name}`,
		fault: { keys },
		...expected,
	}));

export const FAULTS = [
	...ofKeys("status", STATUSES),
	...ofKeys("redirect", REDIRECTS),
	...ofKeys("connection", CONNECTIONS),
	...ofKeys("size", SIZES),
	...ofKeys("text", TEXTS),
	...ofKeys("document", DOCUMENTS),
	...ofKeys("set", SETS),
	...Object.entries(DISCOVERY).map(([name, [fault, expected]]) => ({
		name: `discovery: ${name}`,
		fault,
		discovers: true,
		...expected,
	})),
];
