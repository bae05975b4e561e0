// Platforms that stand before an application, or that it runs on.

import { api, other } from "./columns.mjs";

const noScope = "no scope";
const noIdToken = "no ID token";
const tag = "0000000000000000000000000000000000000000000000000000000000000001";
const backend = "/projects/100000000001/global/backendServices/1";

export const PLATFORMS = [
	{
		name: "Cloudflare Access",
		page: "cloudflare-access",
		carry: { header: "cf-access-jwt-assertion" },
		kit: { provider: "cloudflare-access", issuer: "https://shop.cloudflareaccess.com", audience: tag },
		good: {},
		checks: ["algorithm is allowed", "required claims", "issuer", "audience", "claim type"],
		wrong: {
			client: [{ aud: [tag.replace("1", "2")] }, "audience_mismatch", "aud"],
			// The token of the whole organization.
			idToken: [{ type: "org" }, "claim_refused", "type"],
			audience: other.audience,
			tenant: other.issuer("https://other.cloudflareaccess.com"),
			scope: noScope,
		},
	},
	{
		name: "Google IAP",
		page: "google-iap",
		carry: { header: "x-goog-iap-jwt-assertion" },
		kit: { provider: "google-iap", audience: backend },
		good: { hd: "shop.example.com" },
		checks: ["algorithm is allowed", "required claims", "issuer", "audience", "claim hd"],
		wrong: {
			client: [{ aud: backend.replace(/1$/, "2") }, "audience_mismatch", "aud"],
			idToken: [{ iss: "https://accounts.google.com" }, "issuer_mismatch", "iss"],
			audience: other.audience,
			tenant: [{ hd: "other.example.com" }, "claim_refused", "hd"],
			scope: noScope,
		},
	},
	{
		name: "GitHub Actions",
		page: "github-actions",
		kit: { provider: "github-actions", audience: api },
		good: { sub: "repo:octo-org/octo-repo:ref:refs/heads/main" },
		checks: [
			...["algorithm is allowed", "token type", "required claims", "issuer", "audience"],
			...["claim sub", "claim repository_owner_id"],
		],
		wrong: {
			client: [{ sub: "repo:octo-org/other:ref:refs/heads/main" }, "claim_refused", "sub"],
			idToken: noIdToken,
			audience: other.audience,
			tenant: [{ repository_owner_id: "9" }, "claim_refused", "repository_owner_id"],
			scope: [{ sub: "repo:octo-org/octo-repo:ref:refs/heads/feature" }, "claim_refused", "sub"],
		},
		more: {
			"of a pull request": [{ sub: "repo:octo-org/octo-repo:pull_request" }, "claim_refused", "sub"],
		},
	},
	{
		name: "Kubernetes",
		page: "kubernetes",
		kit: { provider: "kubernetes", audience: api },
		good: {},
		checks: [
			...["required claims", "issuer", "audience"],
			...["claim kubernetes\\.io.namespace", "claim kubernetes\\.io.serviceaccount.name"],
		],
		wrong: {
			client: [
				{ "kubernetes.io": { namespace: "default", serviceaccount: { name: "other" } } },
				"claim_refused",
				"kubernetes\\.io.serviceaccount.name",
			],
			idToken: noIdToken,
			audience: [{ aud: ["https://kubernetes.default.svc"] }, "audience_mismatch", "aud"],
			tenant: [
				{ "kubernetes.io": { namespace: "other", serviceaccount: { name: "shop" } } },
				"claim_refused",
				"kubernetes\\.io.namespace",
			],
			scope: noScope,
		},
		more: { "of another cluster": other.issuer("https://kubernetes.other.svc") },
	},
	{
		name: "SPIFFE",
		page: "spiffe",
		kit: { issuer: "https://oidc.shop.example.org", audience: api },
		header: { typ: "JWT" },
		good: { sub: "spiffe://shop.example.org/ns/orders/sa/worker", client_id: undefined, jti: undefined },
		checks: ["token type", "required claims", "issuer", "audience", "claim sub"],
		wrong: {
			client: [{ sub: "spiffe://shop.example.org/ns/other/sa/worker" }, "claim_refused", "sub"],
			idToken: noIdToken,
			audience: other.audience,
			tenant: [{ sub: "spiffe://other.example.org/ns/orders/sa/worker" }, "claim_refused", "sub"],
			scope: noScope,
		},
	},
];
