export function explainFailure(error: unknown): Error {
	return new Error("countersign: this runtime would not start WebAssembly", { cause: error });
}
