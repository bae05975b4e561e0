type Child = Node | string | null | undefined | false | Child[];

/** An element with attributes and children; text is always text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Record<string, string | boolean | number | (() => void)> = {},
	...children: Child[]
): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") element.addEventListener(name, value);
		else if (value === true) element.setAttribute(name, "");
		else if (value !== false) element.setAttribute(name, String(value));
	}
	element.append(
		...(children.flat(8) as Child[]).filter(
			(child): child is Node | string => child instanceof Node || typeof child === "string",
		),
	);
	return element;
}

export function byId(id: string): HTMLElement {
	const element = document.getElementById(id);
	if (!element) throw new Error(`the page has no element #${id}`);
	return element;
}
