// oidc-provider puts at_hash only into ID tokens of the hybrid flow. In the code flow it is optional
// (OpenID Connect Core §3.1.3.6), but it is what ties the two tokens of one answer together, so we add it.
export function addAtHash(provider) {
	const issued = new WeakMap();

	const { save } = provider.AccessToken.prototype;
	provider.AccessToken.prototype.save = async function saveAndRemember(...args) {
		const value = await save.apply(this, args);
		issued.set(this, value);
		return value;
	};

	const { issue } = provider.IdToken.prototype;
	provider.IdToken.prototype.issue = function issueWithAtHash(options) {
		const accessToken = this.ctx?.oidc.entities.AccessToken;
		// The provider hashes the value when it signs.
		if (options.use === "idtoken" && issued.has(accessToken)) this.set("at_hash", issued.get(accessToken));
		return issue.call(this, options);
	};
}
