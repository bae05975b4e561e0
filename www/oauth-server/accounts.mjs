// Demo accounts. Passwords and PINs are printed by `npm start`; the server itself keeps only scrypt hashes.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const derive = promisify(scrypt);
const hash = (password, salt) => derive(password.normalize("NFKC"), salt, 32);

const ATTEMPTS = 8; // failures per account, then a pause
const PAUSE_MS = 60_000;
const REMEMBERED = 1_000; // addresses whose failures are counted at a time

export async function openAccounts() {
	const file = new URL("../accounts.json", import.meta.url);
	const listed = JSON.parse(await readFile(file, "utf8"));
	const accounts = await Promise.all(
		listed.map(async ({ sub, name, email, password, pin }) => {
			const salt = randomBytes(16);
			return { sub, name, email, salt, hash: await hash(password, salt), pinHash: await hash(pin, salt) };
		}),
	);
	const byEmail = new Map(accounts.map((account) => [account.email, account]));
	const bySub = new Map(accounts.map((account) => [account.sub, account]));
	// Somebody unknown costs as much time as a wrong password, so time does not tell who has an account.
	const nobody = { salt: randomBytes(16), hash: randomBytes(32), pinHash: randomBytes(32) };
	const failures = new Map();

	/** → { account } | { wrong: true } | { retryAfter: seconds } */
	async function check(who, account, secret, hashOf) {
		const failed = failures.get(who);
		const wait = failed && failed.count >= ATTEMPTS ? failed.last + PAUSE_MS - Date.now() : 0;
		if (wait > 0) return { retryAfter: Math.ceil(wait / 1000) };

		const expected = account ?? nobody;
		const right = timingSafeEqual(await hash(secret, expected.salt), hashOf(expected));
		if (account && right) {
			failures.delete(who);
			return { account };
		}
		const count = wait < 0 || !failed ? 1 : failed.count + 1;
		failures.delete(who);
		failures.set(who, { count, last: Date.now() });
		if (failures.size > REMEMBERED) failures.delete(failures.keys().next().value);
		return { wrong: true };
	}

	return {
		find: (sub) => bySub.get(sub),

		signIn(email, password) {
			const who = email.trim().toLowerCase();
			return check(who, byEmail.get(who), password, ({ hash }) => hash);
		},

		/** The user who is signed in proves once more that it is them. */
		confirm: (sub, pin) => check(`PIN of ${sub}`, bySub.get(sub), pin, ({ pinHash }) => pinHash),
	};
}
