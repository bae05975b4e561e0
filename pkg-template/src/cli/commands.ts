import { decode } from "./decode.js";
import { explain } from "./explain.js";
import { issuer } from "./issuer.js";
import { mint } from "./mint.js";
import { pkce } from "./pkce.js";
import { thumbprint } from "./thumbprint.js";
import { verify } from "./verify.js";

/** A command: it resolves to the exit status, which is 0 only where what was asked for holds. */
export type Command = (args: string[]) => Promise<number>;

/** The commands by their names. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
	Object.entries({ verify, explain, decode, mint, issuer, thumbprint, pkce }),
);
