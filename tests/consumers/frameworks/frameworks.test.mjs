// The blocks of docs/frameworks-login.md, each compiled by its framework's own compiler and played in a page: nobody is
// known, somebody logs in and out, and a component that has gone listens no longer.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inRoot, run } from "../helpers.mjs";
import { starter } from "../starter.mjs";

const login = `
import { createLogin } from "countersign/login";
import { createTestIssuer } from "countersign/testing";
export const kit = await createTestIssuer();
export const left = [];
const made = createLogin({
	issuer: kit.issuer, clientId: "shop", redirectUri: "https://shop.example.com/callback", fetch: kit.fetch, now: kit.now,
	navigate: (url) => left.push(url),
});
let listeners = 0;
export const count = () => listeners;
export const login = {
	...made,
	subscribe(listener) {
		listeners += 1;
		const stop = made.subscribe(listener);
		return () => { listeners -= 1; stop(); };
	},
};
`;

const story = `
import { JSDOM } from "jsdom";
const dom = new JSDOM('<div id="app"></div>', { url: "https://shop.example.com/", pretendToBeVisual: true });
for (const name of ["window", "document", "Node", "Text", "Comment", "Element", "HTMLElement", "SVGElement", "Event",
	"CustomEvent", "MouseEvent", "MutationObserver", "HTMLMediaElement", "requestAnimationFrame"]) globalThis[name] = dom.window[name];
globalThis.window = dom.window;
globalThis.navigator ??= dom.window.navigator;
const { count, kit, left, login } = await import("./login.js");
const app = document.getElementById("app");
const shown = [];
const until = async (text) => {
	for (let times = 0; times < 1000 && app.textContent.trim() !== text; times++) await new Promise((done) => setTimeout(done, 5));
	if (app.textContent.trim() !== text) throw new Error("not " + text + ": " + app.innerHTML);
	shown.push(text);
};
const mount = (await import("./mount-" + process.argv[2] + ".js")).default;
const unmount = await mount(app);
await until("");
await login.restore();
await until("Log in");
app.querySelector("button").dispatchEvent(new dom.window.MouseEvent("click", { bubbles: true }));
while (!left.length) await new Promise((done) => setTimeout(done, 5));
await login.finish((await kit.fetch(left[0], { redirect: "manual" })).headers.get("location"));
await until("user-1");
await login.logout({ global: false });
await until("Log in");
const whileMounted = count();
await unmount();
console.log(JSON.stringify({ shown, whileMounted, after: count() }));
process.exit();
`;

/** How each is compiled to user.js, and mounted; the latter gives how that ends. */
const FRAMEWORKS = {
	Vue: {
		compile: `
			import { compileScript, parse } from "vue/compiler-sfc";
			const { descriptor } = parse(source);
			const code = compileScript(descriptor, { id: "user", inlineTemplate: true }).content;`,
		mount: `
			import { createApp } from "vue";
			import User from "./user.js";
			export default (app) => { const made = createApp(User); made.mount(app); return () => made.unmount(); };`,
	},
	Svelte: {
		compile: `
			import { compile } from "svelte/compiler";
			const code = compile(source, { generate: "client" }).js.code;`,
		mount: `
			import { flushSync, mount, unmount } from "svelte";
			import User from "./user.js";
			export default (target) => {
				const made = mount(User, { target });
				flushSync();
				return async () => { await unmount(made); await new Promise((done) => setTimeout(done, 20)); };
			};`,
	},
	Solid: {
		compile: `
			import { transformAsync } from "@babel/core";
			const code = (await transformAsync(source, { presets: ["babel-preset-solid"], configFile: false })).code;`,
		mount: `
			import { createComponent } from "solid-js";
			import { render } from "solid-js/web";
			import { User } from "./user.js";
			export default (app) => render(() => createComponent(User, {}), app);`,
	},
	Angular: {
		compile: `
			import { transform } from "esbuild";
			const compilerOptions = { experimentalDecorators: true, useDefineForClassFields: false };
			const code = (await transform(source, { loader: "ts", tsconfigRaw: { compilerOptions } })).code;`,
		mount: `
			import "@angular/compiler";
			import { createApplication } from "@angular/platform-browser";
			import { createComponent } from "@angular/core";
			import { User } from "./user.js";
			export default async (app) => {
				const made = await createApplication();
				made.bootstrap(User, app);
				return () => made.destroy();
			};`,
	},
};

test("the login in frameworks", async (t) => {
	const text = await readFile(inRoot("docs", "frameworks-login.md"), "utf8");
	const folder = await starter(t, "frameworks", { "login.js": login, "story.mjs": story });
	for (const [name, { compile, mount }] of Object.entries(FRAMEWORKS)) {
		await t.test(name, async () => {
			const source = new RegExp(`^## ${name}\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text)?.[1];
			assert.ok(source, `docs/frameworks-login.md has no block for ${name}`);
			const compiler = `import { writeFile } from "node:fs/promises";
				const source = ${JSON.stringify(source)};
				${compile}
				await writeFile("user-${name}.js", code);`;
			await writeFile(join(folder, "compile.mjs"), compiler);
			await writeFile(join(folder, `mount-${name}.js`), mount.replace("./user.js", `./user-${name}.js`));
			await run(process.execPath, ["compile.mjs"], { cwd: folder });
			// Their builds for browsers, not those for servers.
			const told = await run(process.execPath, ["--conditions=browser", "story.mjs", name], { cwd: folder });
			const shown = ["", "Log in", "user-1", "Log in"];
			assert.deepEqual(JSON.parse(told.trim().split("\n").at(-1)), { shown, whileMounted: 1, after: 0 });
		});
	}
});
