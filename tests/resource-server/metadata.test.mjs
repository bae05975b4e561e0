// Protected resource metadata (RFC 9728), found by oauth4webapi from the resource and from a challenge.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as oauth from "oauth4webapi";
import { edge } from "../js/helpers.mjs";
import { base, issuer } from "./material.mjs";
import { serve } from "./server.mjs";

const { guard, protect } = edge;
const options = { [oauth.allowInsecureRequests]: true };

async function discover(resource) {
	const response = await oauth.resourceDiscoveryRequest(new URL(resource), options);
	return oauth.processResourceDiscoveryResponse(new URL(resource), response);
}

const OWN = {
	resource_name: "Orders",
	resource_documentation: "https://docs.example/orders",
	resource_policy_uri: "https://docs.example/policy",
	resource_tos_uri: "https://docs.example/tos",
	jwks_uri: "https://api.example.com/jwks",
	scopes_supported: ["orders:read", "orders:write"],
	bearer_methods_supported: ["header", "body"],
	resource_signing_alg_values_supported: ["ES256"],
	authorization_details_types_supported: ["order"],
	signed_metadata: "e30.e30.AA",
};

test("two resources of one host, each with its own document and challenge", async () => {
	let resources;
	const origin = await serve(async (request) => {
		for (const { metadata } of Object.values(resources)) {
			const answer = metadata(request);
			if (answer) return answer;
		}
		const one = resources[new URL(request.url).pathname.split("/")[1]];
		return one.check(request).catch(one.refuse);
	});
	resources = {
		orders: guard({
			...base,
			scope: "orders:read",
			resource: `${origin}/orders`,
			resourceMetadata: OWN,
			dpop: { mode: "required", algorithms: ["ES256"] },
			mtls: { header: "client-cert" },
		}),
		users: guard({ ...base, resource: `${origin}/users`, resourceMetadata: true }),
	};
	const { scopes_supported, ...own } = OWN;
	assert.deepEqual(await discover(`${origin}/orders`), {
		resource: `${origin}/orders`,
		authorization_servers: [issuer],
		...own,
		scopes_supported: ["orders:read", "orders:write"],
		dpop_signing_alg_values_supported: ["ES256"],
		dpop_bound_access_tokens_required: true,
		tls_client_certificate_bound_access_tokens: true,
	});
	assert.deepEqual(await discover(`${origin}/users`), {
		resource: `${origin}/users`,
		authorization_servers: [issuer],
		bearer_methods_supported: ["header"],
	});
	for (const name of ["orders", "users"]) {
		const challenge = (await fetch(`${origin}/${name}/1`)).headers.get("www-authenticate");
		const [, address] = /resource_metadata="([^"]+)"/.exec(challenge);
		const document = await fetch(address, { headers: { origin: "https://any.example" } });
		assert.equal(document.headers.get("access-control-allow-origin"), "*");
		assert.equal((await document.json()).resource, `${origin}/${name}`);
		assert.equal(/scope="([^"]*)"/.exec(challenge)?.[1], name === "orders" ? "orders:read" : undefined);
	}
});

test("a route's challenge names its own scope", async () => {
	const all = guard({ ...base, scope: "read", resource: "https://api.example.com", resourceMetadata: true });
	const request = { method: "GET", url: "https://api.example.com/", headers: new Headers() };
	for (const [one, scope] of [
		[all, "read"],
		[all.with({ scope: ["read", "write"] }), "read write"],
	]) {
		await assert.rejects(one.check(request), ({ challenge }) => challenge.includes(`scope="${scope}"`));
	}
});

test("members that RFC 9728 §2 does not allow are TypeErrors that name them", () => {
	for (const [name, value] of [
		["jwks_uri", "http://api.example.com/jwks"],
		["resource_documentation", "docs"],
		["resource_policy_uri", ""],
		["resource_tos_uri", 5],
		["resource_name", ""],
		["signed_metadata", "a.b"],
		["bearer_methods_supported", ["cookie"]],
		["resource_signing_alg_values_supported", ["none"]],
		["scopes_supported", [1]],
		["authorization_details_types_supported", {}],
		["resource", "https://other.example"],
		["constructor", 1],
	]) {
		const resourceMetadata = Object.defineProperty({}, name, { value, enumerable: true });
		assert.throws(
			() => protect({ ...base, resource: "https://api.example.com", resourceMetadata }, () => new Response()),
			(error) => error instanceof TypeError && error.message.startsWith(`resourceMetadata.${name}`),
			name,
		);
	}
});
