// The options of a login: what each has to be. What they mean is the core's.

import { optional, type Rules, readOptions, required } from "../own-options.js";
import { ownAddress } from "./browser.js";
import * as as from "./option-values.js";
import type { LoginOptions, LogoutOptions, RequestParameters, StartOptions } from "./types.js";

/** The options of `createLogin`. */
export function readLoginOptions(options: unknown): LoginOptions {
	return readOptions(options, LOGIN);
}

/** The options of `start`. */
export function readStartOptions(options: unknown = {}): StartOptions {
	return readOptions(options, START);
}

/** The options of `logout`. */
export function readLogoutOptions(options: unknown = {}): LogoutOptions {
	const given = readOptions(options, LOGOUT);
	if (given.global === false && given.extra) throw new TypeError("extra: has no effect with global: false");
	return given;
}

/** The argument of `finish`. */
export function readUrl(url: unknown): string | undefined {
	if (url !== undefined && as.url(url) === undefined) throw new TypeError("url: expected a URL");
	return url as string | undefined;
}

const SECURE = "with https unless they are on this machine";

const REQUEST: Rules<RequestParameters> = {
	maxAge: optional("seconds", as.seconds),
	acrValues: optional("a string or an array of strings", as.words),
	uiLocales: optional("a string or an array of strings", as.words),
	claims: optional("an object that JSON can hold", as.jsonObject),
};

const LOGIN: Rules<LoginOptions> = {
	issuer: required("a URL", as.url),
	clientId: required("a string", (given) => as.text(given) || undefined),
	redirectUri: required("a URL", as.url),
	postLogoutRedirectUri: optional("a URL", as.url),
	scope: optional("a string", as.text),
	resource: optional(`a URL or an array of URLs, ${SECURE}`, (given) => as.api(given) ?? as.listOf(as.api, given)),
	...REQUEST,
	parameters: optional("an object of strings", as.texts),
	metadata: optional("an object that JSON can hold", as.jsonObject),
	trustedAudiences: optional("an array of strings", (given) => as.listOf(as.text, given)),
	origins: optional(`an array of URLs, ${SECURE}`, (given) => as.listOf(as.api, given)),
	storage: optional('"memory", "session", "shared" or an object with getItem, setItem and removeItem', as.storage),
	silent: optional('"redirect", "iframe" or "never"', (given) => as.oneOf(["redirect", "iframe", "never"], given)),
	silentTimeout: optional("seconds", as.seconds),
	transactionLifetime: optional("seconds", as.seconds),
	timeout: optional("seconds", as.seconds),
	clockTolerance: optional("seconds", as.seconds),
	idleTimeout: optional("seconds", as.seconds),
	dpop: optional("true or false", as.flag),
	userinfo: optional("true or false", as.flag),
	navigate: optional("a function", as.func),
	fetch: optional("a function", as.func),
	now: optional("a function", as.func),
	onStep: optional("a function", as.func),
};

const START: Rules<StartOptions> = {
	...REQUEST,
	returnTo: optional("an address of this site", (given) =>
		as.text(given) && ownAddress(given as string) ? given : undefined,
	),
	appState: optional("a value that JSON can hold", (given) => JSON.stringify(given)),
	prompt: optional("a string", as.text),
	loginHint: optional("a string", as.text),
	extra: optional("an object of strings", as.texts),
};

const LOGOUT: Rules<LogoutOptions> = {
	global: optional("true or false", as.flag),
	extra: optional("an object of strings", as.texts),
};
