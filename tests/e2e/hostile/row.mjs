// A row of the catalogue: how a server, or a page, misbehaves, and what is due. `due` is what the text cited demands of a
// client, `code` what ours refuses with; none: it accepts, and `subject` is logged in, or ada. Where no text demands anything,
// others are not measured by it.

const row = (due) => (code, spec, name, bend) => ({ due, code, spec, name, ...bend });

/** The text demands a refusal. */
export const refused = row("refused");
/** The text leaves it to the client. */
export const open = row(undefined);
/** The text demands that it passes. */
export const accepted = (spec, name, bend) => row("accepted")(undefined, spec, name, bend);

/** Rows with their numbers; `at` says how far a page goes. */
export const rows = (letter, at, list) =>
	list.map((row, index) => ({ id: `${letter}${String(index + 1).padStart(2, "0")}`, at, ...row }));
