// In a browser: runs the suite and reports to the server that served this page.

import { runSuite } from "./suite.mjs";

const report = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
try {
	const corpus = await (await fetch("/corpus.json")).json();
	await report({ version: navigator.userAgent, ...(await runSuite(corpus)) });
} catch (error) {
	await report({ error: `${error?.name}: ${error?.message}\n${error?.stack}` });
}
