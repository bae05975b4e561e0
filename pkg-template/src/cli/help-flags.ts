// What --help says of flags that commands share.

export const TOKEN_HELP: string = `
TOKEN is a file's path, or - for standard input (the default). A token given as an argument works too, but stays in your
shell's history. "Bearer ", quotes and line breaks around it do no harm; of a token endpoint's answer, the access token
is taken.`.trim();

export const POLICY_HELP: string = `
  --issuer URL            the issuer to accept; repeat for several. any: not checked
  --audience NAME         the audience to accept; repeat for several. any: not checked (default without --provider)
  --jwks PLACE            the trusted keys: a file (JWK, JWK Set, PEM) or a URL; else discovered from the issuer
  --metadata-issuer URL   whose metadata says where the keys are, if not the issuer's own
  --any-tenant            with an issuer like https://login.example/{tid}: whatever its claim tid is
  --provider NAME         whose tokens these are: auth0, entra, okta, cognito, keycloak, google and others
  --algorithms LIST       allowed algorithms, separated by commas; HMAC counts only when it is named here
  --profile NAME          jwt (default), access-token, id-token, logout-token
  --scope NAME            a scope that the token must have; repeat for several
  --any-scope NAME        scopes of which it must have one; repeat for several
  --claim NAME=VALUE      a claim that it must have; repeat for several
  --claims JSON           rules about claims, such as '{"roles":{"includes":"buyer"}}'
  --authorized-party NAME the client that it may have been issued to; repeat for several
  --typ TYPE, --subject NAME, --nonce TEXT
  --max-age N             seconds since it was issued
  --tolerance N           seconds that clocks may differ
  --now N                 the time to judge by, in seconds since 1970
  --allow-http            keys may come over plain http from another machine`.slice(1);

export const ISSUER_HELP: string = `
  --audience NAME         the audience; repeat for several
  --client-id NAME        the client that tokens are issued to
  --provider NAME         tokens of this provider's shape: auth0, entra, okta, cognito, keycloak, google and others
  --alg NAME              default ES256, or the provider's
  --lifetime N            seconds until a token expires; default 300
  --claim NAME=VALUE      sets a claim, VALUE in JSON or a text; repeat for several
  --claims JSON           sets claims
  --without NAME          leaves a default claim out; repeat for several
  --key FILE              signs with the private JWK of this file; makes one where there is none`.slice(1);
