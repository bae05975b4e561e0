// Mints the corpus, and cross-checks it with independent libraries.
//   node tests/vectors/mint.mjs           writes the vectors, then checks them
//   node tests/vectors/mint.mjs --check   checks the committed vectors
import { readCorpus, rememberCommitted, writeCorpus } from "./mint/corpus.mjs";
import { crossCheck } from "./mint/cross-check.mjs";

const SUBJECTS = ["structure", "algorithms", "claims", "base64url", "header", "json", "numeric-date", "issuer-audience", "jwk", "key-lookup", "hmac", "ecdsa", "rsa", "ed25519", "pem", "profiles", "order", "examples", "verify-signature", "ml-dsa", "pkce", "thumbprint", "dpop"];

if (!process.argv.includes("--check")) {
  rememberCommitted();
  for (const subject of SUBJECTS) await import(`./mint/${subject}.mjs`);
  writeCorpus();
}
process.exitCode = await crossCheck(readCorpus(), { verbose: process.argv.includes("--verbose") });
