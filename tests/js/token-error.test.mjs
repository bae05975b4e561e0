// TokenError: what a refusal has, and that it is one class wherever it comes from.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { countersign, edge, entryFile } from "./helpers.mjs";

const { decodeUnverified, TokenError } = countersign;
const thrown = (work) => {
	try {
		work();
	} catch (error) {
		return error;
	}
	return assert.fail("nothing was thrown");
};
const data = { code: "token_expired", message: "m", status: 401 };
/** What stands for an absent member of the others. */
const OTHERS = ["claim", "found", "expected", "spec", "help", "oauthError", "retryAfter"];

test("every member of a refusal is one of its error; what is null or absent is undefined, a challenge empty", () => {
	const all = {
		code: "claim_refused",
		message: "The claim role is refused.",
		claim: "role",
		found: "buyer",
		expected: "admin",
		spec: "RFC 7519 §4",
		help: "https://help.example.com/claim_refused.md",
		oauthError: "invalid_grant",
		retryAfter: 30,
		status: 403,
		challenge: "Bearer",
	};
	const full = new TokenError(all);
	assert.deepEqual(Object.fromEntries(Object.keys(all).map((name) => [name, full[name]])), all);
	const nulls = Object.fromEntries([...OTHERS, "challenge"].map((name) => [name, null]));
	for (const error of [new TokenError(data), new TokenError({ ...data, ...nulls })]) {
		assert.deepEqual([error.code, error.message, error.status, error.challenge], ["token_expired", "m", 401, ""]);
		for (const name of OTHERS) assert.equal(error[name], undefined, name);
	}
	assert.equal(new TokenError({ ...data, retryAfter: 0 }).retryAfter, 0);
});

test("it is an Error by its name, its text and its stack, with a cause where there is one", () => {
	const error = new TokenError(data);
	assert.ok(error instanceof Error);
	assert.equal(String(error), "TokenError: m");
	assert.equal("cause" in error, false);
	// What is logged of it, and of what led to it.
	assert.match(error.stack, /token-error\.test/);
	const cause = new Error("the network is down");
	assert.equal(new TokenError(data, cause).cause, cause);
	assert.equal(new TokenError(data, null).cause, null);
});

test("it is one class, by import and by require, in every entry; one that extends it is itself", async () => {
	const require = createRequire(entryFile("index"));
	const classes = [TokenError, edge.TokenError];
	for (const name of ["index", "edge", "login", "slim", "ml-dsa"]) {
		classes.push((await import(pathToFileURL(entryFile(name)).href)).TokenError);
	}
	for (const name of ["", "/edge", "/login", "/slim", "/ml-dsa"]) {
		classes.push(require(`countersign${name}`).TokenError);
	}
	const errors = [thrown(() => decodeUnverified("x")), thrown(() => require("countersign").decodeUnverified("x"))];
	for (const One of classes) errors.push(new One(data));
	for (const [at, One] of classes.entries()) {
		for (const error of errors) assert.ok(error instanceof One, String(at));
		for (const other of [
			undefined,
			null,
			5,
			{},
			new Error("x"),
			{ name: "TokenError", code: "x" },
			Object.create(errors[0]),
		]) {
			assert.equal(other instanceof One, false);
		}
		class Own extends One {}
		class Further extends Own {}
		assert.deepEqual([new Own(data) instanceof Own, new Own(data) instanceof TokenError], [true, true]);
		assert.deepEqual([new Further(data) instanceof Own, errors[0] instanceof Own], [true, false]);
		assert.equal(new Own(data) instanceof Further, false);
	}
	assert.deepEqual(
		[errors[0].name, errors[0] instanceof Error, errors[0].code],
		["TokenError", true, "token_malformed"],
	);
});
