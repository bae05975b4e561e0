// A worker as people deploy it: Hono's middleware before a handler.
import { withHono } from "../contenders/guard-hono.mjs";

let guarded;

export default {
	fetch(request, { SUBJECT }) {
		guarded ??= withHono(SUBJECT, ({ sub }) => new Response(sub));
		return guarded(request);
	},
};
