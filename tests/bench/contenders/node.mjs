// Who runs in Node.js, in the order of the table.

import { awsSync } from "./aws-jwt-verify.mjs";
import { verifyBefore, verifySyncBefore } from "./before.mjs";
import { fastJwt, fastJwtCached } from "./fast-jwt.mjs";
import { jose } from "./jose.mjs";
import { jsonwebtoken } from "./jsonwebtoken.mjs";
import { verify, verifySync } from "./ours.mjs";
import { rawNode } from "./raw-node.mjs";

export const contenders = [
	verifySync,
	verify,
	verifySyncBefore,
	verifyBefore,
	jose,
	fastJwt,
	jsonwebtoken,
	awsSync,
	fastJwtCached,
	rawNode,
];
