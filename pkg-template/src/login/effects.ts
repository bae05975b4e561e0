// What a session wants done beside: marks, messages to other tabs, and what the page is told.

import type { Context } from "./context.js";
import type { LoginEvent } from "./event-types.js";
import { perform } from "./flight.js";
import type { Core } from "./load-core.js";
import type { Effect, Machine } from "./machine.js";
import type { Session } from "./types.js";

/** Does it. Nobody waits for it. */
export function performEffect(context: Context, core: Core, machine: Machine, effect: Effect): void {
	const { kind } = effect;
	if (kind === "tell") context.tabs.tell(effect.message);
	else if (kind === "keep-activity") context.activity.write(effect.message);
	else if (kind === "set-mark") context.hint.put();
	else if (kind === "remove-mark") {
		context.hint.remove();
		context.dpop.forget();
	} else if (kind === "perform") perform(context, machine, effect.flight).catch(() => {});
	else if (kind === "restore") context.refresh.restore().catch(() => {});
	else if (kind === "renewal-failed") tell(context, (session) => ({ type: kind, session, error: effect.error }));
	else if (kind === "expiring") tell(context, (session) => ({ type: kind, session: session as Session }));
	else {
		show(context, core, machine);
		tell(context, (session) => changed(effect, session));
		context.userClaims.load(core, machine);
	}
}

/** Shows the session as it is now. */
export function show(context: Context, core: Core, machine: Machine): void {
	const view = machine.current;
	context.tabs.declare(view?.lineage);
	const checked = context.idTokens.claimsOf(core, view?.idToken ?? null);
	const claims = context.userClaims.beside(core, checked, view?.lineage);
	context.current.set(view ? { claims, scope: view.scope, idToken: view.idToken, expiresAt: view.expiresAt } : null);
	context.ticker?.set();
}

function tell({ events, current }: Context, eventOf: (session: Session | null) => LoginEvent): void {
	events.emit(eventOf(current.session));
}

function changed({ event, cause }: Extract<Effect, { kind: "changed" }>, session: Session | null): LoginEvent {
	if (event === "signed-out") return { type: event, session: null, cause };
	return { type: event, session: session as Session };
}
