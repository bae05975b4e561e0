// Parsed JSON that is handed out more than once: as copies, so that no caller can change another's.

/** A deep copy of a parsed JSON value: a fraction of the time that parsing its text again takes. */
export function copyOf<T>(value: T): T {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(copyOf) as T;
	// Spreading and assigning both keep a member named __proto__ a plain member.
	const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
	for (const name of Object.keys(copy)) {
		const member = copy[name];
		if (typeof member === "object" && member !== null) copy[name] = copyOf(member);
	}
	return copy as T;
}

/** A value that many texts in a row stand for, as the headers of one issuer's tokens do: it is parsed once. */
export class RepeatedJson<T> {
	#key: string | undefined;
	#value: T | undefined;

	/** The value of `text()`, which is read only if `key` is another one than before; none is no key. */
	parse(key: string | undefined, text: () => string): T {
		if (key === undefined || key !== this.#key) {
			this.#value = JSON.parse(text()) as T;
			this.#key = key;
		}
		return copyOf(this.#value as T);
	}
}

/** The first segment of a token that has passed: the same text is the same header. */
export function encodedHeader(token: string | Uint8Array): string | undefined {
	return typeof token === "string" ? token.slice(0, token.indexOf(".")) : undefined;
}
