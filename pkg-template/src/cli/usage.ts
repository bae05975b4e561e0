/** A call whose words are off. */
export class Usage extends Error {}
