// What a run has counted.

const SHOWN = 10;

export class Tally {
	cases = 0;
	accepted = 0;
	refused = 0;
	keys = 0;
	keysRefused = 0;
	withTable = 0;
	withGenerator = 0;
	withoutTable = 0;
	/** Cases that the judge alone takes, by the rule that refuses them. */
	stricter = {};
	disagreements = 0;
	#told = Date.now();

	case(accepted) {
		this.cases += 1;
		this[accepted ? "accepted" : "refused"] += 1;
		if (this.cases % 256 === 0 && Date.now() - this.#told >= 1000) this.tell();
	}

	refusedBy(rule) {
		this.stricter[rule] = (this.stricter[rule] ?? 0) + 1;
		this.case(false);
	}

	key(accepted) {
		this.keys += 1;
		if (!accepted) this.keysRefused += 1;
	}

	disagreement(what) {
		this.disagreements += 1;
		if (this.disagreements <= SHOWN) console.error(`DISAGREEMENT ${what}`);
	}

	/** One line for the one who started this program. */
	tell() {
		this.#told = Date.now();
		console.log(JSON.stringify(this));
	}
}
