// OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6: what a logout token has to be.
import { CLIENT, EVENT, kind, LOGOUT, TYPES } from "./profiles.mjs";
import { claimsText, NOW } from "./token.mjs";

const { accept, refuse } = kind("logout-token", "logout-token", LOGOUT, { typ: "logout+jwt" });
const DATA = "OpenID Connect Back-Channel Logout §2.4";
const CHECK = "OpenID Connect Back-Channel Logout §2.6";
accept("usual", CHECK);
for (const typ of ["logout+jwt", "LOGOUT+JWT", "application/logout+jwt", undefined, "JWT", "jwt"])
	accept(`typ/${typ ?? "absent"}`, DATA, { header: { typ } });
for (const typ of [
	"at+jwt",
	"application/at+jwt",
	"secevent+jwt",
	"dpop+jwt",
	"logout",
	"logout+jws",
	"logout-jwt",
	"",
	"text/logout+jwt",
])
	refuse(`typ/${typ || "empty"}`, "typ_mismatch", "RFC 8725 §3.11", { header: { typ } });
for (const claim of ["iss", "aud", "iat", "exp", "jti", "events"]) {
	refuse(`missing/${claim}`, "claim_missing", DATA, { payload: { [claim]: undefined } });
	if (claim !== "events") refuse(`types/${claim}-is-null`, "claim_invalid", DATA, { payload: { [claim]: null } });
}
accept("sub/without-sid", DATA, {});
accept("sub/with-sid", DATA, { payload: { sid: "session-1" } });
accept("sub/only-sid", DATA, { payload: { sub: undefined, sid: "session-1" } });
refuse("sub/neither", "claim_missing", DATA, { payload: { sub: undefined } });
for (const [name, value] of Object.entries(TYPES))
	if (!name.includes("string"))
		refuse(`types/sid-is-${name}`, "claim_invalid", "OpenID Connect Front-Channel Logout §3", {
			payload: { sid: value },
		});
for (const [name, value] of Object.entries(TYPES))
	if (!name.includes("string"))
		refuse(`types/sub-is-${name}`, "claim_invalid", DATA, { payload: { sub: value, sid: "session-1" } });
for (const [name, nonce] of Object.entries({ string: "n", empty: "", null: null, number: 1, object: {} }))
	refuse(`nonce/${name}`, "claim_forbidden", DATA, { payload: { nonce } });
accept("nonce/other-case-is-another-claim", DATA, { payload: { Nonce: "n" } });
for (const [name, events] of Object.entries({
	null: null,
	true: true,
	string: EVENT,
	array: [EVENT],
	"array-of-object": [{ [EVENT]: {} }],
	number: 1,
	"empty-object": {},
	"other-event": { "http://schemas.openid.net/event/other": {} },
	"event-in-other-case": { [EVENT.toUpperCase()]: {} },
	"event-with-slash": { [`${EVENT}/`]: {} },
	"event-https": { [EVENT.replace("http", "https")]: {} },
	"event-null": { [EVENT]: null },
	"event-true": { [EVENT]: true },
	"event-string": { [EVENT]: "" },
	"event-array": { [EVENT]: [] },
	"event-number": { [EVENT]: 0 },
	"event-nested": { events: { [EVENT]: {} } },
}))
	refuse(`events/${name}`, "claim_invalid", DATA, { payload: { events } });
accept("events/with-members", DATA, { payload: { events: { [EVENT]: { reason: "user" } } } });
accept("events/beside-another", DATA, {
	payload: { events: { "http://schemas.openid.net/event/other": 1, [EVENT]: {} } },
});
refuse("events/in-__proto__", "claim_invalid", DATA, {
	payload: claimsText({ events: `{"__proto__":{"${EVENT}":{}}}` }, LOGOUT),
});
refuse("exp/now", "token_expired", CHECK, { payload: { exp: NOW } });
refuse("iat/old-with-maxTokenAge", "token_too_old", CHECK, {
	payload: { iat: NOW - 300 },
	policy: { maxTokenAge: 120 },
});
refuse("aud/other-client", "audience_mismatch", CHECK, { payload: { aud: "shop-app" } });
accept("aud/array", DATA, { payload: { aud: ["shop-app", CLIENT] } });
refuse("iss/other", "issuer_mismatch", CHECK, { payload: { iss: "https://evil.example" } });
refuse("alg/none", "alg_none", CHECK, { header: { alg: "none" }, signature: "" });
refuse("signature/of-another-key", "signature_invalid", CHECK, {
	key: "es256-b",
	header: { kid: "es256" },
	keys: "es256",
});
