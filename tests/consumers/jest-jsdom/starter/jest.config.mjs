/** @type {import('jest').Config} */
const config = {
	clearMocks: true,
	coverageProvider: "v8",
	testEnvironment: "jsdom",
};

export default config;
