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
	const { document, location } = page();
	const frame = document.createElement("iframe");
	frame.hidden = true;
	frame.title = "";
	frame.setAttribute("aria-hidden", "true");
	frame.setAttribute("data-countersign", name);
	// A server's page may run there and come back, but neither leave this page nor open others.
	frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
	let listener: ((event: MessageEvent) => void) | undefined;
	try {
		return await new Promise((resolve) => {
			listener = ({ source, origin, data }) => {
				if (source !== frame.contentWindow || origin !== location.origin || data?.login !== name) return;
				if (typeof data.answer === "string") resolve(data.answer);
			};
			page().addEventListener("message", listener);
			setTimeout(resolve, seconds * 1000, undefined);
			frame.src = url;
			document.body.append(frame);
		});
	} finally {
		if (listener) page().removeEventListener("message", listener);
		frame.remove();
	}
}
