// Services that keep an application's users: one token is the session, and is sent to APIs.

import type { Provider } from "../verifier/claim-rules.js";
import { randomId } from "./encoding.js";
import { idToken, PROVIDER, type Shape } from "./shape.js";

type Services = Extract<Provider, "google" | "apple" | "firebase" | "clerk" | "supabase" | "workos">;

const email = "ada@example.com";

const google: Shape["claims"] = ({ issuer, audience, clientId, iat, exp }) => ({
	...{ iss: issuer, azp: clientId, aud: audience, sub: "100000000000000000001", email, email_verified: true },
	...{ name: "Ada Example", iat, exp, jti: randomId() },
});

// Apple writes truths as texts, too.
const apple: Shape["claims"] = ({ issuer, audience, iat, exp }) => ({
	...{ iss: issuer, aud: audience, exp, iat, sub: "000001.00000000000000000000000000000001.0001" },
	...{ email, email_verified: "true", auth_time: iat, nonce_supported: true },
});

const firebase: Shape["claims"] = ({ issuer, audience, iat, exp }) => ({
	...{ iss: issuer, aud: audience, auth_time: iat, user_id: "user-1", sub: "user-1", iat, exp },
	...{ email, email_verified: true, firebase: { identities: { email: [email] }, sign_in_provider: "password" } },
});

/** The client's address of Google's kind. */
const GOOGLE_CLIENT = "1-example.apps.googleusercontent.com";
const WORKOS_CLIENT = "client_00000000000000000000000001";

export const CUSTOMER_SHAPES: Readonly<Record<Services, Shape>> = {
	google: {
		...PROVIDER,
		issuer: "https://accounts.google.com",
		audience: GOOGLE_CLIENT,
		clientId: GOOGLE_CLIENT,
		keys: "https://www.googleapis.com/oauth2/v3/certs",
		claims: google,
		idToken: google,
	},
	apple: {
		...PROVIDER,
		issuer: "https://appleid.apple.com",
		audience: "com.example.app",
		clientId: "com.example.app",
		keys: "https://appleid.apple.com/auth/keys",
		header: {},
		claims: apple,
		idToken: apple,
	},
	firebase: {
		...PROVIDER,
		issuer: "https://securetoken.google.com/example-project",
		audience: "example-project",
		clientId: "example-project",
		keys: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
		claims: firebase,
		idToken: firebase,
	},
	clerk: {
		...PROVIDER,
		issuer: "https://clerk.example.com",
		// The origin of the page that asked.
		clientId: "https://app.example.com",
		verified: null,
		claims: ({ issuer, clientId, iat, exp }) => ({
			...{ azp: clientId, exp, fva: [0, -1], iat, iss: issuer, nbf: iat },
			...{ sid: "sess_1", sts: "active", sub: "user_1", v: 2 },
		}),
		idToken,
	},
	supabase: {
		...PROVIDER,
		issuer: "https://project.supabase.co/auth/v1",
		alg: "ES256",
		audience: "authenticated",
		claims: ({ issuer, audience, iat, exp }) => ({
			...{ aal: "aal1", amr: [{ method: "password", timestamp: iat }], aud: audience, exp, iat, iss: issuer },
			...{ app_metadata: { provider: "email", providers: ["email"] }, user_metadata: {}, email, phone: "" },
			...{ is_anonymous: false, role: "authenticated", session_id: randomId(), sub: "user-1" },
		}),
		idToken,
	},
	workos: {
		...PROVIDER,
		issuer: `https://api.workos.com/user_management/${WORKOS_CLIENT}`,
		clientId: WORKOS_CLIENT,
		verified: null,
		keys: `https://api.workos.com/sso/jwks/${WORKOS_CLIENT}`,
		header: {},
		claims: ({ issuer, clientId, iat, exp }) => ({
			...{ iss: issuer, sub: "user_1", sid: "session_1", client_id: clientId, org_id: "org_1" },
			...{ role: "member", permissions: [], jti: randomId(), iat, exp },
		}),
		idToken,
	},
};
