import {
	ask,
	type Claims,
	createVerifier,
	type ErrorData,
	type Explanation,
	TokenError,
	type Verified,
	verifyDpopProof,
} from "../core.js";
import { BOUND_KEY, CHALLENGE, CREDENTIALS, DPOP_PROOF } from "../operations.js";
import { checked } from "./options.js";
import { metadataUrl } from "./resource-metadata.js";
import { scopes } from "./scope.js";
import type { Auth, EdgeRequest, EdgeResponse, Guard, GuardOptions, RequestLike } from "./types.js";

/** Checks the access tokens of requests. Throws a `TypeError` that names the option, if one is wrong. */
export function guard<C extends object = Claims>(options: GuardOptions): Guard<C> {
	const { realm, resourceMetadata, onVerdict, dpop, ...policy } = checked(options);
	const wanted = scopes(policy.scope);
	const verifier = createVerifier<C>({ profile: "access-token", ...policy, scope: wanted });
	const scope = wanted.length > 0 ? wanted.join(" ") : undefined;

	async function check(request: RequestLike): Promise<Auth<C>> {
		const told = onVerdict && ((verdict: Explanation | TokenError) => onVerdict(verdict, request as EdgeRequest));
		let explanation: Explanation | undefined;
		try {
			// RFC 6750 §2.1: the header is the one place a token is taken from; not the body, not the address.
			const authorization = request.headers.get("authorization") ?? undefined;
			const [scheme, token] = ask(CREDENTIALS, { authorization });
			if (told) explanation = await verifier.explain(token);
			const verified = await verifier.verify(token);
			await checkProof(request, scheme, token, verified);
			if (explanation) told?.(explanation);
			return { ...verified, token };
		} catch (error) {
			if (!(error instanceof TokenError)) throw error;
			const refusal = withChallenge(error, metadataUrl(resourceMetadata, request.url));
			// A list of checks says more than an error: where there is one, it is told in place of the error.
			told?.(explanation?.valid === false ? explanation : refusal);
			throw refusal;
		}
	}

	async function checkProof(
		request: RequestLike,
		scheme: "Bearer" | "DPoP",
		token: string,
		{ claims }: Verified<C>,
	): Promise<void> {
		const thumbprint = ask(BOUND_KEY, { scheme, claims: JSON.stringify(claims) });
		if (thumbprint === null) return;
		const header = request.headers.get("dpop") ?? undefined;
		const proof = ask(DPOP_PROOF, { header });
		await verifyDpopProof(proof, {
			...dpop,
			...(policy.now && { now: policy.now }),
			method: request.method,
			url: request.url,
			accessToken: token,
			thumbprint,
		});
	}

	function withChallenge(error: TokenError, metadata: string | undefined): TokenError {
		const data = plain(error);
		const { code, claim, found, expected } = data;
		const challenge = ask(CHALLENGE, { code, claim, found, expected, realm, scope, resourceMetadata: metadata });
		return new TokenError({ ...data, challenge }, error.cause);
	}

	return { check, refuse };
}

function refuse(error: TokenError): EdgeResponse {
	const headers: Record<string, string> = {
		"content-type": "application/json; charset=utf-8",
		"cache-control": "no-store",
	};
	if (error.challenge) headers["www-authenticate"] = error.challenge;
	if (error.status === 503) headers["retry-after"] = "5";
	const body = {
		error: NAMES[error.status] ?? "invalid_token",
		error_description: error.message,
		code: error.code,
		claim: error.claim,
		found: error.found,
		expected: error.expected,
		spec: error.spec,
	};
	return new Response(JSON.stringify(body), { status: error.status, headers }) as EdgeResponse;
}

// RFC 6750 §3.1
const NAMES: Readonly<Record<number, string>> = {
	400: "invalid_request",
	401: "invalid_token",
	403: "insufficient_scope",
	503: "temporarily_unavailable",
};

function plain(error: TokenError): ErrorData {
	const { code, message, claim, found, expected, spec, status, challenge } = error;
	return { code, message, claim, found, expected, spec, status, challenge };
}
