// Tokens that are bound to a client certificate (RFC 8705 §3): over real TLS, whose server hands the certificate on as
// proxies do.

import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, request as tlsRequest } from "node:https";
import { after, test } from "node:test";
import { edge } from "../js/helpers.mjs";
import { accessToken, base, holder } from "./material.mjs";

const { guard, protect } = edge;
const read = (name) => readFileSync(new URL(`certificates/${name}.pem`, import.meta.url));
const [certificate, key] = [read("client"), read("client-key")];
const thumbprint = createHash("sha256").update(new X509Certificate(certificate).raw).digest("base64url");
const other = createHash("sha256").update("another certificate").digest("base64url");

/** How proxies hand a certificate on: RFC 9440 §2.2, and nginx by `$ssl_client_escaped_cert`. */
const HEADERS = {
	"client-cert": (der) => `:${der.toString("base64")}:`,
	"x-ssl-cert": (der) => encodeURIComponent(new X509Certificate(der).toString()),
};

/** Ends TLS in front of a handler. What clients send by the header's name never passes. */
async function proxy(handler, header) {
	const server = createServer(
		{ key, cert: certificate, requestCert: true, rejectUnauthorized: false, ca: [certificate] },
		async (incoming, outgoing) => {
			const headers = new Headers(Object.entries(incoming.headers).filter(([name]) => name !== header));
			const { raw } = incoming.socket.getPeerCertificate();
			if (incoming.socket.authorized && raw) headers.set(header, HEADERS[header](raw));
			const response = await handler(new Request(`https://api.example.com${incoming.url}`, { headers }));
			outgoing.writeHead(response.status, [...response.headers].flat());
			outgoing.end(await response.text());
		},
	);
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	after(() => {
		server.closeAllConnections();
		server.close();
	});
	return (own, headers) =>
		new Promise((resolve, reject) => {
			const to = {
				host: "127.0.0.1",
				port: server.address().port,
				headers,
				ca: [certificate],
				checkServerIdentity() {},
			};
			const sent = tlsRequest({ ...to, agent: false, ...(own && { key, cert: certificate }) }, async (response) => {
				const text = Buffer.concat(await response.toArray()).toString();
				const { code } = text.startsWith("{") ? JSON.parse(text) : { code: text };
				resolve([response.statusCode, code, response.headers["www-authenticate"]?.split(",")[0]]);
			});
			sent.once("error", reject).end();
		});
}

const greet = () => new Response("in");
const bound = await accessToken({ cnf: { "x5t#S256": thumbprint } });
const [foreign, plain] = [await accessToken({ cnf: { "x5t#S256": other } }), await accessToken()];
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test("over a connection by the certificate, and over no other", async () => {
	for (const header of Object.keys(HEADERS)) {
		const ask = await proxy(protect({ ...base, mtls: { header } }, greet), header);
		const invalid = 'Bearer error="invalid_token"';
		assert.deepEqual(await ask(true, bearer(bound)), [200, "in", undefined], header);
		assert.deepEqual(await ask(false, bearer(bound)), [401, "certificate_mismatch", invalid]);
		assert.deepEqual(await ask(true, bearer(foreign)), [401, "certificate_mismatch", invalid]);
		assert.deepEqual(await ask(true, bearer(plain)), [200, "in", undefined]);
		const forged = { ...bearer(bound), [header]: HEADERS[header](new X509Certificate(certificate).raw) };
		assert.equal((await ask(false, forged))[1], "certificate_mismatch", "what a client sends by that name");
		const strict = await proxy(protect({ ...base, mtls: { header, mode: "required" } }, greet), header);
		assert.deepEqual(await strict(true, bearer(plain)), [401, "token_unbound", invalid]);
		assert.equal((await strict(true, bearer(bound)))[0], 200);
	}
});

test("no verdict on a bound token is kept for another connection", async () => {
	const cached = guard({ ...base, mtls: { header: "client-cert" }, verdictCache: { maxEntries: 10 } });
	const request = (value) => ({
		method: "GET",
		url: "https://api.example.com/",
		headers: new Headers({ ...bearer(bound), ...(value && { "client-cert": value }) }),
	});
	await cached.check(request(HEADERS["client-cert"](new X509Certificate(certificate).raw)));
	for (const [value, found] of [
		[undefined, "no certificate"],
		[":AAAA:", createHash("sha256").update(Buffer.from("AAAA", "base64")).digest("base64url")],
		["x", "a malformed certificate"],
	]) {
		await assert.rejects(cached.check(request(value)), { code: "certificate_mismatch", found, expected: thumbprint });
	}
});

test("by Cloudflare's word, as its types have it", async () => {
	const digits = Buffer.from(thumbprint, "base64url").toString("hex");
	const good = { certPresented: "1", certVerified: "SUCCESS", certFingerprintSHA256: digits };
	for (const mtls of ["cloudflare", { cloudflare: true }]) {
		const { check } = guard({ ...base, mtls });
		const ask = (cf) =>
			check(Object.assign(new Request("https://api.example.com/", { headers: bearer(bound) }), cf && { cf })).then(
				() => "passed",
				({ code }) => code,
			);
		assert.equal(await ask({ tlsClientAuth: good }), "passed");
		for (const cf of [
			undefined,
			null,
			{},
			{ tlsClientAuth: null },
			{ tlsClientAuth: { ...good, certVerified: "FAILED:self signed certificate" } },
			{ tlsClientAuth: { ...good, certPresented: "0" } },
			{ tlsClientAuth: { ...good, certFingerprintSHA256: "" } },
			{ tlsClientAuth: { ...good, certFingerprintSHA256: digits.slice(2) } },
			{ tlsClientAuth: Object.create(good) },
			Object.create({ tlsClientAuth: good }),
		]) {
			assert.equal(await ask(cf), "certificate_mismatch", JSON.stringify(cf));
		}
		Object.defineProperty(Object.prototype, "cf", { value: { tlsClientAuth: good }, configurable: true });
		try {
			assert.equal(await ask(undefined), "certificate_mismatch", "polluted");
		} finally {
			delete Object.prototype.cf;
		}
	}
});

test("a token that a key and a certificate bind needs both", async () => {
	const one = await holder();
	const both = await accessToken({ cnf: { ...one.cnf, "x5t#S256": thumbprint } });
	const url = "https://api.example.com/";
	const header = HEADERS["client-cert"](new X509Certificate(certificate).raw);
	const { check } = guard({ ...base, dpop: "allowed", mtls: { header: "client-cert" } });
	const ask = async (scheme, cert) => {
		const headers = new Headers({ authorization: `${scheme} ${both}`, dpop: await one.proof(both, url) });
		if (cert) headers.set("client-cert", cert);
		return check({ method: "GET", url, headers }).then(
			() => "passed",
			({ code }) => code,
		);
	};
	assert.equal(await ask("DPoP", header), "passed");
	assert.equal(await ask("DPoP"), "certificate_mismatch");
	assert.equal(await ask("Bearer", header), "token_bound");
});

test("without the option nothing has changed, and options that cannot be meant are refused", async () => {
	const request = { method: "GET", url: "https://api.example.com/", headers: new Headers(bearer(bound)) };
	await assert.rejects(guard(base).check(request), { code: "token_bound", found: "x5t#S256" });
	for (const [mtls, path] of [
		["nginx", "mtls"],
		[true, "mtls"],
		[{}, "mtls"],
		[{ cloudflare: false }, "mtls"],
		[{ header: "a", cloudflare: true }, "mtls"],
		[{ header: "" }, "mtls.header"],
		[{ header: "a b" }, "mtls.header"],
		[{ header: "a", mode: "always" }, "mtls.mode"],
		[{ headers: "a" }, "mtls.headers"],
	]) {
		assert.throws(
			() => guard({ ...base, mtls }),
			(error) => error instanceof TypeError && error.message.startsWith(`${path}: `),
			JSON.stringify(mtls),
		);
	}
});
