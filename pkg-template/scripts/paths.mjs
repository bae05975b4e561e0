// Where things are in this repository.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const template = join(root, "pkg-template");
/** The package as it is published; ignored by git. */
export const pkg = join(root, "pkg");
/** What the build keeps between runs. */
export const work = join(root, "target", "npm");

export const inRoot = (...parts) => join(root, ...parts);
