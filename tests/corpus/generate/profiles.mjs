// The kinds of token, and what their files share.
import { suite } from "./corpus.mjs";
import { AUDIENCE, ISSUER, NOW } from "./token.mjs";

export const CLIENT = "shop-web";
export const EVENT = "http://schemas.openid.net/event/backchannel-logout";

export const ACCESS = {
	iss: ISSUER,
	sub: "user-1",
	aud: AUDIENCE,
	exp: NOW + 300,
	iat: NOW - 10,
	jti: "at-1",
	client_id: CLIENT,
};
export const ID = { iss: ISSUER, sub: "user-1", aud: CLIENT, exp: NOW + 300, iat: NOW - 10 };
export const LOGOUT = {
	iss: ISSUER,
	sub: "user-1",
	aud: CLIENT,
	exp: NOW + 120,
	iat: NOW - 10,
	jti: "lt-1",
	events: { [EVENT]: {} },
};

/** One kind: its claims, header and policy, each case changing some of them. */
export const kind = (file, profile, claims, header) => {
	const { accept, refuse } = suite(file);
	const audience = profile === "access-token" ? AUDIENCE : CLIENT;
	const parts = ({ payload, header: changed, policy, ...more } = {}) => ({
		claims,
		payload,
		header: { ...header, ...changed },
		policy: { issuer: ISSUER, audience, profile, ...policy },
		...more,
	});
	return {
		accept: (name, rfc, given) => accept(name, rfc, parts(given)),
		refuse: (name, code, rfc, given) => refuse(name, code, rfc, parts(given)),
	};
};
export const TYPES = {
	null: null,
	true: true,
	number: 1,
	string: "text",
	"empty-string": "",
	array: ["text"],
	"empty-array": [],
	object: { a: 1 },
};
