// All contenders by name, in the order of the tables, for those who cannot import them.

/** Of each: its name in the figures, how it is told, and whether it is left out where nobody has its figure. */
export const CONTENDERS = [
	{ name: "verifySync", label: "countersign verifySync" },
	{ name: "verify", label: "countersign verify" },
	{ name: "verifySync, before", label: "countersign verifySync, before", optional: true },
	{ name: "verify, before", label: "countersign verify, before", optional: true },
	{ name: "jose", label: "jose" },
	{ name: "fast-jwt", label: "fast-jwt" },
	{ name: "jsonwebtoken", label: "jsonwebtoken" },
	{ name: "aws-jwt-verify", label: "aws-jwt-verify" },
	{ name: "fast-jwt, cache hit", label: "fast-jwt, cache hit" },
	{ name: "raw", label: "platform, signature only" },
];

/** Among the guards: the handler alone. */
export const NOTHING = "nothing";
