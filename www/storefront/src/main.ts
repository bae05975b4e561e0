import { pageWasm } from "./wasm-watch.js"; // first: it must see the wasm compiled
import "./style.css";
import { createLogin, type Session, TokenError } from "countersign/login";
import { config } from "./config.js";
import { drawDiagram } from "./diagram.js";
import { byId } from "./dom.js";
import { showGoods } from "./goods.js";
import { observedFetch } from "./observed-fetch.js";
import { detailsOf, type Returning, returningTo } from "./order.js";
import { showPurchases } from "./orders.js";
import { ENDED, explainProblem, NOT_ASKED, NOT_TOLD, STILL_ASKING, UNREACHABLE } from "./problems.js";
import { readPurchases, workerWasm } from "./purchases.js";
import { startOver } from "./record.js";
import { refusalsView } from "./refusals.js";
import { type Problem, showBusy, showProblem, showWelcome, showWho } from "./shop.js";
import { beginReturn, endReturn, recordEarlierSteps, recordRefusal, recordServerSteps, recordStep } from "./story.js";

const login = createLogin({
	issuer: config.issuer,
	clientId: config.clientId,
	redirectUri: `${location.origin}/callback`,
	postLogoutRedirectUri: `${location.origin}/`,
	scope: config.scope,
	resource: config.shopApi,
	storage: "shared", // one session for all tabs, which a reload takes up
	dpop: true, // its tokens are of no use to whoever steals them
	fetch: observedFetch,
	onStep: recordStep,
});

const ASKING_MS = 1_500; // then a visitor is shown the shop, whoever they may turn out to be
const LEAVING_MS = 10_000; // then the OAuth server is taken for one that does not answer

// What is shown belongs to one piece of work. Once another has begun, nothing of the earlier one is shown any more.
let work = new AbortController();

/** Does one piece of work; whatever goes wrong ends in words and a way on. */
async function attempt(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
	work.abort();
	work = new AbortController();
	const { signal } = work;
	try {
		await run(signal);
	} catch (error) {
		if (!signal.aborted) refused(explainProblem(error));
	}
}

function refused(problem: Problem): void {
	const isSignedIn = login.session !== null;
	if (!isSignedIn) showWho(null, signOut);
	showProblem(problem, [
		{ label: isSignedIn ? "Try again" : "My purchases", run: isSignedIn ? () => purchases() : signIn, primary: true },
		isSignedIn
			? { label: "Sign in again", run: signIn }
			: { label: "Back to the shop", run: () => location.assign("/") },
	]);
}

function welcome(note?: string): void {
	showWho(null, signOut);
	showWelcome(signIn, note);
}

/** Nobody is signed in: nothing of an earlier user stays, in open steps of the diagram either. */
function nobody(note?: string): void {
	startOver();
	welcome(note);
}

function welcomeUser({ claims }: Session, returning?: Returning): void {
	showWho(String(claims.name ?? claims.sub), signOut);
	purchases(returning);
}

const signIn = () =>
	attempt(async (signal) => {
		showBusy("Going to the OAuth server …");
		await login.start({ returnTo: "/" });
		await leaving(signal);
		refused(UNREACHABLE);
	});

const signOut = () =>
	attempt(async (signal) => {
		showBusy("Signing out …");
		await login.logout().then(
			() => leaving(signal),
			() => {}, // signed out here all the same
		);
		welcome(NOT_TOLD);
	});

/** The browser is on its way to the OAuth server: a button shown now could be pressed meanwhile. */
const leaving = (signal: AbortSignal) =>
	new Promise<void>((resolve, reject) => {
		setTimeout(resolve, LEAVING_MS);
		signal.addEventListener("abort", () => reject(signal.reason));
	});

const purchases = (returning?: Returning) =>
	attempt(async (signal) => {
		startOver(5, returning ? 8 : undefined);
		recordEarlierSteps();
		const table = showPurchases(
			() => purchases(),
			(number) => detailsOf(login, number, signal),
		);
		for await (const page of readPurchases(login, signal)) table.add(page);
		table.finish(refusalsView(login, signal));
		if (returning) table.open(returning.number, returning.details(signal));
	});

/** Who is there? Whatever the OAuth server does, the shop goes on: with a session or without. */
async function begin(signal: AbortSignal): Promise<void> {
	const address = new URL(location.href);
	const finishing = login.finish(); // takes an answer off the address at once
	const isAnswer = location.href !== address.href;
	showBusy(isAnswer ? "Finishing the sign-in …" : "One moment …");
	const returning = isAnswer ? await finish(finishing, address.searchParams.get("state")) : undefined;
	if (!login.session) await restore(signal);
	if (signal.aborted) return;
	if (login.session) return welcomeUser(login.session, returning);
	nobody();
}

/** Takes an answer. Resolves to the order that it was asked for, if it was; a refusal of that leaves the user signed in. */
async function finish(
	finishing: ReturnType<typeof login.finish>,
	state: string | null,
): Promise<Returning | undefined> {
	const isForOrder = beginReturn(state);
	let refusal: TokenError | undefined;
	try {
		const back = await finishing;
		return back ? returningTo(back.returnTo, back.repeat) : undefined;
	} catch (error) {
		if (error instanceof TokenError) refusal = error;
		if (isForOrder && refusal) return returningTo(refusal.returnTo ?? "/", null, refusal);
		throw error;
	} finally {
		history.replaceState(null, "", "/"); // the address of an answer works once
		if (state) await recordServerSteps(state);
		if (refusal) recordRefusal(refusal);
		endReturn();
	}
}

/** Brings back the session that this browser had. A server that is slow, or down, keeps nobody out of the shop. */
async function restore(signal: AbortSignal): Promise<void> {
	const late = setTimeout(() => signal.aborted || welcome(STILL_ASKING), ASKING_MS);
	try {
		await login.restore();
	} catch {
		if (!signal.aborted) attempt(async () => nobody(NOT_ASKED));
	} finally {
		clearTimeout(late);
	}
}

byId("shop").setAttribute("aria-label", "Your purchases");
showGoods();
drawDiagram(pageWasm, workerWasm());
// What other tabs do is seen here.
login.on("signed-out", ({ cause }) => {
	startOver();
	if (cause !== "signed-out") attempt(async () => welcome(ENDED[cause]));
});
attempt(begin).then(() => login.on("restored", ({ session }) => welcomeUser(session)));
// A page brought back by the back button may show a state that is over.
addEventListener("pageshow", (event) => event.persisted && location.reload());
