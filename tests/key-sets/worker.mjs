// The subject as a worker: one question a request.

import "./memories.mjs";
import * as countersign from "countersign";
import * as edge from "countersign/edge";
import { subjectOf } from "./subject.mjs";

const subject = subjectOf(countersign, edge);

export default {
	fetch: async (request) => {
		try {
			return Response.json(await subject(await request.json()));
		} catch (error) {
			return Response.json({ code: `${error.name}: ${error.message}` });
		}
	},
};
