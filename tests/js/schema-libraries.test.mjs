// The option `schema` with the libraries that people use: zod, valibot, arktype.

import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { consumer, inRoot, run } from "../consumers/helpers.mjs";
import { audience, countersign, edge, issuer, signer, start } from "./helpers.mjs";

const key = signer("k1");
const base = { issuer, audience, keys: key.jwk, now: () => start };

/** Claims with an address of a street and floors, and a tenant that is made upper case. */
const SCHEMAS = {
	zod: z.object({
		sub: z.string(),
		tenant: z.string().transform((name) => name.toUpperCase()),
		address: z.object({ floors: z.array(z.number()) }),
	}),
	valibot: v.object({
		sub: v.string(),
		tenant: v.pipe(
			v.string(),
			v.transform((name) => name.toUpperCase()),
		),
		address: v.object({ floors: v.array(v.number()) }),
	}),
	arktype: type({
		"+": "delete",
		sub: "string",
		tenant: type("string").pipe((name) => name.toUpperCase()),
		address: { floors: "number[]" },
	}),
};
const good = { tenant: "acme", address: { floors: [1, 2] } };
const output = { sub: "user-1", tenant: "ACME", address: { floors: [1, 2] } };

for (const [name, schema] of Object.entries(SCHEMAS)) {
	test(`${name}: its output, and the path of what it does not accept`, async () => {
		const verifier = countersign.createVerifier({ ...base, schema });
		assert.deepEqual({ ...(await verifier.verify(key.token(good))).claims }, output);
		assert.deepEqual({ ...verifier.verifySync(key.token(good)).claims }, output);
		const guard = edge.guard({ ...base, profile: "jwt", schema });
		const request = new Request(audience, { headers: { authorization: `Bearer ${key.token(good)}` } });
		assert.deepEqual({ ...(await guard.check(request)).claims }, output);
		for (const [claims, path] of [
			[{ ...good, tenant: 5 }, "tenant"],
			[{ ...good, address: { floors: [1, "second"] } }, "address.floors.1"],
			[{ ...good, address: undefined }, "address"],
		]) {
			const error = await verifier.verify(key.token(claims)).then(assert.fail, (caught) => caught);
			assert.deepEqual([error.code, error.claim], ["claim_refused", path]);
			assert.ok(error.expected.length > 5 && error.message.includes(error.expected), error.message);
		}
	});
}

test("zod and valibot: schemas that answer later", async () => {
	const slow = { zod: z.object({ sub: z.string().refine(async (sub) => sub === "user-1", "unknown user") }) };
	slow.valibot = v.objectAsync({
		sub: v.pipeAsync(
			v.string(),
			v.checkAsync(async (sub) => sub === "user-1", "unknown user"),
		),
	});
	for (const schema of Object.values(slow)) {
		const verifier = countersign.createVerifier({ ...base, schema });
		assert.equal((await verifier.verify(key.token())).claims.sub, "user-1");
		await assert.rejects(verifier.verify(key.token({ sub: "user-2" })), {
			code: "claim_refused",
			claim: "sub",
			expected: "unknown user",
		});
	}
	const { valibot } = slow;
	assert.throws(() => countersign.createVerifier({ ...base, schema: valibot }).verifySync(key.token()), TypeError);
});

test("TypeScript: the output type is that of the claims", async (t) => {
	const source = `
import { type } from "arktype";
import { createVerifier } from "countersign";
import { guard, protect } from "countersign/edge";
import * as v from "valibot";
import { z } from "zod";

const options = { issuer: "https://auth.example.com", audience: "https://api.shop.example.com" };
const schemas = {
	zod: z.object({ tenant: z.string().transform((name) => name.length) }),
	valibot: v.object({ tenant: v.pipe(v.string(), v.transform((name) => name.length)) }),
	arktype: type({ tenant: type("string").pipe((name) => name.length) }),
};
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const number: (tenant: number) => void = () => {};
export async function all(token: string, request: Request) {
	const byZod = (await createVerifier({ ...options, schema: schemas.zod }).verify(token)).claims;
	const byValibot = createVerifier({ ...options, schema: schemas.valibot }).verifySync(token).claims;
	const byArktype = (await guard({ ...options, schema: schemas.arktype }).check(request)).claims;
	const exact: [Equal<typeof byZod, { tenant: number }>, Equal<typeof byValibot, { tenant: number }>] = [true, true];
	number(byArktype.tenant);
	return exact;
}
export const handlers = [
	protect({ ...options, schema: schemas.zod }, (_request, { claims }) => (number(claims.tenant), new Response())),
	protect((env: { aud: string }) => ({ ...options, audience: env.aud, schema: schemas.valibot }), (_request, { claims }) => (number(claims.tenant), new Response())),
	protect({ ...options, schema: schemas.arktype, required: false as boolean }, (_request, auth) => (auth && number(auth.claims.tenant), new Response())),
];
// @ts-expect-error: the claims are what the schema makes of them
createVerifier({ ...options, schema: schemas.zod }).verifySync("").claims.sub;
// @ts-expect-error: claims are an object
createVerifier({ ...options, schema: z.string() });
// @ts-expect-error: not the output that is named
createVerifier<{ tenant: string }>({ ...options, schema: schemas.zod });
`;
	const compilerOptions = {
		strict: true,
		noEmit: true,
		skipLibCheck: true,
		exactOptionalPropertyTypes: true,
		types: [],
		module: "esnext",
		moduleResolution: "bundler",
		target: "es2022",
		lib: ["es2023", "dom"],
	};
	const files = { "main.ts": source, "tsconfig.json": JSON.stringify({ compilerOptions, include: ["main.ts"] }) };
	const folder = await consumer(t, files);
	for (const name of ["zod", "valibot", "arktype"]) {
		const place = fileURLToPath(import.meta.resolve(name));
		const root = place.slice(0, place.lastIndexOf(join("node_modules", name)) + join("node_modules", name).length);
		await symlink(root, join(folder, "node_modules", name));
	}
	await run(process.execPath, [inRoot("node_modules", "typescript", "bin", "tsc"), "-p", folder], { cwd: folder });
});
