import assert from "node:assert/strict";
import { test } from "node:test";
import { consumer, inRoot, run, tarball } from "../consumers/helpers.mjs";

const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
const source = `
import { createPkce, createVerifier, type Claims, type ErrorCode, type StandardSchema, TokenError, verifySignature } from "countersign";
import { type EdgeRequest, guard, protect } from "countersign/edge";
import { createLogin, type Login, type Session } from "countersign/login";
import { verifySignature as verifyPostQuantum } from "countersign/ml-dsa";
import { createVerifier as createSlim, init } from "countersign/slim";
import { createTestIssuer, type TestIssuer } from "countersign/testing";

interface ShopClaims extends Claims {
	readonly scope: string;
}
const options = { issuer: "https://auth.example.com", audience: "https://api.shop.example.com" };
export const verifier = createVerifier<ShopClaims>({ ...options, profile: "access-token", clockTolerance: 5 });
export async function scopeOf(token: string): Promise<string> {
	const { claims, header } = await verifier.verify(token);
	const alg: string = header.alg;
	return claims.scope + alg;
}
export const code = (error: unknown): ErrorCode | undefined => (error instanceof TokenError ? error.code : undefined);
export const challenge: string = createPkce().challenge;
export const payload: Uint8Array = verifySignature("a.b.c", { keys: [] }, { algorithms: ["ES256"] }).payload;
verifySignature("a..c", { k1: "-----BEGIN PUBLIC KEY-----" }, { payload: "text" });
declare const keyObject: { type: "public"; export(options?: { format: "jwk" }): { kty?: string } };
verifySignature("a..c", [keyObject, "pem", new Uint8Array(32)], { payload: new Uint8Array() });
export const handler = protect({ ...options, scope: ["a", "b"] }, (_request, { claims }) => {
	const sub: string | undefined = claims.sub;
	throw new Error(sub);
});
export const doorman = guard(options);
declare const schema: StandardSchema<{ readonly tenant: string }>;
declare const other: StandardSchema<{ readonly role: string }>;
export const tenant: string = createVerifier({ ...options, schema }).verifySync("a.b.c").claims.tenant;
export const tenants = protect({ ...options, schema }, (_request, { claims }) => {
	const tenant: string = claims.tenant;
	throw new Error(tenant);
});
export const ofEnv = protect((env: { audience: string }) => ({ ...options, audience: env.audience, schema }), (_request, { claims }, env) => {
	const both: [string, string] = [claims.tenant, env.audience];
	throw new Error(both.join());
});
export const perhaps = protect({ ...options, schema, required: false }, (_request, auth) => {
	const tenant: string | undefined = auth?.claims.tenant;
	throw new Error(tenant);
});
export async function withOwn(request: EdgeRequest): Promise<string> {
	const one = guard({ ...options, schema });
	const same: string = (await one.with({ scope: "a" }).check(request)).claims.tenant;
	return same + (await one.with({ schema: other }).check(request)).claims.role;
}
export const login: Login = createLogin({ issuer: options.issuer, clientId: "shop", redirectUri: "https://shop.example.com/" });
export const session: Session | null = login.session;
export const slim = async (): Promise<unknown> => init(new Uint8Array()).then(() => createSlim(options));

export async function tested(): Promise<unknown> {
	const kit: TestIssuer = await createTestIssuer({ provider: "auth0", alg: "PS256", now: 1_800_000_000 });
	const { issuer, audience, fetch, now } = kit;
	kit.down(503);
	kit.advance(60);
	const kid: string = await kit.rotate({ withdraw: true });
	const token: string = await kit.mint({ sub: undefined, exp: "soon", roles: ["a"] }, { kid });
	guard({ issuer, audience, fetch, now });
	return createVerifier({ issuer, audience, fetch, now, keys: kit.jwks }).verify(token);
}
// @ts-expect-error: an option that nobody knows
createTestIssuer({ isuer: "https://auth.example.com" });

export const postQuantum = verifyPostQuantum("a.b.c", { keys: [] }, { algorithms: ["ML-DSA-65"] }).header.alg;

// @ts-expect-error: an issuer must be given
createVerifier({ audience: "a" });
// @ts-expect-error: the claims are what the schema makes of them
createVerifier({ ...options, schema }).verifySync("a.b.c").claims.sub;
// @ts-expect-error: no schema
createVerifier({ ...options, schema: { parse: () => ({}) } });
// @ts-expect-error: nobody may have called
protect({ ...options, schema, required: false }, (_request, auth) => auth.claims.tenant);
// @ts-expect-error: not an algorithm
createVerifier({ ...options, algorithms: ["none"] });
`;

const strict = { strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true, types: [] };
const settings = {
	"node16, without DOM": { module: "node16", moduleResolution: "node16", target: "es2022", lib: ["es2022"] },
	"bundler, without DOM": { module: "esnext", moduleResolution: "bundler", target: "es2022", lib: ["es2022"] },
	"bundler, with DOM": { module: "esnext", moduleResolution: "bundler", target: "es2022", lib: ["es2023", "dom"] },
};

for (const [name, options] of Object.entries(settings)) {
	test(`TypeScript: ${name}`, async (t) => {
		const compilerOptions = { ...strict, ...options };
		const files = { "main.ts": source, "tsconfig.json": JSON.stringify({ compilerOptions, include: ["main.ts"] }) };
		if (options.module === "node16") {
			files["common.cts"] = source;
			files["tsconfig.json"] = JSON.stringify({ compilerOptions, include: ["main.ts", "common.cts"] });
		}
		const folder = await consumer(t, files);
		await run(process.execPath, [tsc, "-p", folder], { cwd: folder });
	});
}

test("publint: nothing to say", async () => {
	const { publint } = await import("publint");
	const { formatMessage } = await import("publint/utils");
	const { messages, pkg } = await publint({ pkgDir: inRoot("pkg"), strict: true });
	assert.deepEqual(
		messages.map((message) => formatMessage(message, pkg)),
		[],
	);
});

test("are the types wrong: no", async () => {
	const attw = inRoot("node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
	const args = ["--exclude-entrypoints", "./countersign.wasm", "./ml-dsa.wasm", "--no-color", "--no-emoji"];
	await run(process.execPath, [attw, await tarball(), ...args], { remedy: "see the table above" });
});
