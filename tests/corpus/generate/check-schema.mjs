// Does every case have the form that schema.json says? Knows the keywords of JSON Schema that this schema uses, and
// refuses any other: a keyword that is passed over would check nothing.
import { readFileSync } from "node:fs";

const schema = JSON.parse(readFileSync(new URL("../schema.json", import.meta.url), "utf8"));
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const TYPES = {
	object: isObject,
	array: Array.isArray,
	string: (value) => typeof value === "string",
	number: (value) => typeof value === "number",
	boolean: (value) => typeof value === "boolean",
	null: (value) => value === null,
};

/** Each keyword: whether `value` satisfies what the schema says by it. */
const KEYWORDS = {
	$schema: () => true,
	$defs: () => true,
	title: () => true,
	description: () => true,
	$ref: (value, ref) => fits(value, schema.$defs[ref.slice("#/$defs/".length)]),
	oneOf: (value, schemas) => schemas.filter((each) => fits(value, each)).length === 1,
	anyOf: (value, schemas) => schemas.some((each) => fits(value, each)),
	type: (value, name) => TYPES[name](value),
	enum: (value, values) => values.includes(value),
	pattern: (value, text) => typeof value !== "string" || new RegExp(text, "u").test(value),
	items: (value, each) => !Array.isArray(value) || value.every((item) => fits(item, each)),
	required: (value, names) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
	properties: (value, schemas) =>
		!isObject(value) ||
		Object.entries(schemas).every(([name, each]) => !Object.hasOwn(value, name) || fits(value[name], each)),
	additionalProperties: (value, allowed, { properties }) =>
		allowed || !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(properties, name)),
};

function fits(value, rules) {
	return Object.entries(rules).every(([keyword, rule]) => {
		if (!Object.hasOwn(KEYWORDS, keyword)) throw new Error(`schema.json uses ${keyword}, which check-schema.mjs lacks`);
		return KEYWORDS[keyword](value, rule, rules);
	});
}

/** The names of the cases whose form is another. */
export const malformed = (cases) => cases.filter((each) => !fits(each, schema)).map(({ name }) => name);
