// The pages a user meets here. Plain HTML, no script needed; every value is escaped by `html`.

class Html {
	constructor(text) {
		this.text = text;
	}
	toString() {
		return this.text;
	}
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function fragment(value) {
	if (value instanceof Html) return value.text;
	if (Array.isArray(value)) return value.map(fragment).join("");
	if (value === undefined || value === null || value === false) return "";
	return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

function html(strings, ...values) {
	return new Html(strings.reduce((text, part, i) => text + fragment(values[i - 1]) + part));
}

const trusted = (text) => new Html(text);

function page(title, body, { script } = {}) {
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Countersign Accounts</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
${script && html`<script src="${script}" defer></script>`}
</head>
<body>
<main>
<p class="mark"><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M4 4h16v7c0 5-3.4 8.2-8 9.6C7.4 19.2 4 16 4 11z"/><path d="m8.2 11.6 2.7 2.7 5-5.3"/></svg>Countersign Accounts</p>
${body}
</main>
</body>
</html>
`.toString();
}

/** What a scope means to the person who is asked for it. */
const SCOPES = {
	openid: {
		short: null,
		title: "Recognise you",
		text: () => "An identifier of your account, so that the shop knows you again.",
	},
	profile: { short: "see your name", title: "See your name", text: (account) => account?.name },
	email: { short: "see your email address", title: "See your email address", text: (account) => account?.email },
	"purchases:read": {
		short: "read your purchase history",
		title: "Read your purchase history",
		text: () => "Orders, dates, items and totals. It cannot buy, change or delete anything.",
	},
};

function sentence(parts) {
	return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

const hostOf = (uri) => new URL(uri).host;

export function loginPage({ uid, client, params, email = "", problem }) {
	const asks = params.scope
		.split(" ")
		.map((scope) => SCOPES[scope]?.short)
		.filter(Boolean);
	return page(
		"Sign in",
		html`<h1>Sign in</h1>
<p class="lead">to continue to <strong>${client.clientName}</strong> <span class="host">${hostOf(params.redirect_uri)}</span></p>
${problem && html`<p class="problem" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/interaction/${uid}/login">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="200" spellcheck="false" value="${email}"${!email && trusted(" autofocus")}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"${email && trusted(" autofocus")}${problem && trusted(' aria-describedby="problem" aria-invalid="true"')}>
<button class="primary" type="submit">Sign in</button>
</form>
<form method="post" action="/interaction/${uid}/abort"><button class="quiet" type="submit">Back to the shop</button></form>
${asks.length > 0 && html`<p class="foot">Next, ${client.clientName} asks to ${sentence(asks)}. You decide then. It never sees your password.</p>`}`,
	);
}

export function confirmPage({ uid, client, account, problem }) {
	return page(
		"Confirm it is you",
		html`<h1>Confirm it is you</h1>
<p class="lead"><strong>${client.clientName}</strong> wants to show you something that only you should see. Enter the PIN of your account.</p>
${problem && html`<p class="problem" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/interaction/${uid}/confirm">
<label for="pin">PIN</label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="one-time-code" required maxlength="12" autofocus${problem && trusted(' aria-describedby="problem" aria-invalid="true"')}>
<button class="primary" type="submit">Confirm</button>
</form>
<form method="post" action="/interaction/${uid}/abort"><button class="quiet" type="submit">Back to the shop</button></form>
<p class="foot">Signed in as ${account.name}, ${account.email}. The shop never sees your PIN.</p>`,
	);
}

export function consentPage({ uid, client, params, account, scopes, resource }) {
	return page(
		`Allow ${client.clientName}?`,
		html`<h1>Allow ${client.clientName}?</h1>
<p class="lead"><strong>${client.clientName}</strong> <span class="host">${hostOf(params.redirect_uri)}</span> asks to:</p>
<ul class="asks">
${scopes.map((scope) => {
	const { title, text } = SCOPES[scope] ?? { title: scope, text: () => "A permission this server has no words for." };
	return html`<li><strong>${title}</strong><span>${text(account)}</span>${scope.includes(":") && resource && html`<span>At <code>${resource}</code></span>`}</li>`;
})}
</ul>
<div class="choice">
<form method="post" action="/interaction/${uid}/abort"><button class="secondary" type="submit">Deny</button></form>
<form method="post" action="/interaction/${uid}/confirm"><button class="primary" type="submit">Allow</button></form>
</div>
<p class="foot">Signed in as ${account.name}, ${account.email}. Either way you return to <code>${params.redirect_uri}</code>.</p>`,
	);
}

export function signOutPage({ form, client, storefront }) {
	const known = Boolean(client); // an ID token hint proved who asks: no second question
	return page(
		"Sign out",
		html`<h1>${known ? "Signing you out" : "Sign out?"}</h1>
<p class="lead">${known ? `${client.clientName} asked to end your session here too.` : "This ends your session with Countersign Accounts."}</p>
${trusted(form)}
<button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes" id="sign-out"${known && trusted(" data-auto")}>Sign out</button>
<p class="foot"><a href="${storefront}/">Back to the shop</a></p>`,
		{ script: known && "/sign-out.js" },
	);
}

export function signedOutPage({ storefront }) {
	return page(
		"Signed out",
		html`<h1>You are signed out</h1>
<p class="lead">Your session here has ended.</p>
<p><a class="primary" href="${storefront}/">Back to the shop</a></p>`,
	);
}

export function errorPage({ code, text, expired, storefront }) {
	return page(
		expired ? "This page has expired" : "This request cannot go on",
		html`<h1>${expired ? "This page has expired" : "This request cannot go on"}</h1>
<p class="lead">${
			expired
				? "This sign-in was already finished, or it waited too long. Nothing is lost: start again from the shop."
				: "The OAuth server refused the request it was sent."
		}</p>
${!expired && code && html`<p class="problem"><code>${code}</code>${text && html` ${text}`}</p>`}
<p><a class="primary" href="${storefront}/">Back to the shop</a></p>`,
	);
}

export function homePage({ issuer, storefront }) {
	return page(
		"Home",
		html`<h1>OAuth server</h1>
<p class="lead">Signs users of the shop in, and issues the tokens of the demo. Issuer <code>${issuer}</code>.</p>
<p><a class="primary" href="${storefront}/">Go to the shop</a></p>`,
	);
}
