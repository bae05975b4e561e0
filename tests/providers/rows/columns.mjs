// What rows have in common.

export const api = "https://api.shop.example.com";
export const client = "storefront";

/** An ID token of the same issuer, with these changes. */
export const idToken = (changes = {}) => ({ idToken: changes });

export const other = {
	audience: [{ aud: "https://other.example.com" }, "audience_mismatch", "aud"],
	/** Tokens that name the client in this claim. */
	client: (claim) => [{ [claim]: "other" }, "authorized_party_mismatch", claim],
	/** The same key signs for other tenants. */
	issuer: (iss) => [{ iss }, "issuer_mismatch", "iss"],
	scope: (claim, value) => [{ [claim]: value }, "insufficient_scope", "scope"],
};
