// The shop API: a valid access token with the scope, and a proof of the key that it is bound to, reads the purchases of its own
// subject, and no others. The details of an order need a login that the user has just confirmed.
import type { Claims } from "countersign";
import { durableObjectReplay, type GuardOptions, kvStore, protect } from "countersign/edge";
import { orderOf } from "./order.js";
import { BadQuery, purchasesOf } from "./purchases.js";

export { DpopReplay } from "countersign/edge";

export interface Env {
	DB: D1Database; // the purchases
	KEYS: KVNamespace; // the OAuth server's public keys, for isolates that have just begun
	REPLAY: DurableObjectNamespace; // which proofs have been used
	ISSUER: string; // the OAuth server
	AUDIENCE: string; // this API: the resource that tokens must name
	STOREFRONT: string; // the only other origin that may call
	DPOP_NONCE_SECRET: string; // at least 32 random bytes; see wrangler.jsonc
}

interface UserClaims extends Claims {
	sub: string; // RFC 9068 §2.2: every access token has one, so the profile saw to it
}

/** How the user has to have logged in for the details of an order: confirmed by their PIN, within the last five minutes. */
const CONFIRMED = { acr: "urn:countersign:demo:confirmed", maxAge: 300 };

/** The address of one order. */
const ORDER = /^\/purchases\/([\w-]{1,32})$/;

type Answer = (request: Request, sub: string, env: Env) => Promise<Response>;

export function createShopApi(onVerdict?: GuardOptions["onVerdict"]) {
	const guarded = (demands: Pick<GuardOptions, "acr" | "maxAge">, answer: Answer) =>
		protect<Env, UserClaims>(
			(env) => ({
				issuer: env.ISSUER,
				audience: env.AUDIENCE,
				scope: "purchases:read",
				...demands,
				dpop: {
					mode: "required",
					nonces: { secret: env.DPOP_NONCE_SECRET },
					replay: durableObjectReplay(env.REPLAY),
				},
				cache: kvStore(env.KEYS),
				resourceMetadata: true,
				cors: { origin: env.STOREFRONT },
				...(onVerdict && { onVerdict }),
			}),
			async (request, { claims }, env) => {
				if (request.method !== "GET") return json(405, { error: "method_not_allowed" }, { allow: "GET" });
				try {
					return await answer(request, claims.sub, env);
				} catch (error) {
					if (error instanceof BadQuery) return json(400, { error: "bad_query", error_description: error.message });
					console.error(error);
					return json(503, { error: "database_unavailable" }, { "retry-after": "5" });
				}
			},
		);

	const purchases = guarded({}, async (request, sub, env) =>
		json(200, await purchasesOf(sub, new URL(request.url).searchParams, env.DB)),
	);
	const order = guarded(CONFIRMED, async (request, sub, env) => {
		const [, number = ""] = ORDER.exec(new URL(request.url).pathname) ?? [];
		const found = await orderOf(sub, number, env.DB);
		return found ? json(200, found) : json(404, { error: "not_found", error_description: "You have no such order." });
	});

	return {
		async fetch(request, env, ctx) {
			const { pathname } = new URL(request.url);
			if (pathname === "/health") return json(200, { ok: true });
			if (pathname === "/purchases" || pathname === "/.well-known/oauth-protected-resource") {
				return purchases(request, env, ctx);
			}
			if (ORDER.test(pathname)) return order(request, env, ctx);
			return json(404, {
				error: "not_found",
				error_description: "There is GET /purchases, GET /purchases/ORDER, and GET /health.",
			});
		},
	} satisfies ExportedHandler<Env>;
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
	return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

export default createShopApi();
