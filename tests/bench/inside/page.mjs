// In a browser: times all contenders with one algorithm and reports to the server that served this page.

import { contenders } from "../contenders/web.mjs";
import { trial } from "../trial.mjs";

const report = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
try {
	const { data, settings } = await (await fetch("/corpus.json")).json();
	await report({ version: navigator.userAgent, result: await trial(contenders, data, settings) });
} catch (error) {
	await report({ error: `${error?.name}: ${error?.message}\n${error?.stack}` });
}
