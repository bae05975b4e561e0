// For how long an answer is fresh by its headers, in seconds: RFC 9111 §4.2 and §5.2.2, within a minute and a day; ten
// minutes where nothing is said.

const DAY = 86_400;
const control = (...lines) => ({ "cache-control": lines.length > 1 ? lines : lines[0] });

export const FRESHNESS = [
	{ name: "nothing said", headers: {}, age: 600 },
	{ name: "max-age", headers: control("public, max-age=120, must-revalidate"), age: 120 },
	{ name: "max-age=0", headers: control("max-age=0"), age: 60 },
	{ name: "no-store", headers: control("no-store"), age: 60 },
	{ name: "no-cache behind max-age", headers: control("max-age=9999, no-cache"), age: 60 },
	{ name: "max-age of a century", headers: control("max-age=3153600000"), age: DAY },
	{ name: "max-age of 400 digits", headers: control(`max-age=${"9".repeat(400)}`), age: DAY },
	{ name: "max-age, negative", headers: control("max-age=-120"), age: 600 },
	{ name: "max-age, no number", headers: control("max-age=soon"), age: 600 },
	{ name: "max-age in hexadecimal", headers: control("max-age=0x78"), age: 600 },
	{ name: "max-age, quoted", headers: control('max-age="120"'), age: 120 },
	{ name: "max-age twice", headers: control("max-age=120, max-age=9999"), age: 120 },
	{ name: "two headers", headers: control("public", "max-age=120"), age: 120 },
	{ name: "two headers, the second one no-store", headers: control("max-age=9999", "no-store"), age: 60 },
	{ name: "garbage", headers: control(",;=,==,max-age,\u00e9=5"), age: 600 },
	{ name: "16 KiB of directives", headers: control(`${"x=1,".repeat(3000)}max-age=120`), age: 120 },
	{ name: "Age", headers: { ...control("max-age=1000"), age: "700" }, age: 300 },
	{ name: "an Age beyond max-age", headers: { ...control("max-age=1000"), age: "5000" }, age: 60 },
	{ name: "an Age that is negative", headers: { ...control("max-age=1000"), age: "-500" }, age: 1000 },
	{ name: "an Age of 400 digits", headers: { ...control("max-age=1000"), age: "9".repeat(400) }, age: 60 },
	{ name: "an Age that is no number", headers: { ...control("max-age=1000"), age: "old" }, age: 1000 },
	{ name: "Expires and Pragma, which are not read", headers: { expires: "0", pragma: "no-cache" }, age: 600 },
];
