import assert from "node:assert/strict";
import { test } from "node:test";
import { inRoot, json, run } from "../helpers.mjs";
import { starter } from "../starter.mjs";

// On a server, then taken over by a browser in StrictMode: out to the authorization server, back, and signed out.
const main = `
import { JSDOM } from "jsdom";
import { createElement as h, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { createLogin } from "countersign/login";
import { LoginProvider, useLogin } from "countersign/react";
import { createTestIssuer } from "countersign/testing";

const kit = await createTestIssuer();
const redirectUri = "https://shop.example.com/callback";
const left = [];
const make = () =>
	createLogin({
		issuer: kit.issuer, clientId: "shop", redirectUri, fetch: kit.fetch, now: kit.now,
		navigate: (url) => left.push(url),
	});
const told = [];
function Page() {
	const { status, session, error } = useLogin();
	const text = [status, session?.claims.sub ?? "nobody", error?.code ?? "fine"].join(" ");
	if (told.at(-1) !== text) told.push(text);
	return h("p", null, text);
}
const page = (login, onFinished) => h(StrictMode, null, h(LoginProvider, { login, onFinished }, h(Page)));
const html = renderToString(page(make()));
let missing;
try { renderToString(h(Page)); } catch (error) { missing = error.message; }

const dom = new JSDOM('<div id="app">' + html + "</div>", { url: "https://shop.example.com/cart", pretendToBeVisual: true });
globalThis.window = dom.window;
globalThis.document = dom.window.document;
globalThis.navigator ??= dom.window.navigator;
const { hydrateRoot } = await import("react-dom/client");
const faults = [];
console.error = (...parts) => faults.push(parts.join(" "));
const app = document.getElementById("app");
const until = async (text) => {
	for (let times = 0; times < 500 && app.textContent !== text; times++) await new Promise((done) => setTimeout(done, 5));
	if (app.textContent !== text) throw new Error("not " + text + ": " + app.textContent + "; " + faults.join());
};
const show = (login, onFinished) =>
	hydrateRoot(app, page(login, onFinished), { onRecoverableError: (error) => faults.push(String(error)) });

told.length = 0;
const first = show(make());
await until("signed-out nobody fine");
const began = make();
await began.start({ returnTo: "https://shop.example.com/orders" });
first.unmount();

const back = (await kit.fetch(left[0], { redirect: "manual" })).headers.get("location");
dom.reconfigure({ url: back });
app.innerHTML = html;
told.length = 0;
const finished = [];
const login = make();
const root = show(login, ({ returnTo }) => finished.push(returnTo));
await until("signed-in user-1 fine");
const whileIn = [...told];
await login.logout({ global: false });
await until("signed-out nobody fine");
root.unmount();

// The same answer again: it fails, and the page lives.
dom.reconfigure({ url: back });
app.innerHTML = html;
show(make());
await until("signed-out nobody state_missing");
console.log(JSON.stringify({ html, missing, whileIn, finished, faults }));
process.exit();
`;

test("React: rendered on a server, taken over in StrictMode, signed in and out", async (t) => {
	const folder = await starter(t, "react", { "main.mjs": main });
	assert.deepEqual(await json(folder, "main.mjs"), {
		html: "<p>pending nobody fine</p>",
		missing: "useLogin: there is no LoginProvider around this component",
		whileIn: ["pending nobody fine", "signed-in user-1 fine"],
		finished: ["https://shop.example.com/orders"],
		faults: [],
	});
});

const typed = `
import { createElement, type ReactNode } from "react";
import { createLogin, type Login, type LoginSnapshot } from "countersign/login";
import { LoginProvider, type UsedLogin, useLogin } from "countersign/react";

const login: Login = createLogin({ issuer: "https://a.example", clientId: "shop", redirectUri: "https://b.example/" });
export function Who(): ReactNode {
	const { status, session, error }: UsedLogin = useLogin();
	const name: string | undefined = session?.claims.sub;
	return <p title={status}>{name ?? String(error)}</p>;
}
export const page = <LoginProvider login={login} onFinished={({ returnTo }) => location.assign(returnTo)}><Who /></LoginProvider>;
export const other = createElement(LoginProvider, { login }, page);
export const snapshot: LoginSnapshot = login.getSnapshot();
// @ts-expect-error: a login is needed
export const wrong = <LoginProvider />;
`;

test("React: its types fit React's own", async (t) => {
	const compilerOptions = {
		...{ module: "esnext", moduleResolution: "bundler", target: "es2022", lib: ["es2023", "dom"], jsx: "react-jsx" },
		...{ strict: true, noEmit: true, types: [] },
	};
	const tsconfig = JSON.stringify({ compilerOptions, include: ["page.tsx"] });
	const folder = await starter(t, "react", { "page.tsx": typed, "tsconfig.json": tsconfig });
	await run(process.execPath, [inRoot("node_modules", "typescript", "bin", "tsc"), "-p", folder], { cwd: folder });
});
