import { pageWasm } from "./wasm-watch.js"; // first: it must see the wasm compiled
import "./style.css";
import { createLogin, type Session, TokenError } from "countersign/login";
import { config } from "./config.js";
import { drawDiagram } from "./diagram.js";
import { byId } from "./dom.js";
import { explainProblem } from "./problems.js";
import { ApiRefusal, readPurchases, workerWasm } from "./purchases.js";
import { startOver } from "./record.js";
import { showBusy, showProblem, showPurchases, showWelcome, showWho } from "./shop.js";
import { recordRefusal, recordServerSteps, recordStep } from "./story.js";

const login = createLogin({
	issuer: config.issuer,
	clientId: config.clientId,
	redirectUri: `${location.origin}/callback`,
	postLogoutRedirectUri: `${location.origin}/`,
	scope: config.scope,
	resource: config.shopApi,
	onStep: recordStep,
});

const signIn = () =>
	attempt(async () => {
		showBusy("Going to the OAuth server …");
		await login.start({ returnTo: "/" });
	});

let leaving = false;

const signOut = () =>
	attempt(async () => {
		leaving = true;
		showBusy("Signing out …");
		startOver();
		await login.logout();
		// The browser is leaving for the OAuth server. A button shown now could be pressed on the way.
		await new Promise((resolve) => setTimeout(resolve, 10_000));
		leaving = false;
		welcome();
	});

const purchases = () =>
	attempt(async () => {
		startOver(5);
		const table = showPurchases(purchases);
		for await (const page of readPurchases(login)) table.add(page);
		table.finish();
	});

function welcome(note?: string): void {
	showWho(null, signOut);
	showWelcome(signIn, note);
}

function welcomeUser(session: Session): Promise<void> {
	showWho(String(session.claims.name ?? session.claims.sub), signOut);
	return purchases();
}

/** Runs one piece of the story; whatever goes wrong ends in words and a way on. */
async function attempt(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof TokenError || error instanceof ApiRefusal)) console.error(error);
		if (error instanceof TokenError && error.code === "login_required") {
			welcome("Your session has ended. Sign in to go on.");
			return;
		}
		const signedIn = login.session !== null;
		if (!signedIn) showWho(null, signOut);
		showProblem(explainProblem(error), [
			{ label: signedIn ? "Try again" : "My purchases", run: signedIn ? purchases : signIn, primary: true },
			signedIn
				? { label: "Sign in again", run: signIn }
				: { label: "Back to the shop", run: () => location.assign("/") },
		]);
	}
}

async function begin(): Promise<void> {
	if (location.pathname === "/callback") {
		showBusy("Finishing the sign-in …");
		const session = await finish(new URLSearchParams(location.search).get("state"));
		return session ? welcomeUser(session) : welcome();
	}
	showBusy("One moment …");
	const session = await login.restore();
	return session ? welcomeUser(session) : welcome();
}

async function finish(state: string | null): Promise<Session | undefined> {
	startOver(2);
	let refusal: TokenError | undefined;
	try {
		return (await login.finish())?.session;
	} catch (error) {
		if (error instanceof TokenError) refusal = error;
		throw error;
	} finally {
		if (state) await recordServerSteps(state);
		if (refusal) recordRefusal(refusal);
		// The address of a callback works once: a reload should not come back to it.
		history.replaceState(null, "", "/");
	}
}

login.onChange((session) => {
	if (session === null && !leaving) welcome("You were signed out, perhaps in another tab.");
});
byId("shop").setAttribute("aria-label", "Shop");
drawDiagram(pageWasm, workerWasm());
// A page brought back by the back button may show a state that is over.
addEventListener("pageshow", (event) => event.persisted && location.reload());
attempt(begin);
