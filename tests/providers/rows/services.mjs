// Services that keep an application's users.

import { idToken, other } from "./columns.mjs";

const isSent = "the ID token is what is sent";
const noScope = "no scope";
const web = "1-web.apps.googleusercontent.com";
const google = { provider: "google", audience: web, clientId: web };
const googleRow = {
	page: "google",
	kit: google,
	checks: [
		...["algorithm is allowed", "required claims", "issuer", "audience", "authorized party"],
		...["claim email_verified", "claim hd"],
	],
	wrong: {
		client: other.client("azp"),
		idToken: isSent,
		audience: other.audience,
		tenant: [{ hd: "other.example.com" }, "claim_refused", "hd"],
		scope: noScope,
	},
	more: {
		"an address that nobody has verified": [{ email_verified: false }, "claim_refused", "email_verified"],
		"another issuer's": other.issuer("https://accounts.other.example"),
	},
};
const workos = (id) => `https://api.workos.com/user_management/client_${id}`;

export const SERVICES = [
	{ ...googleRow, name: "Google, web", good: { hd: "shop.example.com" } },
	{
		...googleRow,
		name: "Google, Android",
		good: { hd: "shop.example.com", azp: "1-android.apps.googleusercontent.com", iss: "accounts.google.com" },
	},
	{
		name: "Apple",
		page: "apple",
		kit: { provider: "apple", audience: "com.example.shop", clientId: "com.example.shop" },
		good: {},
		checks: ["algorithm is allowed", "required claims", "issuer", "audience", "claim email_verified"],
		wrong: {
			client: [{ aud: "com.example.other" }, "audience_mismatch", "aud"],
			idToken: isSent,
			audience: other.audience,
			tenant: other.issuer("https://appleid.other.example"),
			scope: noScope,
		},
	},
	{
		name: "Firebase, ID token",
		page: "firebase",
		kit: {
			provider: "firebase",
			issuer: "https://securetoken.google.com/shop-1",
			audience: "shop-1",
			clientId: "shop-1",
		},
		good: {},
		checks: [...["algorithm is allowed", "required claims", "issuer", "audience"], "claim firebase.sign_in_provider"],
		wrong: {
			client: "one project, any of its applications",
			idToken: isSent,
			audience: [{ aud: "shop-2" }, "audience_mismatch", "aud"],
			tenant: other.issuer("https://securetoken.google.com/shop-2"),
			scope: noScope,
		},
		more: {
			"of an anonymous user": [
				{ firebase: { sign_in_provider: "anonymous" } },
				"claim_refused",
				"firebase.sign_in_provider",
			],
			"a custom token": [{ auth_time: undefined }, "claim_missing", "auth_time"],
		},
	},
	{
		name: "Firebase, App Check",
		page: "firebase",
		at: 1,
		carry: { header: "x-firebase-appcheck" },
		kit: {
			issuer: "https://firebaseappcheck.googleapis.com/100000000001",
			audience: ["projects/100000000001", "projects/shop-1"],
			alg: "RS256",
			metadata: { jwks_uri: "https://firebaseappcheck.googleapis.com/v1/jwks" },
		},
		header: { typ: "JWT" },
		good: { sub: "1:100000000001:web:0000000000000000000001", client_id: undefined },
		checks: ["algorithm is allowed", "token type", "required claims", "issuer", "audience", "claim sub"],
		wrong: {
			client: [{ sub: "1:100000000001:web:0000000000000000000002" }, "claim_refused", "sub"],
			idToken: "no ID token",
			audience: [{ aud: ["projects/2"] }, "audience_mismatch", "aud"],
			tenant: other.issuer("https://firebaseappcheck.googleapis.com/2"),
			scope: noScope,
		},
	},
	{
		name: "Firebase, session cookie",
		page: "firebase",
		at: 2,
		carry: { cookie: "session" },
		kit: {
			provider: "firebase",
			issuer: "https://session.firebase.google.com/shop-1",
			audience: "shop-1",
			clientId: "shop-1",
			metadata: { jwks_uri: "https://www.googleapis.com/identitytoolkit/v3/relyingparty/publicKeys" },
		},
		// Its key set is an object of certificates.
		certificate: true,
		good: {},
		checks: ["algorithm is allowed", "required claims", "issuer", "audience"],
		wrong: {
			client: "one project, any of its applications",
			idToken: [{ iss: "https://securetoken.google.com/shop-1" }, "issuer_mismatch", "iss"],
			audience: [{ aud: "shop-2" }, "audience_mismatch", "aud"],
			tenant: other.issuer("https://session.firebase.google.com/shop-2"),
			scope: noScope,
		},
	},
	{
		name: "Supabase",
		page: "supabase",
		kit: { provider: "supabase", issuer: "https://abcdefghijklmnopqrst.supabase.co/auth/v1" },
		good: {},
		checks: ["required claims", "issuer", "audience", "claim role", "claim is_anonymous"],
		wrong: {
			client: "no claim for it",
			idToken: "no ID token",
			audience: other.audience,
			tenant: other.issuer("https://bcdefghijklmnopqrstu.supabase.co/auth/v1"),
			scope: noScope,
		},
		more: {
			"the public key of the project": [{ role: "anon" }, "claim_refused", "role"],
			"of an anonymous user": [{ is_anonymous: true }, "claim_refused", "is_anonymous"],
		},
	},
	{
		name: "Clerk",
		page: "clerk",
		carry: { cookie: "__session" },
		kit: { provider: "clerk", issuer: "https://clerk.shop.example.com", clientId: "https://shop.example.com" },
		good: {},
		checks: ["required claims", "issuer", "authorized party", "claim sts"],
		wrong: {
			client: other.client("azp"),
			idToken: [idToken(), "claim_missing", "sid"],
			audience: "no audience",
			tenant: other.issuer("https://clerk.other.example.com"),
			scope: noScope,
		},
		more: { "with tasks pending": [{ sts: "pending" }, "claim_refused", "sts"] },
	},
	{
		name: "WorkOS",
		page: "workos",
		kit: {
			provider: "workos",
			issuer: workos("1"),
			clientId: "client_1",
			metadata: { jwks_uri: "https://api.workos.com/sso/jwks/client_1" },
		},
		good: { permissions: ["orders:read"] },
		checks: ["required claims", "issuer", "claim org_id", "claim permissions"],
		wrong: {
			client: other.issuer(workos("2")),
			idToken: [idToken(), "claim_missing", "sid"],
			audience: "no audience",
			tenant: [{ org_id: "org_2" }, "claim_refused", "org_id"],
			scope: [{ permissions: [] }, "claim_refused", "permissions"],
		},
	},
];
