// A shop of a few lines and an authorization server that can be bent, each on a port of this machine.

import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { unpack } from "../runtimes/helpers.mjs";

/** Serves until `close`; `answer` gives [status, body, headers] or nothing, which hangs. */
export async function serve(answer) {
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const answered = await answer(new URL(request.url, "http://localhost"), body, request);
		if (!answered) return;
		const [status, content = "", headers = {}] = answered;
		response.writeHead(status, headers).end(content);
	});
	await new Promise((listening) => server.listen(0, "localhost", listening));
	return {
		origin: `http://localhost:${server.address().port}`,
		close: async () => {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}

/** What it can show in place of an answer. */
const PAGES = {
	fails: { status: 500, html: "<h1>Internal Server Error</h1>" },
	unavailable: { status: 503, html: "<h1>Back soon</h1>" },
	asks: { status: 200, html: "<form><input name=user></form>" },
};

/** The server knows its user; `bent` says what it does with a request for authorization instead. */
export async function startAuthorizationServer() {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const key = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" };
	const state = {
		bent: undefined,
		discovery: undefined,
		tokens: undefined,
		isDown: false,
		asked: [],
		codes: new Map(),
	};
	const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "Date" };
	const json = (value, status = 200) => [
		status,
		JSON.stringify(value),
		{ "content-type": "application/json", ...cors },
	];
	const endpoints = {
		"/.well-known/oauth-authorization-server": () =>
			(state.discovery ?? json)({
				issuer: origin,
				authorization_endpoint: `${origin}/authorize`,
				token_endpoint: `${origin}/token`,
				jwks_uri: `${origin}/jwks`,
				authorization_response_iss_parameter_supported: true,
			}),
		"/jwks": () => json({ keys: [key] }),
		"/elsewhere": () => [200, "<h1>Elsewhere</h1>", { "content-type": "text/html" }],
		"/authorize": ({ searchParams }) => {
			state.asked.push(searchParams);
			if (state.bent === "hangs") return undefined;
			if (state.bent === "strays") return [302, "", { location: `${origin}/elsewhere` }];
			if (PAGES[state.bent]) return [PAGES[state.bent].status, PAGES[state.bent].html, { "content-type": "text/html" }];
			const code = randomUUID();
			state.codes.set(code, searchParams);
			const refusals = { denies: "login_required", forgets: "login_required", refuses: "access_denied" };
			const error = refusals[state.bent];
			const answer = error ? { error } : { code };
			const location = new URL(searchParams.get("redirect_uri"));
			const returned = state.bent === "forgets" ? {} : { state: searchParams.get("state") };
			for (const [name, value] of Object.entries({ ...answer, ...returned, iss: origin })) {
				location.searchParams.set(name, value);
			}
			if (state.bent === "mails") return [200, `<a href="${location.href.replaceAll("&", "&amp;")}">mail</a>`];
			return [302, "", { location: location.href }];
		},
		"/token": async (_, body) => {
			if (state.tokens) return state.tokens();
			const form = new URLSearchParams(body);
			const asked = state.codes.get(form.get("code"));
			const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
			if (challenge !== asked?.get("code_challenge")) return json({ error: "invalid_grant" }, 400);
			const idToken = await new SignJWT({ nonce: asked.get("nonce") })
				.setProtectedHeader({ alg: "ES256", kid: "k1" })
				.setIssuer(origin)
				.setSubject("ada")
				.setAudience("shop")
				.setIssuedAt()
				.setExpirationTime("5m")
				.sign(privateKey);
			return json({ access_token: randomUUID(), token_type: "Bearer", expires_in: 300, id_token: idToken });
		},
	};
	const { origin, close } = await serve((url, body) => {
		if (state.isDown === "hangs") return undefined;
		if (state.isDown) return [state.isDown, PAGES.unavailable.html, { "content-type": "text/html", ...cors }];
		const endpoint = endpoints[url.pathname];
		return endpoint ? endpoint(url, body) : [404, "", cors];
	});
	return { origin, close, state };
}

/** README's own lines, for this issuer; what they print and whether the page goes on behind them can be seen in its title. */
export async function readmePage(issuer) {
	const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
	const [, block] = /^```js\n(import \{ createLogin \}[\s\S]*?)^```$/m.exec(readme);
	const here = [
		['"countersign/login"', '"/lib/login.js"'],
		['"https://auth.example.com"', JSON.stringify(issuer)],
		['"storefront"', '"shop"'],
		['"https://shop.example.com/"', 'location.origin + "/cb"'],
		["  resource:", "  timeout: 2,\n  resource:"],
	];
	let lines = block;
	for (const [from, to] of here) {
		if (!lines.includes(from)) throw new Error(`README's login has no ${from}`);
		lines = lines.replace(from, to);
	}
	return `<!doctype html><title>…</title><body><button>My purchases</button><script type="module">
		let said = "";
		console.warn = (message) => (said = ": " + message);
		${lines}
		document.querySelector("button").onclick = () => purchases().catch((error) => (document.title = "failed: " + error.message));
		await resumed;
		document.title = (login.session?.claims.sub ?? "nobody") + said;
	</script>`;
}

/** A page that does what README says, and tells what came of it in its title. `moves`: the host adds a slash. */
export async function startShop(issuer, written) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-way-"));
	await unpack(folder);
	const files = join(folder, "node_modules", "countersign", "esm");
	const state = { moves: false, reloads: false, options: {} };
	const page = () =>
		written ??
		`<!doctype html><title>…</title><body><button>Sign in</button><script type="module">
		import { createLogin } from "/lib/login.js";
		const login = createLogin({
			issuer: ${JSON.stringify(issuer)},
			clientId: "shop",
			redirectUri: location.origin + "/cb",
			timeout: 2,
			...${JSON.stringify(state.options)},
		});
		document.querySelector("button").onclick = () => login.start();
		let said = "";
		try {
			const back = await login.finish();
			if (back) ${state.reloads ? "location.replace(back.returnTo), await new Promise(() => {})" : 'history.replaceState(null, "", back.returnTo)'};
			await login.restore();
		} catch (error) {
			said = " " + error.code;
		}
		document.title = (login.session?.claims.sub ?? "nobody") + said;
	</script>`;
	const { origin, close } = await serve(async ({ pathname, search }) => {
		if (pathname.startsWith("/lib/")) {
			const text = await readFile(join(files, pathname.slice(5)));
			return [200, text, { "content-type": "text/javascript" }];
		}
		if (state.moves && pathname === "/cb") return [301, "", { location: `/cb/${search}` }];
		return [200, page(), { "content-type": "text/html" }];
	});
	return {
		origin,
		state,
		close: async () => {
			await close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
