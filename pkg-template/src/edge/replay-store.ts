/**
 * Remembers which DPoP proofs have been used. All isolates and machines of an API have to ask the same one. A call that
 * rejects, or takes longer than `storeTimeout`, refuses its request with `store_unavailable`. RFC 9449 §11.1
 */
export interface ReplayStore {
	/**
	 * Resolves to `true` if this is the first use of `key`, and remembers it; to `false` if it was used before. Looking and
	 * remembering have to be one step: of calls at the same moment exactly one gets `true`.
	 *
	 * @param key Stands for the proof: 43 characters of base64url, whoever sent it.
	 * @param until For how long to remember it, in seconds since 1970. A store that cannot has to reject.
	 */
	use(key: string, until: number): boolean | Promise<boolean>;
}
