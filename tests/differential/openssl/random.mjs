// Repeatable random numbers: sfc32 (Chris Doty-Humphrey, PractRand). Not for secrets.

export class Random {
	#state;

	constructor(seed) {
		this.#state = new Int32Array([seed, seed / 2 ** 32, 0x9e3779b9, 1]);
		for (let i = 0; i < 20; i += 1) this.next();
	}

	/** 32 bits. */
	next() {
		const state = this.#state;
		const sum = (state[0] + state[1] + state[3]) | 0;
		state[3] += 1;
		state[0] = state[1] ^ (state[1] >>> 9);
		state[1] = state[2] + (state[2] << 3);
		state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
		return sum >>> 0;
	}

	below(bound) {
		return this.next() % bound;
	}

	oneIn(times) {
		return this.below(times) === 0;
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	octets(length) {
		const octets = Buffer.allocUnsafe(length);
		for (let i = 0; i < length; i += 1) octets[i] = this.next();
		return octets;
	}

	/** A copy with one bit the other way round. */
	flipped(octets) {
		const copy = Buffer.from(octets);
		const bit = this.below(8 * copy.length);
		copy[bit >> 3] ^= 1 << (bit & 7);
		return copy;
	}
}
