// Makes the corpus, and cross-checks it with independent libraries.
//   node tests/corpus/generate.mjs            writes the cases, then checks them
//   node tests/corpus/generate.mjs --check    checks the committed cases
//   --verbose                              prints every unexplained disagreement

import { malformed } from "./generate/check-schema.mjs";
import { readCorpus, rememberCommitted, writeCorpus } from "./generate/corpus.mjs";
import { crossCheck } from "./generate/cross-check.mjs";
import { loadCorpus } from "./load.mjs";

const SUBJECTS =
	`structure base64url json header algorithms hmac ecdsa rsa rsa-padding ed25519 ml-dsa jwk pem key-lookup
  claims numeric-date issuer-audience access-token id-token logout-token cross-use order examples verify-signature dpop pkce thumbprint`.split(
		/\s+/,
	);

if (!process.argv.includes("--check")) {
	rememberCommitted();
	for (const subject of SUBJECTS) await import(`./generate/${subject}.mjs`);
	writeCorpus();
}
const odd = malformed(loadCorpus().cases);
for (const name of odd) console.log(`not as schema.json says: ${name}`);
process.exitCode = await crossCheck(readCorpus(), { verbose: process.argv.includes("--verbose") });
if (odd.length > 0) process.exitCode = 1;
