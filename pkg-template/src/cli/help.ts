export const HELP: string = `
countersign checks tokens and says why.

  npx countersign explain TOKEN --issuer URL --audience NAME [--jwks FILE-OR-URL]
  npx countersign decode TOKEN
  npx countersign thumbprint JWK
  npx countersign pkce [VERIFIER]

TOKEN and JWK are a file's path, or - for standard input (the default). A token given as an
argument works too, but stays in your shell's history.

explain   every check with its RFC section; exit status 0 only when the token is valid
  --issuer URL       the issuer to accept; repeat for several. any: not checked
  --audience NAME    the audience to accept; repeat for several. any (default): not checked
  --jwks PLACE       the trusted keys: a file (JWK, JWK Set, PEM) or a URL; else discovered from the issuer
  --metadata-issuer URL   whose metadata says where the keys are, if not the issuer's own
  --any-tenant       with an issuer like https://login.example/{tid}: whatever its claim tid is
  --algorithms LIST  allowed algorithms, separated by commas; HMAC counts only when it is named here
  --profile NAME     jwt (default), access-token, id-token, logout-token
  --typ TYPE, --subject NAME, --scope NAME, --nonce TEXT
  --tolerance N      seconds that clocks may differ
  --now N            the time to judge by, in seconds since 1970
  --json             the result as JSON
decode    header and claims, unverified   [--json]
thumbprint  the SHA-256 thumbprint of a key   [--uri: as a URI]
pkce      a fresh code verifier and its S256 challenge; the challenge of VERIFIER   [--json]
`.trim();
