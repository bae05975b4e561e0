// What is tested, in whatever runtime: verifiers and guards by name, asked one question at a time. Questions and
// answers are JSON, since in workerd they come over HTTP.

import { wasmBytes } from "./memories.mjs";

export function subjectOf({ createVerifier, TokenError }, { guard, protect }) {
	const scenes = new Map();
	const stores = new Map();
	const realNow = Date.now;

	function sceneOf(name, { cache, ...given }) {
		const known = scenes.get(name);
		if (known) return known;
		const clock = { now: 0 };
		const options = { ...given, now: () => clock.now, ...(cache && { cache: storeOf(cache) }) };
		const verifier = createVerifier({ ...options, profile: "access-token" });
		const { verdictCache: _, ...uncached } = options;
		const handler = protect(
			() => ({ ...uncached }),
			() => new Response("through"),
		);
		const scene = { clock, verifier, guard: guard(options), handler };
		scenes.set(name, scene);
		return scene;
	}

	/** The entries of a name are shared, as processes share them: each scene has an object of its own. */
	function storeOf(name) {
		const entries = stores.get(name) ?? new Map();
		stores.set(name, entries);
		return { get: async (key) => entries.get(key), set: async (key, entry) => void entries.set(key, entry) };
	}

	const questions = {
		verify: ({ verifier }, { token }) => outcome(() => verifier.verify(token)),
		verifySync: ({ verifier }, { token }) => outcome(() => verifier.verifySync(token)),
		guard: ({ guard }, { token, audience }) => outcome(() => guard.check(requestWith(token, audience)), guard.refuse),
		// The second argument is another object each time, as Deno, Next.js and Hono on Node.js hand it over.
		async protect({ handler }, { token, audience, second }) {
			const response = await handler(requestWith(token, audience), second);
			return { code: response.status === 200 ? "accepted" : (await response.json()).code };
		},
		async idle({ verifier }) {
			for (let left = 1000; left > 0; left--) {
				const [status] = verifier.status();
				if (status.nextAttempt !== null) return { status };
				await new Promise((resolve) => setTimeout(resolve, 10));
			}
			return { status: "never" };
		},
		status: ({ verifier }) => ({ status: verifier.status()[0] }),
	};

	const outcome = async (work, refuse) => {
		try {
			await work();
			return { code: "accepted" };
		} catch (error) {
			if (!(error instanceof TokenError)) return { code: error.name, message: error.message };
			const told = { code: error.code, message: error.message, status: error.status };
			const retryAfter = refuse?.(error).headers.get("retry-after");
			return retryAfter === undefined ? told : { ...told, retryAfter };
		}
	};

	/** `now`: what the policy's clock shows; `machine`: seconds by which the machine's own is moved. */
	return async ({ question, name, options, now, machine = 0, ...given }) => {
		if (question === "memory") return { wasm: wasmBytes() };
		Date.now = () => realNow() + machine * 1000;
		const scene = sceneOf(name, options);
		scene.clock.now = now;
		return questions[question](scene, given);
	};
}

const requestWith = (token, audience) => new Request(audience, { headers: { authorization: `Bearer ${token}` } });
