// What an engineer writes by hand, beside issuer and audience, so that none of a row's wrong tokens passes: a condition a
// line, about `payload` and `header`. `scope` is the line for it where libraries have no option that fits.

const scopeText = 'payload.scope?.split(" ").includes("orders:read")';
const atJwt = 'header.typ?.toLowerCase() === "at+jwt"';
const client = 'payload.client_id === "storefront"';
const entraClient = '"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"';
const tenant = 'payload.tid === "11111111-2222-3333-4444-555555555555"';
const entraScope = 'payload.scp?.split(" ").includes("orders.read")';
const workspace = 'payload.hd === "shop.example.com"';
const google = [
	'["1-web.apps.googleusercontent.com", "1-android.apps.googleusercontent.com"].includes(payload.azp)',
	"payload.email_verified === true",
	workspace,
];

export const BY_HAND = {
	"RFC 9068": { checks: [atJwt, client], scope: scopeText },
	"RFC 9068, no `sub`": { checks: [atJwt, client], scope: scopeText },
	Auth0: {
		checks: ['payload.azp === "storefront"', 'payload.permissions?.includes("orders:read")'],
		scope: scopeText,
	},
	Keycloak: {
		checks: [
			'payload.typ === "Bearer"',
			'payload.azp === "storefront"',
			'payload.realm_access?.roles?.includes("buyer")',
		],
		scope: scopeText,
	},
	"Entra, version 2": { checks: [`payload.azp === ${entraClient}`, tenant], scope: entraScope },
	"Entra, version 1": { checks: [`payload.appid === ${entraClient}`, tenant], scope: entraScope },
	"Entra, several tenants": { checks: [`payload.azp === ${entraClient}`], scope: entraScope },
	"Entra, tenants by a template": { checks: [`payload.azp === ${entraClient}`], scope: entraScope },
	Okta: { checks: ['payload.cid === "storefront"'], scope: 'payload.scp?.includes("orders:read")' },
	Cognito: {
		checks: ['payload.token_use === "access"', client, "payload.aud === undefined"],
		scope: 'payload.scope?.split(" ").includes("orders/read")',
	},
	"Ory Hydra": { checks: [client], scope: 'payload.scp?.includes("orders:read")' },
	"Duende IdentityServer": { checks: [atJwt, client], scope: 'payload.scope?.includes("orders:read")' },
	"Spring Authorization Server": { checks: [], scope: 'payload.scope?.includes("orders:read")' },
	"Google, web": { checks: google },
	"Google, Android": { checks: google },
	Apple: { checks: [] },
	"Firebase, ID token": {
		checks: [
			'["password", "google.com"].includes(payload.firebase?.sign_in_provider)',
			'typeof payload.auth_time === "number"',
		],
	},
	"Firebase, App Check": { checks: ['payload.sub === "1:100000000001:web:0000000000000000000001"'] },
	"Firebase, session cookie": { checks: [] },
	Supabase: { checks: ['payload.role === "authenticated"', "payload.is_anonymous === false"] },
	Clerk: { checks: ['payload.azp === "https://shop.example.com"', 'payload.sts === "active"'] },
	WorkOS: { checks: ['payload.org_id === "org_1"', 'payload.permissions?.includes("orders:read")'] },
	"Cloudflare Access": { checks: ['payload.type === "app"'] },
	"Google IAP": { checks: [workspace] },
	"GitHub Actions": {
		checks: ['payload.sub === "repo:octo-org/octo-repo:ref:refs/heads/main"', 'payload.repository_owner_id === "2"'],
	},
	Kubernetes: {
		checks: [
			'payload["kubernetes.io"]?.namespace === "default"',
			'payload["kubernetes.io"]?.serviceaccount?.name === "shop"',
		],
	},
	SPIFFE: { checks: ['payload.sub?.startsWith("spiffe://shop.example.org/ns/orders/sa/")'] },
};

/** Conditions as lines that throw where one does not hold. */
export const linesOf = (conditions) =>
	conditions.map((condition) => `if (!(${condition})) throw new Error("refused");`);

/** These lines as a function. */
export const compiled = (lines) => new Function("payload", "header", lines.join("\n"));
