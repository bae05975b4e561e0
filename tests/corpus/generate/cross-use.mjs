// RFC 8725 §3.11 and §3.12: no kind of token is taken for another. The audience is such that nothing
// but the kind refuses.
import { suite } from "./corpus.mjs";
import { jwk } from "./keys.mjs";
import { ACCESS, CLIENT, EVENT, ID, LOGOUT } from "./profiles.mjs";
import { AUDIENCE, ISSUER, NOW } from "./token.mjs";

const { accept, refuse } = suite("cross-use");
const tokens = {
	"access-token": { claims: { ...ACCESS }, header: { typ: "at+jwt" } },
	"id-token": { claims: { ...ID, aud: CLIENT, nonce: "n" }, header: { typ: "JWT" } },
	"id-token-without-typ": { claims: { ...ID }, header: { typ: undefined } },
	"logout-token": { claims: { ...LOGOUT, sid: "s" }, header: { typ: "logout+jwt" } },
	"logout-token-typ-JWT": { claims: { ...LOGOUT, sid: "s" }, header: { typ: "JWT" } },
	"logout-token-without-typ": { claims: { ...LOGOUT, sid: "s" }, header: { typ: undefined } },
	"dpop-proof": {
		claims: { jti: "1", htm: "GET", htu: `${AUDIENCE}/`, iat: NOW },
		header: { typ: "dpop+jwt", jwk: jwk("es256") },
	},
	"authorization-request": {
		claims: { iss: CLIENT, aud: ISSUER, response_type: "code", exp: NOW + 60, sub: "user-1", iat: NOW },
		header: { typ: "oauth-authz-req+jwt" },
	},
	"client-assertion": {
		claims: { iss: CLIENT, sub: CLIENT, aud: ISSUER, jti: "1", exp: NOW + 60, iat: NOW },
		header: { typ: "client-authentication+jwt" },
	},
	"introspection-response": {
		claims: {
			iss: ISSUER,
			aud: AUDIENCE,
			iat: NOW,
			exp: NOW + 60,
			sub: "user-1",
			token_introspection: { active: true },
		},
		header: { typ: "token-introspection+jwt" },
	},
	"security-event": {
		claims: {
			iss: ISSUER,
			aud: AUDIENCE,
			iat: NOW,
			exp: NOW + 60,
			sub: "user-1",
			jti: "1",
			events: { "https://example.com/event": {} },
		},
		header: { typ: "secevent+jwt" },
	},
};
// [token, taken as, code]; a code of undefined is the token's own profile.
const TYPE = "typ_mismatch";
const outcomes = {
	"access-token": { "access-token": undefined, "id-token": TYPE, "logout-token": TYPE },
	"id-token": { "access-token": TYPE, "id-token": undefined, "logout-token": "claim_missing" },
	"id-token-without-typ": { "access-token": TYPE, "id-token": undefined, "logout-token": "claim_missing" },
	"logout-token": { "access-token": TYPE, "id-token": TYPE, "logout-token": undefined },
	"logout-token-typ-JWT": { "access-token": TYPE, "id-token": "claim_forbidden", "logout-token": undefined },
	"logout-token-without-typ": { "access-token": TYPE, "id-token": "claim_forbidden", "logout-token": undefined },
	"dpop-proof": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
	"authorization-request": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
	"client-assertion": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
	"introspection-response": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
	"security-event": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
};
for (const [name, { claims, header }] of Object.entries(tokens))
	for (const [profile, code] of Object.entries(outcomes[name])) {
		const policy = { issuer: claims.iss ?? null, audience: claims.aud ?? null, profile };
		const rfc = {
			"access-token": "RFC 9068 §5",
			"id-token": "RFC 8725 §3.12",
			"logout-token": "OpenID Connect Back-Channel Logout §4",
		}[profile];
		if (code) refuse(`${name}/as-${profile}`, code, rfc, { claims, header, policy });
		else accept(`${name}/as-itself`, rfc, { claims, header, policy });
	}
// The claims of one kind under the typ of another.
refuse("claims-of-id-token-typed-as-access-token", "claim_missing", "RFC 9068 §5", {
	claims: ID,
	header: { typ: "at+jwt" },
	policy: { audience: CLIENT, profile: "access-token" },
});
refuse("claims-of-logout-token-typed-as-access-token", "claim_missing", "RFC 9068 §5", {
	claims: LOGOUT,
	header: { typ: "at+jwt" },
	policy: { audience: CLIENT, profile: "access-token" },
});
refuse("claims-of-access-token-typed-as-logout-token", "claim_missing", "OpenID Connect Back-Channel Logout §2.6", {
	claims: ACCESS,
	header: { typ: "logout+jwt" },
	policy: { profile: "logout-token" },
});
refuse(
	"claims-of-logout-token-and-client_id-typed-as-access-token",
	"claim_forbidden",
	"OpenID Connect Back-Channel Logout §4",
	{
		claims: { ...LOGOUT, client_id: CLIENT },
		header: { typ: "at+jwt" },
		policy: { audience: CLIENT, profile: "access-token" },
	},
);
refuse("logout-token-with-nonce-as-id-token", "claim_forbidden", "OpenID Connect Back-Channel Logout §4", {
	claims: { ...LOGOUT, nonce: "n" },
	header: { typ: undefined },
	policy: { audience: CLIENT, profile: "id-token", nonce: "n" },
});
refuse("id-token-with-events-as-logout-token", "claim_forbidden", "OpenID Connect Back-Channel Logout §2.6", {
	claims: { ...ID, nonce: "n", jti: "1", events: { [EVENT]: {} } },
	header: { typ: undefined },
	policy: { audience: CLIENT, profile: "logout-token" },
});
accept("id-token-with-other-events", "OpenID Connect Core §2", {
	claims: { ...ID, events: { "https://example.com/event": {} } },
	policy: { audience: CLIENT, profile: "id-token" },
});
refuse("access-token-for-another-resource-as-id-token", TYPE, "RFC 8725 §3.12", {
	claims: { ...ACCESS, aud: CLIENT },
	header: { typ: "at+jwt" },
	policy: { audience: CLIENT, profile: "id-token" },
});
// The default profile looks at typ only when asked.
for (const name of ["access-token", "id-token", "logout-token"])
	accept(`${name}/as-jwt`, "RFC 7519 §5.1", {
		claims: tokens[name].claims,
		header: tokens[name].header,
		policy: { audience: tokens[name].claims.aud },
	});
refuse("id-token/as-jwt-wanting-at+jwt", TYPE, "RFC 8725 §3.11", {
	claims: ID,
	policy: { audience: CLIENT, typ: "at+jwt" },
});
