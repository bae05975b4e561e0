// Tokens with two faults: the check that comes first decides the code. The order is Countersign's
// own, the same in every runtime; that both are refused is the RFCs'.
import { suite } from "./corpus.mjs";
import { jwk, set } from "./keys.mjs";
import { base64url, claimsText, NOW } from "./token.mjs";

const { refuse } = suite("order");
const RFC = "RFC 7515 §5.2";

// Each fault alone, in the order of the checks: [name, code, how it changes a token].
const FAULTS = [
	["segments", "token_malformed", { after: (token) => `${token}.x` }],
	["base64url", "base64url_invalid", { after: (token) => `${token}=` }],
	[
		"header-utf8",
		"utf8_invalid",
		{
			header: (text) =>
				Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"x":"'), Buffer.of(0xff), Buffer.from('"}')]),
		},
	],
	["header-duplicate", "json_duplicate_member", { header: (text) => `${text.slice(0, -1)},"x":1,"x":2}` }],
	["header-alg-type", "header_invalid", { header: (text) => text.replace('"alg":"ES256"', '"alg":1') }],
	["header-kid-type", "header_invalid", { header: (text) => text.replace('"kid":"es256"', '"kid":1') }],
	["crit", "crit_unsupported", { header: (text) => `${text.slice(0, -1)},"crit":["y"],"y":1}` }],
	["b64", "b64_unsupported", { header: (text) => `${text.slice(0, -1)},"b64":false}` }],
	["alg-none", "alg_none", { header: (text) => text.replace('"alg":"ES256"', '"alg":"none"') }],
	["alg-not-allowed", "alg_not_allowed", { policy: { algorithms: ["ES384"] } }],
	["typ", "typ_mismatch", { policy: { typ: "at+jwt" } }],
	["kid", "key_not_found", { header: (text) => text.replace('"kid":"es256"', '"kid":"es257"') }],
	["key", "key_unsuitable", { keys: jwk("es256", { use: "enc" }) }],
	["signature", "signature_invalid", { signature: (made) => Buffer.from(made).reverse() }],
	[
		"payload-utf8",
		"utf8_invalid",
		{
			payload: (text) =>
				Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"z":"'), Buffer.of(0xff), Buffer.from('"}')]),
		},
	],
	["payload-duplicate", "json_duplicate_member", { payload: (text) => `${text.slice(0, -1)},"z":1,"z":2}` }],
	["claim-type", "claim_invalid", { payload: (text) => text.replace('"sub":"user-1"', '"sub":1') }],
	["claim-missing", "claim_missing", { policy: { requiredClaims: ["exp", "scope"] } }],
	["issuer", "issuer_mismatch", { policy: { issuer: "https://other.example" } }],
	["audience", "audience_mismatch", { policy: { audience: "https://other.example" } }],
	["subject", "subject_mismatch", { policy: { subject: "user-2" } }],
	["expired", "token_expired", { now: NOW + 1000 }],
	["not-before", "token_not_yet_valid", { payload: (text) => `${text.slice(0, -1)},"nbf":${NOW + 5000}}` }],
	["age", "token_too_old", { policy: { maxTokenAge: 1 } }],
];
const HEADER = '{"alg":"ES256","typ":"JWT","kid":"es256"}';
const combine = (...faults) => {
	const apply = (which, text) => faults.reduce((value, fault) => (fault[which] ? fault[which](value) : value), text);
	return {
		header: faults.some(({ header }) => header) ? apply("header", HEADER) : undefined,
		payload: faults.some(({ payload }) => payload) ? apply("payload", claimsText({})) : undefined,
		policy: Object.assign({}, ...faults.map(({ policy }) => policy)),
		keys: faults.find(({ keys }) => keys)?.keys,
		signature: faults.find(({ signature }) => signature)?.signature,
		after: faults.find(({ after }) => after)?.after,
		now: faults.find(({ now }) => now)?.now,
	};
};
// Text before octets: a fault that makes octets of a part has to come last.
const octets = (name) => name.endsWith("-utf8");
const clash = (first, second) =>
	["after", "signature", "keys", "now"].some((which) => first[which] && second[which]) ||
	Object.keys(first.policy ?? {}).some((name) => second.policy && name in second.policy);
for (const [i, [name, code, fault]] of FAULTS.entries()) {
	refuse(`alone/${name}`, code, RFC, combine(fault));
	for (const [laterName, , later] of FAULTS.slice(i + 1)) {
		if (clash(fault, later)) continue;
		// Two changes of the same member cannot both stand.
		if (name.startsWith("header-alg") && laterName === "alg-none") continue;
		if (name === "header-kid-type" && laterName === "kid") continue;
		const pair = octets(name) ? [later, fault] : [fault, later];
		refuse(`${name}/before-${laterName}`, code, RFC, combine(...pair));
	}
}
refuse("everything-wrong", "token_malformed", RFC, {
	token: `${base64url('{"alg":"none","alg":1')}=.${base64url("[")}`,
});
refuse("alg-unknown-before-key", "alg_unsupported", RFC, { header: { alg: "XX256", kid: "unknown" } });
refuse("alg-none-before-missing-signature", "alg_none", RFC, { header: { alg: "none" }, signature: "" });
refuse("missing-signature-before-claims", "signature_missing", RFC, { payload: "[]", signature: "" });
refuse("key-before-missing-signature", "key_not_found", RFC, { header: { kid: "unknown" }, signature: "" });
refuse("issuer-before-audience-before-expiry", "issuer_mismatch", "RFC 7519 §4.1", {
	payload: { iss: "x", aud: "y", sub: "z", exp: 1 },
	policy: { subject: "user-1" },
});
refuse("weak-key-before-token", "key_weak", "RFC 7518 §3.3", {
	key: "rsa1024",
	header: { alg: "none" },
	signature: "",
});
refuse("bad-key-before-token", "key_invalid", "RFC 7517 §4", { token: "not a token", keys: { kty: "EC" } });
refuse("private-key-before-token", "key_private", "RFC 7517 §9.2", { token: "", keys: jwk("es256", { d: "AA" }) });
refuse("empty-set-is-no-fault-of-the-keys", "token_malformed", RFC, { token: "", keys: set() });
