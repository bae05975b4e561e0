// Each framework with the shop, listening on loopback: one line of Countersign, and the framework's own routes.

import { createServer } from "node:http";
import { serve } from "@hono/node-server";
import connect from "connect";
import * as forExpress from "countersign/express";
import * as forFastify from "countersign/fastify";
import * as forHono from "countersign/hono";
import * as forNode from "countersign/node";
import express from "express";
import express4 from "express4";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { greeting, orders } from "./shop.mjs";

const pathOf = ({ url }) => url.split("?")[0];

async function textOf(stream) {
	const parts = [];
	for await (const part of stream) parts.push(part);
	return Buffer.concat(parts).toString();
}

async function listening(server) {
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		port: server.address().port,
		close: () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(resolve));
		},
	};
}

/** The routes by hand, for what has none. */
async function answer(request, response) {
	if (pathOf(request) === "/boom") throw new Error("the shop's own");
	if (!["/purchases", "/orders"].includes(pathOf(request))) return response.writeHead(404).end("no such route");
	const body = greeting(request.auth, await textOf(request));
	response.setHeader("content-type", "application/json");
	return response.end(body);
}

export const SERVERS = {
	"node:http": (options) => {
		const api = forNode.protect(options);
		const [site, route] = [api.handler(answer), api.handler(api.with(orders).handler(answer))];
		return listening(
			createServer((request, response) => {
				const handle = pathOf(request) === "/orders" ? route : site;
				// Nobody but the caller of `createServer` can know what an error of the shop is answered with.
				handle(request, response).catch(() => response.writeHead(500).end());
			}),
		);
	},
	Connect: (options) => {
		const api = forNode.protect(options);
		const app = connect().use(api).use("/orders", api.with(orders));
		app.use((request, response, next) => {
			answer(Object.assign(request, { url: request.originalUrl }), response).catch(next);
		});
		return listening(createServer(app));
	},
	Koa: (options) => {
		const api = forNode.koa(options);
		const app = new Koa({ proxy: false });
		app.silent = true;
		app.use(api);
		app.use((ctx, next) => (ctx.path === "/orders" ? api.with(orders)(ctx, next) : next()));
		app.use(async (ctx) => {
			if (ctx.path === "/boom") throw new Error("the shop's own");
			if (ctx.path !== "/purchases" && ctx.path !== "/orders") return;
			ctx.type = "application/json";
			ctx.body = greeting(ctx.state.auth, await textOf(ctx.req));
		});
		return listening(createServer(app.callback()));
	},
	"Express 5": (options) => listening(createServer(expressShop(express, options))),
	"Express 4": (options) => listening(createServer(expressShop(express4, options))),
	Fastify: async (options) => {
		const api = forFastify.protect(options);
		const app = fastify({ forceCloseConnections: true });
		app.addHook("onRequest", api);
		const handle = async (request, reply) => {
			reply.type("application/json");
			return greeting(request.auth, request.body ?? "");
		};
		for (const method of ["GET", "POST"]) {
			app.route({ method, url: "/purchases", handler: handle });
			app.route({ method, url: "/orders", onRequest: api.with(orders), handler: handle });
		}
		app.get("/boom", async () => {
			throw new Error("the shop's own");
		});
		await app.listen({ port: 0, host: "127.0.0.1" });
		return { port: app.server.address().port, close: () => app.close() };
	},
	Hono: async (options) => {
		const api = forHono.protect(options);
		const app = new Hono();
		app.use(api);
		const handle = async (c) =>
			c.body(greeting(c.var.auth, await c.req.text()), 200, { "content-type": "application/json" });
		app.on(["GET", "POST"], "/purchases", handle);
		app.on(["GET", "POST"], "/orders", api.with(orders), handle);
		app.get("/boom", () => {
			throw new Error("the shop's own");
		});
		app.onError((_, c) => c.text("sorry", 500));
		let server;
		const { port } = await new Promise((resolve) => {
			server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, resolve);
		});
		const close = () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(resolve));
		};
		return { port, close };
	},
};

function expressShop(framework, options) {
	const api = forExpress.protect(options);
	const app = framework();
	app.use(api);
	const handle = async (req, res) => res.type("application/json").send(greeting(req.auth, await textOf(req)));
	app.route("/purchases").get(handle).post(handle);
	app.route("/orders").get(api.with(orders).handler(handle)).post(api.with(orders), handle);
	app.get("/boom", () => {
		throw new Error("the shop's own");
	});
	app.use((_error, _req, res, _next) => res.status(500).send("sorry"));
	return app;
}
