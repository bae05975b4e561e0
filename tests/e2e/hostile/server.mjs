// An authorization server of which each row of the catalogue bends one thing. Each row, and each library, has an issuer of
// its own on it; another origin beside it answers as well, for who follows a redirect there.

import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { KEYS, signed } from "./tokens.mjs";

const ENDLESS = Symbol("a body without an end");

/** An answer that is not made of JSON by the server itself: bytes as they are, nothing at all, or one without an end. */
class Raw {
	constructor(status, body = "", headers = {}) {
		Object.assign(this, { status, body, headers });
	}
}

export const raw = (status, body, headers) => new Raw(status, body, headers);
export const html = (status) => raw(status, "<!doctype html><h1>Bad gateway</h1>", { "content-type": "text/html" });
export const json = (text, status = 200) => raw(status, text, { "content-type": "application/json" });
/** No answer. */
export const silence = () => raw(0);
/** An answer that never ends. */
export const endless = () => raw(200, ENDLESS, { "content-type": "application/json" });
/** Sends whoever asks to the same place of the other origin, with all that was sent here. */
export const elsewhere = (_value, { elsewhere, path }) => raw(307, "", { location: elsewhere + path });

const CORS = {
	"access-control-allow-origin": "*",
	"access-control-allow-headers": "authorization, content-type",
	"cache-control": "no-store",
};

const hash = (text) => createHash("sha256").update(text).digest();
const halfHash = (text) => hash(text).subarray(0, 16).toString("base64url");

async function listen(answer) {
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const answered = request.method === "OPTIONS" ? raw(204) : await answer(request.url, body, request);
		const isRead = answered.status === 302 && request.headers.accept === "text/x-location";
		send(response, isRead ? raw(200, answered.headers.location) : answered);
	});
	server.listen(0, "localhost");
	await once(server, "listening");
	const close = () => {
		const closed = once(server, "close");
		server.close();
		server.closeAllConnections();
		return closed;
	};
	return { origin: `http://localhost:${server.address().port}`, close };
}

function send(response, { status, body, headers }) {
	if (status === 0) return;
	response.writeHead(status, { ...CORS, ...headers });
	if (body !== ENDLESS) return response.end(body);
	response.write('{"a":"');
	const timer = setInterval(() => response.write("a".repeat(65_536)), 10);
	response.on("close", () => clearInterval(timer));
}

const asAnswer = (value, status = 200) => (value instanceof Raw ? value : json(JSON.stringify(value), status));

/** What is known of one row, as one library runs into it. */
class Run {
	/** Whatever must not be in a message. */
	secrets = new Set();
	/** How often each endpoint was asked, and the other origin. */
	asked = { elsewhere: 0 };
	codes = new Map();

	constructor(row, issuer, other) {
		Object.assign(this, { row, issuer, elsewhere: other, isRenewal: false });
	}

	secret(value) {
		this.secrets.add(value);
		return value;
	}

	/** What the row makes of a value, if it bends that. */
	bend(name, value) {
		return this.row[name] ? this.row[name](value, this) : value;
	}
}

/** Serves the rows; `run(kind, id)` is what is known of one. */
export async function startHostileServer(catalogue) {
	const runs = new Map();
	const run = (kind, id) => {
		const key = `${kind}/${id}`;
		const row = catalogue.find((row) => row.id === id);
		if (row && !runs.has(key)) runs.set(key, new Run(row, `${server.origin}/${key}`, `${other.origin}/${key}`));
		return runs.get(key);
	};
	const find = (url) => {
		const { pathname, searchParams } = new URL(url, "http://localhost");
		const parts = pathname.split("/").slice(1);
		const wellKnown = parts[0] === ".well-known" ? parts.splice(0, 2)[1] : undefined;
		const [kind, id, ...path] = parts;
		const found = run(kind, id);
		if (found) found.path = `/${path.join("/")}`;
		return { found, endpoint: wellKnown ?? path.at(-1), searchParams };
	};
	const answer = async (url, body, request) => {
		const { found, endpoint, searchParams } = find(url);
		if (!found || !Object.hasOwn(ENDPOINTS, endpoint)) return raw(404);
		found.asked[endpoint] = (found.asked[endpoint] ?? 0) + 1;
		return ENDPOINTS[endpoint](found, { searchParams, form: new URLSearchParams(body), request });
	};
	const server = await listen(answer);
	const other = await listen(async (url, body, request) => {
		const { found, endpoint } = find(url);
		if (!found) return raw(404);
		found.asked.elsewhere += 1;
		// It answers as an honest server would, so that whoever came here goes on.
		const honest = Object.assign(Object.create(Run.prototype), found, { row: {} });
		return ENDPOINTS[endpoint](honest, { form: new URLSearchParams(body), request });
	});
	return { run, close: () => Promise.all([server.close(), other.close()]) };
}

const ENDPOINTS = {
	"oauth-authorization-server": (run) => metadata(run),
	"openid-configuration": (run) => metadata(run, true),
	jwks: (run) => asAnswer(run.bend("jwks", { keys: [KEYS.ec.jwk, KEYS.rsa.jwk] })),
	par: (run, { form }) => {
		run.pushed = form;
		return asAnswer(run.bend("pushed", { request_uri: "urn:ietf:params:oauth:request_uri:r1", expires_in: 60 }), 201);
	},
	authorize: (run, { searchParams }) => {
		run.request = searchParams;
		const asked = searchParams.has("request_uri") && run.pushed ? run.pushed : searchParams;
		const code = run.secret(randomUUID());
		run.codes.set(code, { challenge: asked.get("code_challenge"), nonce: asked.get("nonce") });
		run.nonce = asked.get("nonce");
		const honest = { code, state: asked.get("state"), iss: run.issuer };
		const bent = run.bend("answer", honest);
		const target = asked.get("redirect_uri");
		if (typeof bent === "string") return raw(302, "", { location: target + bent });
		return raw(302, "", { location: `${target}?${new URLSearchParams(Object.entries(bent))}` });
	},
	token: (run, { form }) => {
		run.isRenewal = form.get("grant_type") === "refresh_token";
		const known = run.codes.get(form.get("code"));
		run.codes.delete(form.get("code"));
		run.refreshed = form.get("refresh_token");
		if (form.has("code_verifier")) run.verifier = run.secret(form.get("code_verifier"));
		const isDue = run.isRenewal || hash(run.verifier ?? "").toString("base64url") === known?.challenge;
		if (!isDue) return asAnswer({ error: "invalid_grant" }, 400);
		return grant(run);
	},
	userinfo: (run) => asAnswer(run.bend("userinfo", { sub: "ada", name: "Ada" })),
	revoke: (run) => asAnswer(run.bend("revoked", {})),
	end: () => html(200),
};

function metadata(run, isOpenId = false) {
	const at = (path) => `${run.issuer}/${path}`;
	const document = {
		issuer: run.issuer,
		authorization_endpoint: at("authorize"),
		token_endpoint: at("token"),
		jwks_uri: at("jwks"),
		userinfo_endpoint: at("userinfo"),
		revocation_endpoint: at("revoke"),
		end_session_endpoint: at("end"),
		response_types_supported: ["code"],
		id_token_signing_alg_values_supported: ["ES256", "RS256"],
		code_challenge_methods_supported: ["S256"],
		authorization_response_iss_parameter_supported: true,
		...(run.row.at === "push" && {
			pushed_authorization_request_endpoint: at("par"),
			require_pushed_authorization_requests: true,
		}),
	};
	run.isOpenId = isOpenId;
	return asAnswer(run.bend("metadata", document));
}

/** What belongs to another moment than the row's own is honest. */
function grant(run) {
	const isBent = run.isRenewal === (run.row.at === "renewal");
	const bend = (name, value) => (isBent ? run.bend(name, value) : value);
	const now = Math.floor(Date.now() / 1000);
	const accessToken = run.secret(randomUUID());
	run.refreshToken = run.secret(randomUUID());
	run.authTime ??= now - 10;
	const claims = bend("claims", {
		...{ iss: run.issuer, sub: "ada", aud: "shop", iat: now, exp: now + 3_600, auth_time: run.authTime },
		...{ nonce: run.isRenewal ? undefined : run.nonce, at_hash: halfHash(accessToken) },
	});
	const header = bend("header", { alg: "ES256", kid: KEYS.ec.jwk.kid });
	const idToken = bend("idToken", signed(header, claims, KEYS.ec));
	return asAnswer(
		bend("tokens", {
			access_token: accessToken,
			token_type: "Bearer",
			expires_in: 300,
			refresh_token: run.refreshToken,
			scope: "openid",
			id_token: typeof idToken === "string" ? run.secret(idToken) : idToken,
		}),
	);
}
