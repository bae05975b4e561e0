/** How fetched key sets live: seconds. */
export interface KeySetDurations {
	/** Fresh for so long where the issuer does not say (`Cache-Control`). Default 600; 30 to 86400. */
	readonly defaultAge?: number;
	/** Fresh for at least so long, whatever the issuer says. Default 60; 30 to 3600. */
	readonly minAge?: number;
	/** Fresh for at most so long. Default 86400; 60 to 604800. */
	readonly maxAge?: number;
	/** Serves for so long beyond its age while the issuer cannot be reached. Default 86400; 0 to 604800. RFC 5861 §4 */
	readonly maxStale?: number;
	/** At least so long between two requests for a key that the set lacks. Default 30; 1 to 3600. */
	readonly cooldown?: number;
	/** The same, once, after an answer that brought other keys. Default 1; 1 to 3600. */
	readonly cooldownAfterNews?: number;
	/** At most so long between two attempts after failures; the first rests are 1, 2, 4 … Default 30; 1 to 3600. */
	readonly maxBackoff?: number;
	/** For one request. Default 5; 0.1 to 60. */
	readonly timeout?: number;
	/** For one call of `cache`. Default 1; 0.05 to 10. */
	readonly storeTimeout?: number;
	/** So long a token waits for the renewal of keys that pass it, but are old. Default 0.08; 0 to 5. */
	readonly patience?: number;
	/** A discovered address of the key set is believed for so long. Default 3600; 60 to 86400. */
	readonly placeAge?: number;
	/** A key that a fresh answer did not have is known to be absent for so long. Default 30; 0 to 3600. */
	readonly absence?: number;
	/** A set is renewed so long before the end of its age, at most a tenth of it. Default 0.5; 0 to 86400. */
	readonly renewAhead?: number;
}
