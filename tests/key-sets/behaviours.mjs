// What a server can do with a request, the right thing included. Each behaviour gets `{ request, response, place }`
// and answers, or does not.

import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const MIB = 1_048_576;
const TYPE = { "content-type": "application/jwk-set+json" };

/** An answer with this body: a string, bytes, or a value that becomes JSON. A function is asked for it. */
export const answer =
	(body, { status = 200, headers = {} } = {}) =>
	({ response, place }) => {
		response.writeHead(status, { ...TYPE, ...headers }).end(bytes(body, place));
	};

export const status = (code, headers) => answer("nothing to see here", { status: code, headers });

/** A status that has no body. */
export const bare =
	(code) =>
	({ response }) =>
		response.writeHead(code).end();

export const redirect = (code, path, body) => (exchange) =>
	answer(body, { status: code, headers: { location: exchange.place.origin + path } })(exchange);

/** Answers after so many milliseconds, with what was right when it was asked. */
export const slow = (milliseconds, body) => (exchange) => {
	const text = bytes(body, exchange.place);
	setTimeout(answer(text), milliseconds, exchange);
};

/** Behaves once as each of these, and from then on as the last. */
export const inTurn = (...behaviours) => {
	let at = 0;
	return (exchange) => behaviours[Math.min(at++, behaviours.length - 1)](exchange);
};

export const hang = () => {};

export const hangInBody =
	(body) =>
	({ response, place }) => {
		const text = bytes(body, place);
		response.writeHead(200, { ...TYPE, "content-length": text.length }).write(text.subarray(0, -1));
	};

/** One byte after the other. */
export const drip =
	(milliseconds, body) =>
	({ response, place }) => {
		const text = bytes(body, place);
		let at = 0;
		response.writeHead(200, TYPE);
		const timer = setInterval(() => {
			if (at < text.length) response.write(text.subarray(at, ++at));
			else response.end();
		}, milliseconds);
		response.once("close", () => clearInterval(timer));
	};

export const reset = ({ response }) => response.socket.resetAndDestroy();
export const close = ({ response }) => response.socket.destroy();

/** All but the last bytes, then the connection breaks: by a reset, or as if that were the end. */
export const breakOff =
	(body, { missing = 1, how = "destroy", headers = {} } = {}) =>
	({ response, place }) => {
		const text = bytes(body, place);
		response.writeHead(200, { ...TYPE, ...headers });
		// The bytes are to arrive before the end does.
		response.write(text.subarray(0, text.length - missing), () => setTimeout(() => response.socket?.[how](), 20));
	};

/** The whole body, of which more was promised. */
export const promiseMore = (body) => (exchange) => {
	const length = bytes(body, exchange.place).length + 100;
	breakOff(body, { missing: 0, headers: { "content-length": length } })(exchange);
};

/** Less was promised than comes. */
export const promiseLess =
	(body) =>
	({ response, place }) =>
		raw(`HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n${bytes(body, place)}`)({ response });

/** These bytes on the connection, which then ends. */
export const raw =
	(text) =>
	({ response }) =>
		response.socket.end(text);

export const endless = ({ response }) => {
	response.writeHead(200, TYPE);
	const chunk = Buffer.alloc(65_536, " ");
	const more = () => {
		while (!response.destroyed && response.write(chunk));
	};
	response.on("drain", more);
	response.on("error", () => {});
	more();
};

/** A body, then white space up to so many bytes: JSON all the same. */
export const padded = (body, length) => (place) => {
	const text = bytes(body, place);
	return Buffer.concat([text, Buffer.alloc(length - text.length, " ")]);
};

export const tooLong = (body) => padded(body, 2 * MIB);

/** Small on the wire, 32 MiB when unpacked. */
export const bomb = (coding, body) => compressed(coding, padded(body, 32 * MIB));

export const compressed = (coding, body) => {
	let packed;
	return (exchange) => {
		packed ??= COMPRESS[coding](bytes(body, exchange.place));
		answer(packed, { headers: { "content-encoding": coding } })(exchange);
	};
};

const COMPRESS = {
	gzip: (text) => gzipSync(text),
	br: (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

function bytes(body, place) {
	if (typeof body === "function") return bytes(body(place), place);
	if (body instanceof Uint8Array) return Buffer.from(body);
	return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}
