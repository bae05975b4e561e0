// @cloudflare/workers-oauth-provider as its documents have it: the pages are its host's. It is no OpenID provider.

import { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

let server;
let api;

/** Before anybody asks: the API that its tokens are for, and the page's registration. */
async function setUp(request, env) {
	const { resource, redirectUri } = await request.json();
	api = resource;
	server = new OAuthAuthorizationServer({
		issuer: new URL(request.url).origin,
		resources: [resource],
		scopesSupported: ["purchases:read"],
	});
	return Response.json(
		await server.getOAuthApi(env).createClient({
			clientName: "Countersign Shop",
			redirectUris: [redirectUri],
			tokenEndpointAuthMethod: "none",
		}),
	);
}

/** It answers resource servers by a call in Workers; this is that call for one which is none, in the words of RFC 7662. */
async function introspect(request, env) {
	const token = await server.validateToken(api, (await request.formData()).get("token"), env);
	if (!token) return Response.json({ active: false });
	const { audience, expiresAt, scope, props } = token;
	return Response.json({ active: true, sub: props.userId, aud: audience, exp: expiresAt, scope: scope.join(" ") });
}

async function ask(request, env) {
	const oauth = server.getOAuthApi(env);
	const asked = await oauth.parseAuthRequest(request);
	if (!request.headers.get("cookie")?.includes("user=ada")) {
		return page(
			`<form method="post" action="/login?${encodeURIComponent(request.url)}"><input name="user"><button>Log in</button>`,
		);
	}
	const { handle, headers } = await oauth.beginConsent(asked);
	return page(
		`<form method="post"><input type="hidden" name="handle" value="${handle}"><button name="allow">Allow</button>`,
		headers,
	);
}

function page(html, headers = new Headers()) {
	headers.set("content-type", "text/html");
	return new Response(`<!doctype html>${html}`, { headers });
}

async function allow(request, env) {
	const oauth = server.getOAuthApi(env);
	const handle = String((await request.formData()).get("handle"));
	const { request: asked, headers } = await oauth.approveConsent(request, handle, { scope: ["purchases:read"] });
	const granted = { request: asked, userId: "ada", metadata: {}, scope: asked.scope, props: { userId: "ada" } };
	const { redirectTo } = await oauth.completeAuthorization(granted);
	headers.set("location", redirectTo);
	return new Response(null, { status: 302, headers });
}

const OWN = {
	"POST /set-up": setUp,
	"POST /introspect": introspect,
	"GET /authorize": ask,
	"POST /authorize": allow,
	"POST /login": ({ url }) =>
		new Response(null, {
			status: 302,
			headers: {
				location: decodeURIComponent(new URL(url).search.slice(1)),
				"set-cookie": "user=ada; Path=/; HttpOnly",
			},
		}),
};

export default {
	fetch(request, env, context) {
		const own = OWN[`${request.method} ${new URL(request.url).pathname}`];
		return own ? own(request, env) : server.fetch(request, env, context);
	},
};
