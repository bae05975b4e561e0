// The requests that every adapter is asked, with what RFC 6750, RFC 9449 and RFC 9728 say each is answered with.

import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { api, issuer, page } from "./shop.mjs";

const { publicKey, privateKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);
const jkt = await calculateJwkThumbprint(jwk);
const ath = async (token) =>
	Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(token))).toString("base64url");

/** A proof for a request, made by jose. RFC 9449 §4.2 */
const proof = async (token, htu, htm = "GET") =>
	new SignJWT({ htm, htu, ath: await ath(token), jti: crypto.randomUUID(), iat: issuer.now() })
		.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
		.sign(privateKey);

const good = await issuer.mint();
const writer = await issuer.mint({ scope: "purchases:read orders:write" });
const bound = await issuer.mint({ cnf: { jkt } });
const boundWriter = await issuer.mint({ cnf: { jkt }, scope: "purchases:read orders:write" });
const bearer = (token) => [["authorization", `Bearer ${token}`]];
const byProof = async (token, htu) => [
	["authorization", `DPoP ${token}`],
	["dpop", await proof(token, htu)],
];
const replayed = await byProof(bound, `${api}/purchases`);
const place = "/.well-known/oauth-protected-resource";
const origin = ["origin", page];
const preflight = [
	origin,
	["access-control-request-method", "POST"],
	["access-control-request-headers", "authorization"],
];

/** `[name, request, expected]`: what is expected is the status, and the code in the body of a refusal. */
export const REQUESTS = [
	["no token", {}, [401, "token_missing"]],
	["a good token", { headers: bearer(good) }, [200]],
	["a good token, the scheme in capitals", { headers: [["Authorization", `BEARER ${good}`]] }, [200]],
	["an expired token", { headers: bearer(await issuer.mint({ exp: issuer.now() })) }, [401, "token_expired"]],
	[
		"for another API",
		{ headers: bearer(await issuer.mint({ aud: "https://other.example" })) },
		[401, "audience_mismatch"],
	],
	["unsigned", { headers: bearer(await issuer.mint({}, { alg: "none" })) }, [401, "alg_none"]],
	["garbage", { headers: bearer("garbage") }, [401, "token_malformed"]],
	["another scheme", { headers: [["authorization", `Basic ${good}`]] }, [401, "token_missing"]],
	["two Authorization headers", { headers: [...bearer(good), ...bearer(writer)] }, [400, "request_invalid"]],
	["a token in the address", { path: `/purchases?access_token=${good}` }, [401, "token_missing"]],
	["POST, with a body", { method: "POST", headers: bearer(good), body: "two of each" }, [200]],
	["POST, refused, with a body", { method: "POST", body: "x".repeat(100_000) }, [401, "token_missing"]],
	["HEAD, refused", { method: "HEAD" }, [401]],
	["HEAD", { method: "HEAD", headers: bearer(good) }, [200]],
	["a route's own scope, missing", { path: "/orders", headers: bearer(good) }, [403, "insufficient_scope"]],
	["a route's own scope", { path: "/orders", headers: bearer(writer) }, [200]],
	["a route's own scope, POST", { method: "POST", path: "/orders", headers: bearer(writer), body: "one" }, [200]],
	["no such route, no token", { path: "/elsewhere" }, [401, "token_missing"]],
	["no such route", { path: "/elsewhere", headers: bearer(good), own: true }, [404]],
	["what the shop throws", { path: "/boom", headers: bearer(good), own: true }, [500]],
	["a preflight", { method: "OPTIONS", headers: preflight }, [204]],
	["OPTIONS that is no preflight", { method: "OPTIONS" }, [401, "token_missing"]],
	["from a page, refused", { headers: [origin] }, [401, "token_missing"]],
	["from a page", { headers: [origin, ...bearer(good)] }, [200]],
	["from another page", { headers: [["origin", "https://evil.example"], ...bearer(good)] }, [200]],
	["the metadata", { path: place }, [200]],
	["the metadata, HEAD", { path: place, method: "HEAD" }, [200]],
	["the metadata, a preflight", { path: place, method: "OPTIONS" }, [204]],
	["the metadata, POST", { path: place, method: "POST" }, [405]],
	["a bound token as bearer", { headers: bearer(bound) }, [401, "token_bound"]],
	["a bound token and its proof", { headers: replayed }, [200]],
	["a proof that came before", { headers: replayed }, [401, "dpop_replayed"]],
	["a proof for another address", { headers: await byProof(bound, `${api}/orders`) }, [401, "dpop_url_mismatch"]],
	["a proof before two guards", { path: "/orders", headers: await byProof(boundWriter, `${api}/orders`) }, [200]],
	[
		"a host that pretends to be a path",
		// @hono/node-server refuses it by itself.
		{ or: 400, headers: [["host", "api.example/orders?"], ...(await byProof(bound, `${api}/orders`))] },
		[401, "dpop_url_mismatch"],
	],
];
