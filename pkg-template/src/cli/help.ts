// What --help prints.

import { ISSUER_HELP, POLICY_HELP, TOKEN_HELP } from "./help-flags.js";

export const HELP: string = `
countersign checks tokens and says why.

  npx countersign verify TOKEN --issuer URL --audience NAME
  npx countersign explain TOKEN --issuer URL --audience NAME
  npx countersign decode TOKEN
  npx countersign mint [--claim NAME=VALUE]
  npx countersign issuer [--port N]
  npx countersign thumbprint JWK
  npx countersign pkce [VERIFIER]

verify      the verdict on a token, and its claims
explain     the same verdict with every check and its RFC section
decode      header and claims, unverified
mint        a signed token for tests
issuer      an issuer for development: metadata, keys, tokens, logins
thumbprint  the SHA-256 thumbprint of a key
pkce        a code verifier and its challenge

npx countersign COMMAND --help tells the flags of a command; --version, the version.
Exit status: 0 it holds, 1 it does not, 2 wrong usage, 3 undecided, as no keys could be had.
`.trim();

const HELPS: Readonly<Record<string, string>> = {
	verify: `
npx countersign verify TOKEN --issuer URL --audience NAME [--jwks PLACE]

The verdict on a token. Prints the claims of a valid one as JSON; says why another is refused.
Exit status: 0 valid, 1 refused, 3 undecided: no check failed, but the keys could not be had.

${TOKEN_HELP}

${POLICY_HELP}
  --json                  verdict, header and claims as JSON`,
	explain: `
npx countersign explain TOKEN --issuer URL --audience NAME [--jwks PLACE]

Every check of a token, with its RFC section, what was found and what was expected.
Exit status: 0 valid, 1 refused, 3 undecided: no check failed, but the keys could not be had.

${TOKEN_HELP}

${POLICY_HELP}
  --json                  the explanation as JSON`,
	decode: `
npx countersign decode TOKEN [--json]

Header and claims of a token that nobody has checked, with its times as dates.

${TOKEN_HELP}`,
	mint: `
npx countersign mint [--claim NAME=VALUE]…

A signed token for tests, on standard output; what checks it, beside it on standard error.

  --issuer URL            default https://issuer.example, or of the provider's form
${ISSUER_HELP}
  --jwks FILE             writes the key set that checks the token, for verify and explain
  --header NAME=VALUE     sets a member of the header; repeat for several
  --id-token              an ID token
  --now N                 the time of issue, in seconds since 1970
  --json                  token, issuer, audience and key set as JSON`,
	issuer: `
npx countersign issuer [--port N]

An issuer for development on this machine: metadata, key set, a token endpoint that gives everybody tokens, logins
without a question. Prints lines to paste, and runs until Ctrl-C.

  --port N                default 8788; 0: any that is free
  --host NAME             default 127.0.0.1
${ISSUER_HELP}`,
	thumbprint: `
npx countersign thumbprint JWK [--uri]

The SHA-256 thumbprint of a key, with --uri as a URI. JWK is a file's path, the text itself, or - for standard input
(the default).`,
	pkce: `
npx countersign pkce [VERIFIER] [--json]

A fresh code verifier and its S256 challenge, or the challenge of VERIFIER, behind -- if it begins with -.`,
};

/** The help of a command. */
export function helpOf(command: string): string {
	return (HELPS[command] ?? HELP).trim();
}
