import type { ErrorCode } from "./error-code.js";

/** A refusal as the core gives it. */
export interface ErrorData {
	readonly code: ErrorCode;
	readonly message: string;
	readonly claim?: string | null | undefined;
	readonly found?: string | null | undefined;
	readonly expected?: string | null | undefined;
	readonly spec?: string | null | undefined;
	readonly help?: string | null | undefined;
	readonly oauthError?: string | null | undefined;
	readonly retryAfter?: number | null | undefined;
	readonly status: number;
	readonly challenge?: string | null | undefined;
}

/** Every copy of this class knows the errors of every other: those of `import` and of `require` are one class. */
const BRAND: unique symbol = Symbol.for("countersign.TokenError") as never;

/**
 * A refusal. It says what failed, what was found, what was wanted and where an RFC says so; never the
 * token and never a secret, and its text is bounded in length.
 */
export class TokenError extends Error {
	override readonly name: "TokenError" = "TokenError";
	/** The reason, stable across versions. */
	readonly code: ErrorCode;
	/** The claim or header member concerned. */
	readonly claim: string | undefined;
	/** What was found, shortened. */
	readonly found: string | undefined;
	/** What was wanted. */
	readonly expected: string | undefined;
	/** The rule, for example `RFC 7519 §4.1.4`. */
	readonly spec: string | undefined;
	/** The address of the page about this code, of the version in use: the usual causes, and what to do about each. */
	readonly help: string | undefined;
	/** The error that an OAuth server's answer names, for example `invalid_grant`. RFC 6749 §5.2 */
	readonly oauthError: string | undefined;
	/** Seconds after which another attempt may end otherwise, where that is known. RFC 9110 §10.2.3 */
	readonly retryAfter: number | undefined;
	/** Of a login that was refused: where its user wanted to be, if that is known. An address of this site. */
	declare readonly returnTo?: string;
	/** The HTTP status with which a resource server answers: 400, 401, 403; 503 where the fault is not the token's. */
	readonly status: number;
	/** The `WWW-Authenticate` value of that answer (RFC 6750 §3); empty when none is due. */
	readonly challenge: string;

	constructor(data: ErrorData, cause?: unknown) {
		super(data.message, cause === undefined ? undefined : { cause });
		this.code = data.code;
		this.claim = data.claim ?? undefined;
		this.found = data.found ?? undefined;
		this.expected = data.expected ?? undefined;
		this.spec = data.spec ?? undefined;
		this.help = data.help ?? undefined;
		this.oauthError = data.oauthError ?? undefined;
		this.retryAfter = data.retryAfter ?? undefined;
		this.status = data.status;
		this.challenge = data.challenge ?? "";
		Object.defineProperty(this, BRAND, {});
	}

	static override [Symbol.hasInstance](value: unknown): boolean {
		// biome-ignore lint/complexity/noThisInStatic: a class that extends this one has only its own instances
		if (this !== TokenError) return super[Symbol.hasInstance](value);
		return Object.hasOwn(Object(value), BRAND);
	}
}

/** @internal Whether the core has thrown this: its refusals bear a tag of their own, and an inherited one is none. */
export function isRefusal(thrown: unknown): thrown is ErrorData {
	return Object.getOwnPropertyDescriptor(Object(thrown), "tag")?.value === "refusal";
}
