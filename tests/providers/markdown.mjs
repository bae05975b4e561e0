// Tables in Markdown, and the places of the index that scripts write.

import { inRoot } from "../../pkg-template/scripts/paths.mjs";

export const indexFile = inRoot("docs", "providers", "README.md");

export function toMarkdown(head, lines) {
	const all = [head, head.map(() => "---"), ...lines];
	return all
		.map((cells) => `| ${cells.join(" | ")} |`)
		.join("\n")
		.replace("| --- ", "|---")
		.replaceAll(" --- |", "---|");
}

const place = (name) => new RegExp(`(<!-- ${name}: .*? -->\\n)([\\s\\S]*?)(\\n<!-- end -->)`);

/** The text between the marks of a place; with `content`, the whole text with that in it. */
export function between(text, name, content) {
	if (content === undefined) return place(name).exec(text)?.[2];
	return text.replace(place(name), (_, begin, __, end) => begin + content + end);
}
