// The MCP SDK's own client, and its user, whose browser is `fetch`.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const REDIRECT = "http://localhost:1/callback";

/** What the client keeps, and where it sends its user. */
class User {
	asked = [];
	#kept = {};
	get redirectUrl() {
		return REDIRECT;
	}
	get clientMetadata() {
		return {
			client_name: "an agent",
			redirect_uris: [REDIRECT],
			grant_types: ["authorization_code"],
			response_types: ["code"],
			token_endpoint_auth_method: "none",
		};
	}
	clientInformation = () => this.#kept.client;
	saveClientInformation = (client) => {
		this.#kept.client = client;
	};
	tokens = () => this.#kept.tokens;
	saveTokens = (tokens) => {
		this.#kept.tokens = tokens;
	};
	codeVerifier = () => this.#kept.verifier;
	saveCodeVerifier = (verifier) => {
		this.#kept.verifier = verifier;
	};
	redirectToAuthorization = (url) => {
		this.asked.push(url);
	};
}

/** A client of the server at this address. `call` calls a tool; `visit` lets its user agree to what was asked last. */
export async function startClient(address) {
	const user = new User();
	let [client, transport] = [undefined, undefined];
	const begin = async () => {
		client = new Client({ name: "agent", version: "1.0.0" });
		transport = new StreamableHTTPClientTransport(new URL(address), { authProvider: user });
		await client.connect(transport);
	};
	return {
		user,
		begin,
		call: (name) => client.callTool({ name, arguments: {} }),
		async visit() {
			const code = new URL(await browse(user.asked.at(-1))).searchParams.get("code");
			await transport.finishAuth(code);
		},
		close: () => client?.close(),
	};
}

/** Follows redirects with cookies, up to the address that the client waits at. */
async function browse(url) {
	const cookies = new Map();
	let at = String(url);
	while (!at.startsWith(REDIRECT)) {
		const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const response = await fetch(at, { redirect: "manual", headers: { cookie } });
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			cookies.set(name, value);
		}
		const location = response.headers.get("location");
		if (!location) throw new Error(`${at}: ${response.status} ${await response.text()}`);
		at = new URL(location, at).href;
	}
	return at;
}
