// The servers, in the order of the table.

import { servers as oidcProvider } from "./oidc-provider.mjs";

export const SERVERS = [...oidcProvider];
