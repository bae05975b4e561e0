// The outage drill: ten minutes by the drill's own clock, in isolates of real workerd, with an issuer that is down for
// half of them. `node tests/key-sets/drill.mjs --help` tells more.

import { isMain, main } from "../../pkg-template/scripts/cli.mjs";
import { countedIssuer } from "./counted-issuer.mjs";
import { fleet } from "./fleet.mjs";
import { forgery } from "./forgery.mjs";
import { audience, evil, good, second as next, start, token } from "./material.mjs";

const HELP = `
node tests/key-sets/drill.mjs [--step SECONDS] [--crowd REQUESTS]

Plays ten minutes of an API's life, by a clock of its own, in isolates of real workerd, and prints what came of it.

  0:00   the issuer has one key, and says that its key set is fresh for 60 s
  1:00   another isolate begins, cold; so it does each minute
  1:30   the issuer publishes a second key beside the first
  2:30   the issuer is down, and signs with both keys: first it answers 500, then it breaks connections, then it hangs
  7:30   the issuer is well again
 10:00   the end

--step    seconds between two crowds of requests; 1 unless it is given
--crowd   requests in flight at once; 200 unless it is given, one in ten with a forged token

Needs pkg/ (npm run build).
`;

const LENGTH = 600;
const ISOLATES = LENGTH / 60;
const PUBLISHED = 90;
const [DOWN, UP] = [150, 450];
/** For how long the key set is fresh: a new key is in use no sooner after it was published. */
const AGE = 60;
const FAILURES = ["failing", "reset", "hanging"];
/** Seconds of real time. */
const TIMEOUT = 0.5;

/** Whom the drill is played with. */
export const PLAYERS = {
	"countersign, KV": { store: true },
	"countersign, KV, nothing forged": { store: true, forged: 0 },
	"countersign, no store": {},
	"jose, createRemoteJWKSet": { jose: true },
};

/** Plays the drill. */
export async function drill({ step = 1, crowd = 200, forged = 0.1, ...policy } = {}) {
	const issuer = await countedIssuer();
	const place = issuer.place("drill", [good.jwk]);
	place.headers = { ...place.headers, "cache-control": `max-age=${AGE}` };
	const isolates = await fleet("drill-worker.mjs", { isolates: ISOLATES });
	const { issuer: name, jwksUri } = place;
	const given = { ...policy, issuer: name, jwksUri, audience, timeout: TIMEOUT };
	const passing = [good, next].map((key) => Array.from({ length: 20 }, () => token(name, key)));
	const bad = [
		forgery(name, good.kid),
		forgery(name, "invented"),
		token(name, evil),
		token(name, { ...evil, kid: next.kid }),
	];
	const seen = { good: 0, refused: 0, forged: 0, accepted: 0, whileUp: 0, whileDown: 0, slowest: 0 };
	const refusers = new Set();
	const ask = async (second, nth) => {
		const isForged = nth < crowd * forged;
		const keys = passing[second >= PUBLISHED + AGE ? nth % 2 : 0];
		const text = isForged ? bad[nth % bad.length] : keys[nth % keys.length];
		// All isolates that have begun, in turn.
		const isolate = nth % (Math.floor(second / 60) + 1);
		const began = performance.now();
		const told = await isolates.ask({ at: start + second, token: text, policy: given }, isolate);
		if (isForged) {
			seen.forged++;
			if (told === "accepted") seen.accepted++;
			return;
		}
		seen.good++;
		seen.slowest = Math.max(seen.slowest, performance.now() - began);
		if (told === "accepted") return;
		seen.refused++;
		refusers.add(isolate);
	};
	try {
		for (let second = 0; second < LENGTH; second += step) {
			if (second >= PUBLISHED) place.keys = [good.jwk, next.jwk];
			const isDown = second >= DOWN && second < UP;
			place.mood = isDown ? FAILURES[Math.floor(((second - DOWN) / (UP - DOWN)) * FAILURES.length)] : "fine";
			const before = place.requests;
			await Promise.all(Array.from({ length: crowd }, (_, nth) => ask(second, nth)));
			seen[isDown ? "whileDown" : "whileUp"] += place.requests - before;
		}
	} finally {
		await isolates.end();
		issuer.close();
	}
	return { ...seen, refusers: [...refusers].sort((a, b) => a - b) };
}

/** The isolates that begin while the issuer is down. */
export const NEVER_WARM = begins().flatMap((second, isolate) => (second >= DOWN && second < UP ? [isolate] : []));

/** The requests without which keys would serve beyond their age although the issuer could be asked. */
export const LEAST = {
	together: needed(0),
	apart: begins().reduce((sum, second) => sum + needed(second), 0),
};

/**
 * The requests that the policy allows: renewals at the end of an age, and one for forged tokens in 30 s; while the
 * issuer is down, rests of 0, 1, 2, 4, 8, 16 s and then of 30 s.
 */
export const MOST = {
	up: begins().reduce((sum, second) => sum + allowed(second), 0),
	down: begins().reduce(
		(sum, second) => sum + (second < UP ? 7 + Math.ceil((UP - Math.max(second, DOWN)) / 30) : 0),
		0,
	),
};

function allowed(second) {
	const windows = (from, to) => (to > from ? 2 + Math.ceil((to - from) / 30) : 0);
	return windows(second, DOWN) + windows(Math.max(second, UP), LENGTH);
}

function begins() {
	return Array.from({ length: ISOLATES }, (_, isolate) => isolate * 60);
}

/** By whoever begins at a second. */
function needed(second) {
	const spans = (from, to) => Math.max(0, Math.ceil((to - from) / AGE));
	return spans(second, DOWN) + spans(Math.max(second, UP), LENGTH);
}

function number(args, name) {
	const at = args.indexOf(name);
	return at < 0 ? undefined : Number(args[at + 1]);
}

async function play(args) {
	const size = { step: number(args, "--step"), crowd: number(args, "--crowd") };
	const rows = [];
	for (const [name, player] of Object.entries(PLAYERS)) {
		const began = performance.now();
		const seen = await drill({ ...size, ...player });
		rows.push({
			"": name,
			"good tokens": seen.good,
			refused: seen.refused,
			"by isolates": seen.refusers.join(" ") || "none",
			"forged tokens": seen.forged,
			accepted: seen.accepted,
			"requests, issuer up": seen.whileUp,
			"at least": player.store ? LEAST.together : LEAST.apart,
			"requests, issuer down": seen.whileDown,
			"slowest good token, ms": Math.round(seen.slowest),
		});
		console.log(`${name}: ${Math.round((performance.now() - began) / 1000)} s`);
	}
	console.log(`\nIsolates ${NEVER_WARM.join(", ")} begin while the issuer is down.\n`);
	for (const row of rows) console.log(table(row));
}

/** One player's figures, one a line. */
function table({ "": name, ...figures }) {
	const lines = Object.entries(figures).map(([what, figure]) => `  ${what.padEnd(24)}${String(figure).padStart(12)}`);
	return [name, ...lines, ""].join("\n");
}

if (isMain(import.meta)) await main(HELP, play);
