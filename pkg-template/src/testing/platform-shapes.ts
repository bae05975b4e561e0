// Platforms that stand before an application, or that it runs on.

import type { Provider } from "../verifier/claim-rules.js";
import { randomId } from "./encoding.js";
import { idToken, listOf, PROVIDER, type Shape } from "./shape.js";

type Platforms = Extract<Provider, "cloudflare-access" | "google-iap" | "github-actions" | "kubernetes">;

const email = "ada@example.com";
const CLUSTER = "https://kubernetes.default.svc";

export const PLATFORM_SHAPES: Readonly<Record<Platforms, Shape>> = {
	"cloudflare-access": {
		...PROVIDER,
		issuer: "https://team.cloudflareaccess.com",
		// The tag of the application.
		audience: "0000000000000000000000000000000000000000000000000000000000000001",
		keys: "/cdn-cgi/access/certs",
		header: {},
		claims: ({ issuer, audience, iat, exp }) => ({
			...{ aud: listOf(audience), email, exp, iat, nbf: iat, iss: issuer, type: "app" },
			...{ identity_nonce: "Example", sub: "user-1", country: "DE" },
		}),
		idToken,
	},
	"google-iap": {
		...PROVIDER,
		issuer: "https://cloud.google.com/iap",
		alg: "ES256",
		audience: "/projects/1/global/backendServices/1",
		keys: "https://www.gstatic.com/iap/verify/public_key-jwk",
		claims: ({ issuer, audience, iat, exp }) => ({
			...{ aud: audience, exp, iat, iss: issuer, sub: "accounts.google.com:100000000000000000001" },
			...{ email, hd: "example.com" },
		}),
		idToken,
	},
	"github-actions": {
		...PROVIDER,
		issuer: "https://token.actions.githubusercontent.com",
		audience: "https://github.com/octo-org",
		keys: "/.well-known/jwks",
		claims: ({ issuer, audience, iat, exp }) => ({
			...{ jti: randomId(), sub: "repo:octo-org/octo-repo:ref:refs/heads/main", aud: audience, iss: issuer },
			...{ repository: "octo-org/octo-repo", repository_id: "1", repository_visibility: "private" },
			...{ repository_owner: "octo-org", repository_owner_id: "2", actor: "octocat", actor_id: "3" },
			...{ ref: "refs/heads/main", ref_type: "branch", ref_protected: "true", sha: "0".repeat(40) },
			...{ head_ref: "", base_ref: "", event_name: "push", runner_environment: "github-hosted" },
			...{ run_id: "4", run_number: "1", run_attempt: "1", workflow: "release" },
			workflow_ref: "octo-org/octo-repo/.github/workflows/release.yml@refs/heads/main",
			job_workflow_ref: "octo-org/octo-repo/.github/workflows/release.yml@refs/heads/main",
			...{ iat, nbf: iat, exp },
		}),
		idToken,
	},
	kubernetes: {
		...PROVIDER,
		issuer: CLUSTER,
		audience: "https://api.example",
		keys: "/openid/v1/jwks",
		header: {},
		claims: ({ issuer, audience, iat, exp }) => ({
			...{ aud: listOf(audience), exp, iat, nbf: iat, iss: issuer, jti: randomId() },
			"kubernetes.io": {
				namespace: "default",
				node: { name: "node-1", uid: "00000000-0000-0000-0000-000000000001" },
				pod: { name: "shop-1", uid: "00000000-0000-0000-0000-000000000002" },
				serviceaccount: { name: "shop", uid: "00000000-0000-0000-0000-000000000003" },
			},
			sub: "system:serviceaccount:default:shop",
		}),
		idToken,
	},
};
