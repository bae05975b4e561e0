// The tokens that people have: a row for each kind, with the recipe that takes it and the tokens that are not ours.

import { PLATFORMS } from "./rows/platforms.mjs";
import { SERVERS } from "./rows/servers.mjs";
import { SERVICES } from "./rows/services.mjs";

/**
 * `page`, `at`: the recipe. `kit`: options of its test issuer. `good`, `header`: what the token has beside the issuer's
 * default claims and header members. `carry`: the header or cookie in which it travels, besides Authorization. `checks`:
 * what `explain` has to list beyond what it lists for every token. `documents`: what else is served, by address.
 *
 * `wrong`: for each column the changes to the good token, or `idToken(changes)`, with the code and the claim of the
 * refusal; or a text, why there is no such token. `more`: further tokens that are refused.
 */
export const ROWS = [...SERVERS, ...SERVICES, ...PLATFORMS];

/** The columns of wrong tokens. */
export const WRONG = {
	client: "wrong client",
	idToken: "ID token",
	audience: "other audience",
	tenant: "other tenant",
	scope: "missing scope",
};
