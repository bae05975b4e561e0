// A frame that nobody sees, in which the server is asked. The page that it comes back to is one of this site, and hands the
// answer to the page that asked.

import { page } from "./browser.js";

/** Whether this page stands in the frame of a login of this name. */
export function isInFrame(name: string): boolean {
	try {
		return page().frameElement?.getAttribute("data-countersign") === name;
	} catch {
		return false; // A page of another site stands around this one.
	}
}

/** Hands an answer to the page around the frame. */
export function handOver(name: string, address: string): void {
	const { parent, location } = page();
	parent.postMessage({ login: name, answer: address }, location.origin);
}

/** Opens an address in a frame, and waits so many seconds for the answer that comes back. */
export async function answerInFrame(name: string, url: string, seconds: number): Promise<string | undefined> {
	const here = page();
	const frame = here.document.createElement("iframe");
	frame.hidden = true;
	frame.setAttribute("aria-hidden", "true");
	frame.setAttribute("data-countersign", name);
	// A server's page may run there and come back, but neither leave this page nor open others.
	frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
	return new Promise((resolve) => {
		const end = (answer?: string) => {
			clearTimeout(timer);
			here.removeEventListener("message", listen);
			frame.remove();
			resolve(answer);
		};
		const listen = ({ source, origin, data }: MessageEvent) => {
			if (source !== frame.contentWindow || origin !== here.location.origin || data?.login !== name) return;
			if (typeof data.answer === "string") end(data.answer);
		};
		const timer = setTimeout(end, seconds * 1000);
		here.addEventListener("message", listen);
		frame.src = url;
		here.document.body.append(frame);
	});
}
