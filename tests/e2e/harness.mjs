// What the browser tests share: the demo started on ports of its own, Chromium, sign-in, and the database
// read behind the API's back.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { chromium, request } from "playwright-core";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { isFree, listAccounts, startStack } from "../../www/stack.mjs";
import { launchOptions } from "../chromium.mjs";

export const accounts = await listAccounts();
export const [amara, jonas, mei] = accounts;
export const SCOPE = "openid profile email purchases:read";

/** Whether a storefront's port and the two above it are free. */
export const areFree = async (port) => (await Promise.all([0, 1, 2].map((up) => isFree(port + up)))).every(Boolean);

/** A port with two free ones above it; below those that systems give to whoever asks for any. */
export async function freePorts() {
	let port = 20_000 + (process.pid % 1_200) * 10;
	while (!(await areFree(port))) port += 3;
	return port;
}

/** The three parts; the OAuth server signs with a key that the test knows. */
export async function startShop() {
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	const kid = "test-key";
	const key = { ...(await exportJWK(privateKey)), kid, alg: "ES256", use: "sig" };
	const stack = await startStack({
		node: modernNode(),
		port: await freePorts(),
		env: { OAUTH_SERVER_KEY: JSON.stringify(key) },
		say: process.env.DEBUG ? console.error : () => {},
	});
	/** Signs as the OAuth server would. */
	const sign = (claims, { typ = "JWT", key = privateKey } = {}) =>
		new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid, typ }).sign(key);
	return { ...stack, sign, publicJwk: { ...key, d: undefined } };
}

export const startBrowser = () => chromium.launch(launchOptions());

/** Its pages are left first: Chromium never answers, now and then, while one of them is on its way to another site. */
export async function closeContext(context) {
	await Promise.all(context.pages().map((page) => page.goto("about:blank", { timeout: 5_000 }).catch(() => {})));
	await context.close();
}

/** Visits with a browser of one's own: `work` gets a page and its context. The page must have nothing to complain about. */
export const visiting =
	(browser) =>
	async (work, options = {}) => {
		const context = await browser.newContext(options);
		context.setDefaultTimeout(20_000);
		const page = await context.newPage();
		const problems = [];
		page.on("pageerror", (error) => problems.push(String(error)));
		page.on("console", (message) => {
			if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
		});
		try {
			await work(page, context);
		} finally {
			await closeContext(context);
		}
		assert.deepEqual(problems, []);
	};

export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** From the shop to the login page, and through it; stops at the consent page, or at the shop if none is needed. */
export async function signIn(page, shop, { email, password }) {
	await page.goto(shop.storefront);
	await button(page, "My purchases").click();
	await page.getByLabel("Email", { exact: true }).fill(email);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await button(page, "Sign in").click();
}

/** The whole way to the table, all pages read. */
export async function logIn(page, shop, account) {
	await signIn(page, shop, account);
	await button(page, "Allow").click();
	await untilRead(page);
}

export const untilRead = (page) => page.getByText(/^\d+ orders?, read in/).waitFor();

/** What the table says, row by row. */
export async function tableRows(page) {
	const rows = await page.getByRole("table", { name: "Purchase history" }).locator("tbody tr:has(th)").all();
	return Promise.all(
		rows.map(async (row) => {
			const [orderNumber, date, items, status, total] = await row.locator("th, td").all();
			return {
				orderNumber: await orderNumber.textContent(),
				orderedAt: await date.locator("time").getAttribute("datetime"),
				items: await items.locator("span").allTextContents(),
				status: await status.textContent(),
				total: await total.textContent(),
			};
		}),
	);
}

/** A user's rows, read from the database's file with another SQLite; in the table's words. */
export async function databaseRows(shop, { sub }) {
	const folder = fileURLToPath(
		new URL(`../../www/.data/${shop.ports.storefront}/miniflare-D1DatabaseObject/`, import.meta.url),
	);
	const file = (await readdir(folder)).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
	const script = `
		const { DatabaseSync } = require("node:sqlite");
		const db = new DatabaseSync(process.argv[1], { readOnly: true });
		const rows = db.prepare("SELECT * FROM purchases WHERE sub = ? ORDER BY ordered_at DESC").all(process.argv[2]);
		console.log(JSON.stringify(rows));`;
	const { stdout } = await promisify(execFile)(modernNode(), ["--no-warnings", "-e", script, folder + file, sub]);
	return JSON.parse(stdout).map((row) => ({
		orderNumber: row.order_number,
		orderedAt: row.ordered_at,
		items: JSON.parse(row.items).map(({ name, quantity }) => (quantity > 1 ? `${quantity} × ${name}` : name)),
		status: row.status,
		total: `€${(row.total_cents / 100).toFixed(2)}`,
	}));
}

/** The OAuth server's answer to the consent form, not followed: the address of the callback. */
export async function allowWithoutFollowing(page, shop) {
	await button(page, "Allow").waitFor();
	const uid = new URL(page.url()).pathname.split("/")[2];
	const { request: http } = page.context();
	const confirmed = await http.post(`${shop.oauthServer}/interaction/${uid}/confirm`, { maxRedirects: 0 });
	const answered = await http.get(confirmed.headers().location, { maxRedirects: 0 });
	return new URL(answered.headers().location);
}

/** A key as a client's, which makes proofs. RFC 9449 §4.2 */
export async function createProver() {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const jwk = await exportJWK(publicKey);
	const prove = async (method, url, { token, nonce } = {}) => {
		const { origin, pathname } = new URL(url);
		const ath = token && Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(token))).toString("base64url");
		return new SignJWT({ htm: method, htu: origin + pathname, jti: crypto.randomUUID(), ath, nonce })
			.setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
			.setIssuedAt()
			.sign(privateKey);
	};
	return { prove, jkt: await calculateJwkThumbprint(jwk) };
}

/** The code flow without a browser: the tokens that the server really gives for `scope`, bound to the key of `prover`. */
export async function obtainTokens(shop, { email, password }, { prover, scope = SCOPE, resource = shop.shopApi }) {
	const http = await request.newContext();
	const verifier = "v".repeat(43);
	const challenge = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(verifier))).toString("base64url");
	const redirectUri = `${shop.storefront}/callback`;
	const query = new URLSearchParams({
		client_id: "storefront",
		response_type: "code",
		redirect_uri: redirectUri,
		scope,
		...(resource && { resource }),
		code_challenge: challenge,
		code_challenge_method: "S256",
		state: "s".repeat(22),
		nonce: "n".repeat(22),
	});
	const form = { maxRedirects: 0 };
	let { location } = (await http.get(`${shop.oauthServer}/auth?${query}`, form)).headers();
	const step = async (action, data) => {
		const sent = await http.post(new URL(`${location}/${action}`, shop.oauthServer).href, {
			...form,
			form: data ?? {},
		});
		({ location } = (await http.get(sent.headers().location, form)).headers());
	};
	await step("login", { email, password });
	await step("confirm");
	const response = await http.post(`${shop.oauthServer}/token`, {
		headers: { dpop: await prover.prove("POST", `${shop.oauthServer}/token`) },
		form: {
			grant_type: "authorization_code",
			client_id: "storefront",
			code: new URL(location).searchParams.get("code"),
			redirect_uri: redirectUri,
			code_verifier: verifier,
		},
	});
	const tokens = await response.json();
	await http.dispose();
	return tokens;
}
