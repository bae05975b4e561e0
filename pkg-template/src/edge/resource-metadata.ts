// Protected resource metadata: where a client learns which server gives tokens for this API. RFC 9728

import { scopes } from "./scope.js";
import type { GuardOptions } from "./types.js";

const PATH = "/.well-known/oauth-protected-resource";

/** The address that challenges point to (RFC 9728 §5.1), if any. */
export function metadataUrl(option: GuardOptions["resourceMetadata"], requestUrl: string): string | undefined {
	if (!option) return undefined;
	if (option === true) return new URL(PATH, requestUrl).href;
	return typeof option === "string" ? option : option.href;
}

/** The document, if this request asks for it and it is to be served here. RFC 9728 §3 */
export function metadataFor(options: GuardOptions, url: URL): object | undefined {
	if (options.resourceMetadata !== true || url.pathname !== PATH) return undefined;
	const wanted = scopes(options.scope);
	return {
		resource: resource(options.audience) ?? url.origin,
		authorization_servers: issuers(options.issuer),
		...(wanted.length > 0 && { scopes_supported: wanted }),
		bearer_methods_supported: ["header"],
	};
}

function resource(audience: GuardOptions["audience"]): string | undefined {
	const first = typeof audience === "string" ? audience : audience?.[0];
	return first && /^https?:/.test(first) ? first : undefined;
}

function issuers(issuer: GuardOptions["issuer"]): string[] {
	if (issuer === null) return [];
	if (typeof issuer === "string") return [issuer];
	if ("issuer" in issuer) return issuers(issuer.issuer);
	return issuer.flatMap((one) => issuers(typeof one === "string" ? one : one.issuer));
}
