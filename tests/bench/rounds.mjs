// The timer: contenders take turns in many short rounds, so that whatever else the machine does hits all alike.
// Used in Node.js and Chromium, and around workerd. A lane is { name, run(count) }: `run` does `count`
// verifications and tells the milliseconds they took.

/** Verifications of a turn, at least. */
const FEWEST = 4;

/** A lane of a prepared contender, timed where it runs. */
export function lane(name, { items, check, sync }) {
	let at = 0;
	const next = () => {
		if (at === items.length) at = 0;
		return items[at++];
	};
	const run = sync
		? (count) => {
				const began = performance.now();
				for (let i = 0; i < count; i++) check(next());
				return performance.now() - began;
			}
		: async (count) => {
				const began = performance.now();
				for (let i = 0; i < count; i++) await check(next());
				return performance.now() - began;
			};
	return { name, run };
}

/**
 * Warms up each lane, then goes round: in each round every lane has one turn of about `turn` milliseconds, in an
 * order that changes. The first rounds do not count: a compiler may still be at work in the background. Resolves to
 * { name: { samples, batch } }, a sample being the microseconds of one verification, `batch` those of a turn.
 */
export async function interleave(lanes, { rounds, turn, warm }, say = () => {}) {
	const batches = new Map();
	for (const one of lanes) {
		say(`warming up ${one.name}`);
		batches.set(one, await warmUp(one, turn, warm));
	}
	// Once more, now that all code is compiled: what the warm-up saw may have been slow.
	for (const one of lanes) batches.set(one, wanted(batches.get(one), await one.run(batches.get(one)), turn));
	const samples = new Map(lanes.map((one) => [one, []]));
	const shuffle = shuffler();
	for (let round = -Math.ceil(rounds / 8); round < rounds; round++) {
		say(`round ${round + 1} of ${rounds}`);
		for (const one of shuffle(lanes)) {
			const batch = batches.get(one);
			const took = await one.run(batch);
			if (round >= 0) samples.get(one).push((took * 1000) / batch);
		}
	}
	return Object.fromEntries(lanes.map((one) => [one.name, { samples: samples.get(one), batch: batches.get(one) }]));
}

/** Runs a lane for `warm` milliseconds at least; resolves to how many verifications take `turn` milliseconds. */
async function warmUp({ run }, turn, warm) {
	let batch = FEWEST;
	let spent = 0;
	for (;;) {
		const took = await run(batch);
		spent += took;
		const next = wanted(batch, took, turn);
		if (spent >= warm && next < batch * 1.5) return next;
		batch = Math.min(next, batch * 8);
	}
}

/** How many take `turn` milliseconds, `batch` of them having taken `took`, which a coarse clock may call nothing. */
const wanted = (batch, took, turn) => Math.max(FEWEST, Math.ceil((batch * turn) / Math.max(took, turn / 64)));

/** Orders from a fixed seed: no lane always follows the same other one. */
function shuffler() {
	let state = 1;
	const random = (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
	return (list) => {
		const shuffled = [...list];
		for (let i = shuffled.length - 1; i > 0; i--) {
			const j = random(i + 1);
			[shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
		}
		return shuffled;
	};
}
