// The page that every server is tried with: README's lines, and two buttons.

export const PAGE = `<!doctype html><meta charset="utf-8"><title>…</title><link rel="icon" href="data:,">
	<button>My purchases</button><button>Sign out</button><output></output>
	<script type="importmap">{"imports":{"countersign/login":"/lib/login.js"}}</script>
	<script type="module">
		import { purchases, resumed } from "/shop.js";
		const warnings = [];
		console.warn = (message) => warnings.push(message);
		const [mine, out] = document.querySelectorAll("button");
		const shown = document.querySelector("output");
		const trying = (work) => async () => {
			shown.textContent = "";
			try {
				shown.textContent = JSON.stringify(await work()) ?? "";
			} catch (error) {
				shown.textContent = "failed: " + error.message;
			}
		};
		mine.onclick = trying(purchases);
		out.onclick = trying(login.logout);
		const tell = () => {
			const { session } = login;
			document.title = warnings.length > 0 ? "warned: " + warnings : session ? "signed in" : "nobody";
		};
		await resumed;
		login.onChange(tell);
		tell();
	</script>`;
