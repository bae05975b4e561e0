// better-auth (npm) with its OAuth provider. It leaves pages, CORS and the place of its metadata to its host.

import { randomBytes } from "node:crypto";
import { oauthProvider, oauthProviderAuthServerMetadata } from "@better-auth/oauth-provider";
import { betterAuth } from "better-auth";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import { listen } from "./listen.mjs";

const USER = { email: "ada@example.com", password: "correct horse", name: "Ada" };

/** Sends what its own client would: the request that the page was opened with comes along, signed. */
const page = (fields, path, body) => `<!doctype html><title>Login</title><form>${fields}<button>Go on</button></form>
	<script type="module">
		document.querySelector("form").onsubmit = async (event) => {
			event.preventDefault();
			const given = Object.fromEntries(new FormData(event.target));
			const response = await fetch("/api/auth${path}", {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ ...given, ...${JSON.stringify(body)}, oauth_query: location.search.slice(1) }),
			});
			const { url, redirect_uri } = await response.json();
			location.assign(url ?? redirect_uri);
		};
	</script>`;

const PAGES = {
	"/sign-in": page('<input name="email"><input name="password" type="password">', "/sign-in/email", {}),
	"/consent": page("", "/oauth2/consent", { accept: true }),
};

async function start({ redirectUri, home, api }) {
	let answer;
	const { origin, close } = await listen((request, response) => answer(request, response));
	const issuer = `${origin}/api/auth`;
	const auth = betterAuth({
		baseURL: origin,
		secret: randomBytes(32).toString("hex"),
		emailAndPassword: { enabled: true },
		disabledPaths: ["/token"],
		logger: { level: process.env.DEBUG ? "debug" : "error" },
		rateLimit: { enabled: false },
		plugins: [
			jwt(),
			oauthProvider({
				loginPage: "/sign-in",
				consentPage: "/consent",
				scopes: ["openid", "profile", "offline_access", "purchases:read"],
				resources: [{ identifier: api, allowedScopes: ["openid", "profile", "offline_access", "purchases:read"] }],
				enforcePerClientResources: false,
				silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
			}),
		],
	});
	const metadata = oauthProviderAuthServerMetadata(auth);
	const handle = toNodeHandler(auth);
	answer = async (request, response) => {
		const { pathname } = new URL(request.url, origin);
		if (PAGES[pathname]) return response.writeHead(200, { "content-type": "text/html" }).end(PAGES[pathname]);
		response.setHeader("access-control-allow-origin", "*");
		if (request.method === "OPTIONS") return response.end();
		if (pathname !== "/.well-known/oauth-authorization-server/api/auth") return handle(request, response);
		const answered = await metadata(new Request(origin + request.url));
		response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
	};
	const { response, headers } = await auth.api.signUpEmail({ body: USER, returnHeaders: true });
	const { client_id: clientId } = await auth.api.adminCreateOAuthClient({
		headers: new Headers({ cookie: headers.get("set-cookie").split(";")[0] }),
		body: {
			client_name: "Countersign Shop",
			redirect_uris: [redirectUri],
			post_logout_redirect_uris: [home],
			// Only such clients may be on this machine.
			application_type: "native",
			token_endpoint_auth_method: "none",
			enable_end_session: true,
			scope: "openid profile offline_access purchases:read",
			grant_types: ["authorization_code", "refresh_token"],
			response_types: ["code"],
		},
	});
	return {
		issuer,
		clientId,
		scope: "openid profile offline_access purchases:read",
		claims: { sub: response.user.id },
		guard: { issuer, audience: api, scope: "purchases:read" },
		asks: (page) => page.locator("[name=email]"),
		async signIn(page) {
			await page.locator("[name=email]").fill(USER.email);
			await page.locator("[name=password]").fill(USER.password);
			await page.getByRole("button").click();
		},
		consent: (page) => page.locator("form:not(:has(input)) button"),
		close,
	};
}

export const servers = [
	{ name: "better-auth", start },
	{
		name: "better-auth, claims at userinfo",
		storages: ["memory"],
		login: { userinfo: true },
		start: async (at) => {
			const server = await start(at);
			return { ...server, claims: { ...server.claims, name: USER.name } };
		},
	},
];
