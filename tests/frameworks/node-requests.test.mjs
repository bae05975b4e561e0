// How a guard reads a request of Node.js: its address and its headers.

import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { test } from "node:test";
import { requestOf } from "countersign/node";

const TARGETS = [
	["a path with its query", { url: "/a/b?c=d" }, "http://api.example/a/b?c=d"],
	["no target", {}, "http://api.example/"],
	["what a router has cut off", { url: "/b", originalUrl: "/a/b" }, "http://api.example/a/b"],
	["TLS", { url: "/a", socket: { encrypted: true } }, "https://api.example/a"],
	["a socket without TLS", { url: "/a", socket: {} }, "http://api.example/a"],
	["HTTP/2", { url: "/a", rawHeaders: [":authority", "two.example", "host", "api.example"] }, "http://two.example/a"],
	["the host with its port", { url: "/a", rawHeaders: ["Host", "api.example:8443"] }, "http://api.example:8443/a"],
	["no host", { url: "/a", rawHeaders: ["accept", "*/*"] }, "http://localhost/a"],
	["no host, TLS", { url: "/a", rawHeaders: ["a", "b"], socket: { encrypted: true } }, "https://localhost/a"],
	["an empty host", { url: "/a", rawHeaders: ["host", ""] }, "http://localhost/a"],
	["a host that is none", { url: "/a", rawHeaders: ["host", "a b"] }, "http://localhost/a"],
	["a host with a path", { url: "/a", rawHeaders: ["host", "api.example/orders?"] }, "http://api.example/a"],
	["a host with a name of a user", { url: "/a", rawHeaders: ["host", "shop@api.example"] }, "http://api.example/a"],
	// RFC 9112 §3.2.2: a server takes the host of a target that has one.
	["an absolute target", { url: "http://other.example/a" }, "http://other.example/a"],
	["an absolute target, https", { url: "https://other.example/a" }, "https://other.example/a"],
	["an absolute target in capitals", { url: "HTTP://OTHER.example/a" }, "http://other.example/a"],
	["an absolute target that is none", { url: "http://[/a" }, "http://api.example/"],
	["an absolute target of another scheme", { url: "ftp://other.example/a" }, "http://api.example/"],
	["an address inside one of another scheme", { url: "x:http://other.example/a" }, "http://api.example/"],
	["an address inside a path", { url: "/http://other.example/a" }, "http://api.example/http://other.example/a"],
	["two slashes, which are no host", { url: "//other.example/a" }, "http://api.example//other.example/a"],
	["the target of OPTIONS for the whole server", { url: "*" }, "http://api.example/"],
	["the target of CONNECT", { url: "other.example:443" }, "http://api.example/"],
];

test("the address of a request: its target at the host that it names", () => {
	for (const [name, given, expected] of TARGETS) {
		const incoming = { rawHeaders: ["Host", "api.example"], headers: {}, ...given };
		assert.equal(requestOf(incoming).url, expected, name);
	}
});

test("a target that the framework knows better stands in place of the request's", () => {
	const incoming = () => ({ url: "/cut", originalUrl: "/whole", rawHeaders: ["host", "api.example"], headers: {} });
	assert.equal(requestOf(incoming(), "/known").url, "http://api.example/known");
	assert.equal(requestOf(incoming(), undefined).url, "http://api.example/whole");
});

test("the same request gives the same object, whatever a router makes of it meanwhile", () => {
	const incoming = { method: "PUT", url: "/a/b", rawHeaders: [], headers: {} };
	const request = requestOf(incoming);
	assert.equal(request.method, "PUT");
	incoming.url = "/b";
	assert.equal(requestOf(incoming), request);
	assert.notEqual(requestOf({ ...incoming }), request);
	assert.equal(requestOf({ url: "/", rawHeaders: [], headers: {} }).method, "GET");
});

test("headers as Headers have them: all of a name, in either case, and none that a value names", () => {
	const rawHeaders = ["X-Note", "Authorization", "Authorization", "Bearer a", "authorization", "Bearer b"];
	rawHeaders.push("Cookie", "a=1", "COOKIE", "b=2", "Accept", "x", "X-Empty", "");
	const { headers } = requestOf({ url: "/", rawHeaders, headers: { authorization: "Bearer a", "x-merged": "kept" } });
	for (const [name, expected] of [
		["authorization", "Bearer a, Bearer b"],
		["AUTHORIZATION", "Bearer a, Bearer b"],
		["Cookie", "a=1; b=2"],
		["accept", "x"],
		["x-note", "Authorization"],
		["x-empty", ""],
		["x", null],
		["bearer a", null],
		["x-merged", null],
	]) {
		assert.equal(headers.get(name), expected, name);
	}
});

test("where a request has no raw headers, as adapters for functions make it, the others are read", () => {
	const incoming = new IncomingMessage(null);
	Object.assign(incoming.headers, { host: "api.example", authorization: "Bearer a", "x-two": ["a", "b"] });
	incoming.url = "/a";
	const { url, headers } = requestOf(incoming);
	assert.equal(url, "http://api.example/a");
	assert.equal(headers.get("Authorization"), "Bearer a");
	assert.equal(headers.get("x-two"), "a, b");
	assert.equal(headers.get("x-none"), null);
});
