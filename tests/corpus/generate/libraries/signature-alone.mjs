// For libraries that judge signatures and nothing else: cases that a valid signature passes on to a
// later check must have one, and cases of an invalid one must not.
import { headerOf, isToken, tokenText } from "./material.mjs";

const AFTER_THE_SIGNATURE = new Set(
	`accept claims_invalid claim_missing claim_invalid claim_forbidden token_expired token_not_yet_valid
  token_issued_in_future token_too_old issuer_mismatch audience_mismatch subject_mismatch
  authorized_party_mismatch nonce_mismatch at_hash_mismatch c_hash_mismatch auth_time_too_old acr_mismatch
  dpop_method_mismatch dpop_url_mismatch dpop_expired dpop_nonce_mismatch dpop_replayed dpop_token_mismatch
  dpop_key_mismatch insufficient_scope`.split(/\s+/),
);

export const signatureAlone = ({ known, holds }) => ({
	skips: (entry) => {
		if (!isToken(entry) && entry.kind !== "signature" && entry.kind !== "dpop") return "no signature";
		if (!AFTER_THE_SIGNATURE.has(entry.expect) && entry.expect !== "signature_invalid")
			return "refused before the signature is looked at, or perhaps before";
		return known(headerOf(entry).alg) ? undefined : "another algorithm";
	},
	expected: (entry) => AFTER_THE_SIGNATURE.has(entry.expect),
	accepts: (entry) => {
		const token = tokenText(entry);
		const dot = token.lastIndexOf(".");
		return holds(entry, Buffer.from(token.slice(0, dot)), Buffer.from(token.slice(dot + 1), "base64url"));
	},
});
