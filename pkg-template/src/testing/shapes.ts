// The tokens of well-known providers, in the shapes of their own documents.

import type { Provider } from "../verifier/claim-rules.js";
import { CUSTOMER_SHAPES } from "./customer-shapes.js";
import { PLATFORM_SHAPES } from "./platform-shapes.js";
import { SERVER_SHAPES } from "./server-shapes.js";
import { type Shape, STANDARD } from "./shape.js";

/** A shape for each provider. */
export const PROVIDERS: Readonly<Record<Provider, Shape>> = {
	...SERVER_SHAPES,
	...CUSTOMER_SHAPES,
	...PLATFORM_SHAPES,
};

/** The shape of a provider, or that of the standards. */
export function shapeOf(provider: Provider | undefined): Shape {
	return provider === undefined ? STANDARD : PROVIDERS[provider];
}
