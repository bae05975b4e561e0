// All contenders by name, in the order of the tables, for those who cannot import them.

/** Of each: its name in the figures, and how it is told. */
export const CONTENDERS = [
	{ name: "verifySync", label: "countersign verifySync" },
	{ name: "verify", label: "countersign verify" },
	{ name: "jose", label: "jose" },
	{ name: "fast-jwt", label: "fast-jwt" },
	{ name: "jsonwebtoken", label: "jsonwebtoken" },
	{ name: "aws-jwt-verify", label: "aws-jwt-verify" },
	{ name: "fast-jwt, cache hit", label: "fast-jwt, cache hit" },
	{ name: "raw", label: "platform, signature only" },
];
