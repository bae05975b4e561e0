// All rows.

import { answers, forgeries, replays } from "./rows/answers.mjs";
import { idTokens, keySets } from "./rows/id-tokens.mjs";
import { logouts, pushes, renewals, userinfos } from "./rows/later.mjs";
import { metadata } from "./rows/metadata.mjs";
import { tokens } from "./rows/tokens.mjs";

const LOGINS = [...metadata, ...answers, ...tokens, ...idTokens, ...keySets];

export const CATALOGUE = [...LOGINS, ...replays, ...forgeries, ...renewals, ...userinfos, ...pushes, ...logouts];
