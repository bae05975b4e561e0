// Who runs without node:crypto, in the order of the table: neither fast-jwt nor jsonwebtoken can.

import { awsAsync } from "./aws-jwt-verify.mjs";
import { verifyBefore, verifySyncBefore } from "./before.mjs";
import { jose } from "./jose.mjs";
import { verify, verifySync } from "./ours.mjs";
import { rawWeb } from "./raw-web.mjs";

export const contenders = [verifySync, verify, verifySyncBefore, verifyBefore, jose, awsAsync, rawWeb];
