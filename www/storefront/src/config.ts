// The server writes the addresses of this run into the page.
import { byId } from "./dom.js";

export const config: { issuer: string; shopApi: string; clientId: string; scope: string } = JSON.parse(
	byId("config").textContent ?? "",
);
