export const money = (cents: number, currency: string): string =>
	new Intl.NumberFormat("en-IE", { style: "currency", currency }).format(cents / 100);
