// A worker as people deploy it: countersign before a handler.
import { protect } from "countersign/edge";

export default {
	fetch: protect(
		({ SUBJECT: { issuer, audience, jwk } }) => ({ issuer, audience, keys: { keys: [jwk] } }),
		(_request, { claims }) => new Response(claims.sub),
	),
};
