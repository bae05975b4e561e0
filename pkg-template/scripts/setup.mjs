#!/usr/bin/env node
// Makes a machine that has rustup and Node.js ready to build and test. Needs nothing but those two.

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, lstatSync, rmSync, statSync } from "node:fs";
import { arch, platform } from "node:os";
import { delimiter, join } from "node:path";
import { BuildError, isMain, main, run, step } from "./cli.mjs";
import { inRoot, root } from "./paths.mjs";

const HELP = `
npm run setup

Makes this machine ready, step by step; what is there already is left alone:
  node_modules            npm ci, if absent or older than package-lock.json
  Rust                    targets wasm32-unknown-unknown and thumbv7em-none-eabi, clippy, rustfmt
  nightly Rust            for the fuzz targets, in its smallest form
  browsers                Chromium or Chrome for the browser tests; Firefox and WebKitGTK for the runtimes suite,
                          where apt-get can install them
  Python                  3.10 or newer with venv, for servers that the browser tests log in at

Needed beforehand: rustup (https://rustup.rs) and Node.js 20 or newer.
CHROMIUM=/path/to/chromium   uses that browser.
`;

const TARGETS = ["wasm32-unknown-unknown", "thumbv7em-none-eabi"];
const COMPONENTS = ["clippy", "rustfmt"];

/** Everything. `browser: false` leaves out what only the tests need, for those who only build. */
export async function setup({ browser = true } = {}) {
	requireNode();
	await step("node_modules", installPackages);
	await step("Rust", installRust);
	if (!browser) return;
	await step("nightly Rust", async () => nightlyRust() ?? (await installNightly()));
	await step("more browsers", installMoreBrowsers);
	await step("browser", async () => chromiumPath() ?? (await installBrowser()));
	await step("Python", installPython);
}

function requireNode() {
	const [major] = process.versions.node.split(".").map(Number);
	if (major < 20) throw new BuildError(`Node.js ${process.versions.node} is too old`, "install Node.js 20 or newer");
}

async function installPackages() {
	const lock = inRoot("package-lock.json");
	const installed = inRoot("node_modules", ".package-lock.json");
	if (!existsSync(lock))
		throw new BuildError("package-lock.json is missing", "restore it: git checkout package-lock.json");
	if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return keepOwnNode("up to date");
	// A link leads to the packages of another checkout, which are not this one's to replace.
	if (existsSync(inRoot("node_modules")) && lstatSync(inRoot("node_modules")).isSymbolicLink())
		return "a link, left as it is";
	// Their install scripts only fetch what optional dependencies already bring.
	await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
		cwd: root,
		remedy: "check that the npm registry can be reached, then run npm run setup again",
	});
	return keepOwnNode("installed");
}

/** The Node.js packages bring a command node, which npm would run in place of the user's own. */
function keepOwnNode(outcome) {
	for (const name of ["node", "node.cmd", "node.ps1"]) rmSync(inRoot("node_modules", ".bin", name), { force: true });
	return outcome;
}

/** Runs npm, wherever this Node.js keeps it. */
export function npm(args, options) {
	const cli = process.env.npm_execpath;
	if (cli?.endsWith(".js")) return run(process.execPath, [cli, ...args], options);
	return run(platform() === "win32" ? "npm.cmd" : "npm", args, { shell: platform() === "win32", ...options });
}

async function installRust() {
	const remedy = "install rustup from https://rustup.rs, open a new shell, then run npm run setup again";
	const missing = (wanted, listed) => wanted.filter((name) => !new RegExp(`^${name}`, "m").test(listed));
	const options = { cwd: root, remedy };
	const targets = missing(TARGETS, await run("rustup", ["target", "list", "--installed"], options));
	const components = missing(COMPONENTS, await run("rustup", ["component", "list", "--installed"], options));
	const online = { cwd: root, remedy: "check that static.rust-lang.org can be reached, then run npm run setup again" };
	if (targets.length > 0) await run("rustup", ["target", "add", ...targets], online);
	if (components.length > 0) await run("rustup", ["component", "add", ...components], online);
	const added = [...targets, ...components];
	return added.length > 0 ? `added ${added.join(", ")}` : "up to date";
}

/** The nightly toolchain of this machine; undefined if there is none. */
export function nightlyRust() {
	const { stdout } = spawnSync("rustup", ["toolchain", "list"], { encoding: "utf8" });
	return stdout?.match(/^nightly\S*/gm)?.sort((a, b) => a.length - b.length)[0];
}

async function installNightly() {
	await run("rustup", ["toolchain", "install", "nightly", "--profile", "minimal", "--no-self-update"], {
		remedy: "check that static.rust-lang.org can be reached, then run npm run setup again",
	});
	return `installed ${nightlyRust()}`;
}

/** A Node.js of at least version 22, which oidc-provider and miniflare want: this one, or one from npm. */
export function modernNode() {
	if (Number(process.versions.node.split(".")[0]) >= 22) return process.execPath;
	return nodeFromNpm("") ?? fail("No Node.js of version 22 or newer was found");
}

/** The newest Node.js that the tests know; undefined where npm has none for this machine. */
export function newestNode() {
	return nodeFromNpm("newest-");
}

function nodeFromNpm(prefix) {
	const name = { "darwin-arm64": "bin-darwin-arm64", "win32-x64": "win-x64" }[`${platform()}-${arch()}`];
	const folder = inRoot("node_modules", `${prefix}node-${name ?? `${platform()}-${arch()}`}`);
	return [join(folder, "bin", "node"), join(folder, "bin", "node.exe"), join(folder, "node.exe")].find(existsSync);
}

function fail(what) {
	throw new BuildError(what, "install Node.js 22 or newer, or run npm run setup to get one into node_modules");
}

/** A Chromium or Chrome on this machine; undefined if there is none. */
export function chromiumPath() {
	if (process.env.CHROMIUM) return process.env.CHROMIUM;
	const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
	const usual = {
		darwin: ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
		win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"]]
			.filter(Boolean)
			.map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe")),
	};
	return names.map(inPath).find(Boolean) ?? (usual[platform()] ?? []).find(existsSync) ?? downloadedChromium();
}

/** A program's place in PATH. */
export function inPath(name) {
	const places = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
	return places.find((place) => {
		try {
			accessSync(place, constants.X_OK);
			return statSync(place).isFile();
		} catch {
			return false;
		}
	});
}

function downloadedChromium() {
	const cli = inRoot("node_modules", "playwright-core", "index.js");
	if (!existsSync(cli)) return undefined;
	const ask = `console.log(require(${JSON.stringify(cli)}).chromium.executablePath())`;
	const place = spawnSync(process.execPath, ["-e", ask], { encoding: "utf8" }).stdout?.trim();
	return place && existsSync(place) ? place : undefined;
}

/** Firefox's command on this machine; undefined if there is none. */
export function firefoxPath() {
	return inPath("firefox") ?? inPath("firefox-esr");
}

/** The WebDriver of WebKitGTK; undefined if there is none. */
export function webkitDriverPath() {
	return (
		inPath("WebKitWebDriver") ??
		["/usr/libexec/WebKitWebDriver", "/usr/lib/webkit2gtk-4.1/WebKitWebDriver"].find(existsSync)
	);
}

/** Whether windows can be shown, if only to nobody. */
export function hasDisplay() {
	return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY || (inPath("xvfb-run") && inPath("xauth")));
}

/** What the runtimes suite can do without, but should not. Only Debian and its kin have all of it as packages. */
async function installMoreBrowsers() {
	const missing = [
		...(firefoxPath() ? [] : ["firefox-esr"]),
		...(webkitDriverPath() ? [] : ["webkit2gtk-driver"]),
		...(hasDisplay() || platform() !== "linux" ? [] : ["xvfb", "xauth"]),
	];
	if (missing.length === 0) return "up to date";
	const command = `sudo apt-get install -y ${missing.join(" ")}`;
	const install = aptGet();
	if (!install)
		return platform() === "linux" ? `not installed; to run them too: ${command}` : "Linux only, not run here";
	try {
		await install(missing);
		return `installed ${missing.join(", ")}`;
	} catch {
		return `could not be installed; to run them too: ${command}`;
	}
}

/** How to install packages of the system, if that is possible without asking. */
function aptGet() {
	if (!inPath("apt-get")) return undefined;
	const isRoot = process.getuid?.() === 0;
	if (!isRoot && !(inPath("sudo") && spawnSync("sudo", ["-n", "true"]).status === 0)) return undefined;
	const apt = (...args) =>
		run(isRoot ? "apt-get" : "sudo", isRoot ? args : ["-n", "apt-get", ...args], {
			env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
		});
	return async (packages) => {
		await apt("update");
		await apt("install", "-y", "--no-install-recommends", ...packages);
	};
}

/** A Python of 3.10 or newer that can make environments; undefined if there is none. */
function pythonPath() {
	const asks = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";
	return ["python3", "python"].map(inPath).find((place) => place && spawnSync(place, ["-c", asks]).status === 0);
}

/** The same, which has to be there. */
export function requirePython() {
	const remedy = `install it (Debian and its kin: sudo apt-get install -y ${PYTHON.join(" ")})`;
	const found = pythonPath();
	if (!found) throw new BuildError("No Python 3.10 or newer with its module venv was found", remedy);
	return found;
}

const PYTHON = ["python3", "python3-venv"];

async function installPython() {
	if (pythonPath()) return "up to date";
	// What is missing is said by the tests that need it.
	await aptGet()?.(PYTHON).catch(() => {});
	return pythonPath() ?? `not installed; to run all tests: sudo apt-get install -y ${PYTHON.join(" ")}`;
}

async function installBrowser() {
	const attempts = [];
	const install = aptGet();
	if (install) attempts.push(() => install(["chromium"]));
	attempts.push(() =>
		run(process.execPath, [inRoot("node_modules", "playwright-core", "cli.js"), "install", "--only-shell", "chromium"]),
	);
	const failures = [];
	for (const attempt of attempts) {
		try {
			await attempt();
			const found = chromiumPath();
			if (found) return found;
		} catch (error) {
			failures.push(error.message.split("\n").slice(-3).join("\n"));
		}
	}
	throw new BuildError(
		`No Chromium or Chrome, and none could be installed:\n${failures.join("\n")}`,
		"install Chromium or Chrome by hand, or set CHROMIUM to its path, then run npm run setup again",
	);
}

if (isMain(import.meta)) await main(HELP, () => setup());
