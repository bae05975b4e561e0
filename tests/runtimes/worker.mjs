// In workerd: runs the suite on the corpus that is posted, answers with the result.

import { runSuite } from "./suite.mjs";

export default {
	async fetch(request) {
		try {
			return Response.json(await runSuite(await request.json()));
		} catch (error) {
			return Response.json({ error: `${error?.name}: ${error?.message}\n${error?.stack}` });
		}
	},
};
