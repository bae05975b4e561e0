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

/** Texts of which many in a row are the same, as the headers of one issuer's tokens are: each is parsed once. */
export class RepeatedText<T> {
	#text: string | undefined;
	#value: T | undefined;

	parse(text: string): T {
		if (text !== this.#text) {
			this.#value = JSON.parse(text) as T;
			this.#text = text;
		}
		return copyOf(this.#value as T);
	}
}
