// The blocks of docs/events.md: what a guard tells Workers Analytics Engine, in real workerd, and OpenTelemetry, by its own
// SDK.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { metrics } from "@opentelemetry/api";
import {
	AggregationTemporality,
	InMemoryMetricExporter,
	MeterProvider,
	PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { blocks, good, issuer, startedWorker, workplace } from "./recipes.mjs";

const [analytics, telemetry, ...others] = await blocks("events.md");
const expired = await issuer.mint({ exp: issuer.now() - 3600 });

/** What is asked, and what becomes of it: two pass. */
const TOKENS = [good, undefined, expired, good];

const headersOf = (token) => (token ? { authorization: `Bearer ${token}` } : {});

test("every block is run here", () => assert.deepEqual(others, []));

// Miniflare's data set takes what it is given and forgets it, so that what is written to it is kept on the way.
const RECORDING = `
import "./world.mjs";
import recipe from "./recipe.mjs";

const written = [];
let kept;
const recording = ({ METRICS, ...others }) => ({
	...others,
	METRICS: {
		writeDataPoint(point) {
			METRICS.writeDataPoint(point);
			written.push(point);
		},
	},
});

export default {
	fetch(request, env, ctx) {
		if (new URL(request.url).pathname === "/written") return Response.json(written);
		return recipe.fetch(request, (kept ??= recording(env)), ctx);
	},
};
`;

test("Workers Analytics Engine, in workerd: outcomes and events of keys", async (t) => {
	const folder = await workplace(t, { "recipe.mjs": analytics, "entry.mjs": RECORDING });
	const origin = await startedWorker(t, folder);
	const statuses = [];
	for (const token of TOKENS) statuses.push((await fetch(origin, { headers: headersOf(token) })).status);
	assert.deepEqual(statuses, [200, 401, 401, 200]);
	const written = await (await fetch(`${origin}/written`)).json();
	const told = (index) => written.filter(({ indexes }) => indexes[0] === index);
	const names = ["passed", "token_missing", "token_expired", "keys fetched"];
	assert.deepEqual(
		names.map((name) => told(name).length),
		[2, 1, 1, 1],
		JSON.stringify(written),
	);
	assert.deepEqual(told("keys fetched")[0].blobs, [issuer.issuer]);
	for (const { indexes, doubles } of written) {
		// What a data set takes: one index of 96 bytes at most.
		assert.equal(indexes.length, 1);
		assert.ok(names.includes(indexes[0]) && Buffer.byteLength(indexes[0]) <= 96, indexes[0]);
		assert.deepEqual(doubles, [1]);
	}
});

test("OpenTelemetry, by its SDK: counters of outcomes and of events of keys", async (t) => {
	const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
	const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
	const provider = new MeterProvider({ readers: [reader] });
	assert.ok(metrics.setGlobalMeterProvider(provider));
	t.after(() => provider.shutdown());

	const { fetch: platformFetch } = globalThis;
	after(() => {
		globalThis.fetch = platformFetch;
	});
	const folder = await workplace(t, { "recipe.mjs": telemetry });
	await import(pathToFileURL(join(folder, "world.mjs")).href);
	const { check, refuse } = await import(pathToFileURL(join(folder, "recipe.mjs")).href);
	const statuses = [];
	for (const token of TOKENS) {
		const request = new Request("https://api.shop.example.com/", { headers: headersOf(token) });
		statuses.push(
			await check(request).then(
				() => 200,
				(error) => refuse(error).status,
			),
		);
	}
	assert.deepEqual(statuses, [200, 401, 401, 200]);

	await reader.forceFlush();
	const counters = exporter
		.getMetrics()
		.at(-1)
		.scopeMetrics.flatMap(({ metrics }) => metrics);
	const counted = Object.fromEntries(
		counters.map(({ descriptor, dataPoints }) => [
			descriptor.name,
			dataPoints.map(({ attributes, value }) => ({ ...attributes, value })),
		]),
	);
	assert.deepEqual(counted, {
		"auth.requests": [
			{ "auth.outcome": "passed", value: 2 },
			{ "auth.outcome": "token_missing", value: 1 },
			{ "auth.outcome": "token_expired", value: 1 },
		],
		"auth.keys": [{ "auth.keys": "fetched", "auth.issuer": issuer.issuer, value: 1 }],
	});
});
