// The shop API: a valid access token with the scope reads the purchases of its own subject, and no others.
import type { Claims } from "countersign";
import { type GuardOptions, protect } from "countersign/edge";
import { BadQuery, purchasesOf } from "./purchases.js";

export interface Env {
	DB: D1Database;
	ISSUER: string; // the OAuth server
	AUDIENCE: string; // this API: the resource that tokens must name
	STOREFRONT: string; // the only other origin that may call
}

interface UserClaims extends Claims {
	sub: string; // RFC 9068 §2.2: every access token has one, so the profile saw to it
}

export function createShopApi(onVerdict?: GuardOptions["onVerdict"]) {
	const purchases = protect<Env, UserClaims>(
		(env) => ({
			issuer: env.ISSUER,
			audience: env.AUDIENCE,
			scope: "purchases:read",
			resourceMetadata: true,
			cors: { origin: env.STOREFRONT },
			...(onVerdict && { onVerdict }),
		}),
		async (request, { claims }, env) => {
			if (request.method !== "GET") return json(405, { error: "method_not_allowed" }, { allow: "GET" });
			try {
				return json(200, await purchasesOf(claims.sub, new URL(request.url).searchParams, env.DB));
			} catch (error) {
				if (error instanceof BadQuery) return json(400, { error: "bad_query", error_description: error.message });
				console.error(error);
				return json(503, { error: "database_unavailable" }, { "retry-after": "5" });
			}
		},
	);

	return {
		async fetch(request, env, ctx) {
			const { pathname } = new URL(request.url);
			if (pathname === "/health") return json(200, { ok: true });
			if (pathname === "/purchases" || pathname === "/.well-known/oauth-protected-resource") {
				return purchases(request, env, ctx);
			}
			return json(404, { error: "not_found", error_description: "There is GET /purchases, and GET /health." });
		},
	} satisfies ExportedHandler<Env>;
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
	return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

export default createShopApi();
