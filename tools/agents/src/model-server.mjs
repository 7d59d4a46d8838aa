import { createServer } from 'node:http';

import { nextStep, scriptNames } from './answers.mjs';
import { messagesProtocol } from './messages-protocol.mjs';
import { responsesProtocol } from './responses-protocol.mjs';
import { encodeEvents } from './server-sent-events.mjs';

const address = '127.0.0.1';
const maxRequests = 1000;
const maxBodyBytes = 32 * 1024 * 1024;
const protocols = [responsesProtocol, messagesProtocol];

/** What can go wrong on purpose. */
export const faultNames = Object.freeze(
  /** @type {const} */ (['none', '500', '429', 'cut-stream', 'hang']),
);

/**
 * @typedef {object} ModelServerOptions
 * @property {string} script One of `scriptNames`.
 * @property {(typeof faultNames)[number]} [fault] Default `none`. `cut-stream` ends the connection in
 *   the middle of an event; `hang` accepts a request and never answers it.
 * @property {number} [faultAfter] How many results of tools a conversation has to have before the fault
 *   strikes; default 0.
 * @property {number} [port] Default 0, any free one.
 * @property {number} [maxLifeMs] After which it closes by itself; default 5 minutes.
 *
 * @typedef {object} SeenRequest
 * @property {string} path
 * @property {number} toolResults
 * @property {number} iteration
 *
 * @typedef {object} ModelServer
 * @property {string} url Without a slash at its end.
 * @property {number} port
 * @property {readonly SeenRequest[]} requests The first 1000 that asked the model for something.
 * @property {() => Promise<void>} close Ends open connections too; may be called again.
 */

/**
 * A server of canned answers, for this machine only, that agents take for the service of their model.
 * Each answer is a pure function of its request.
 *
 * @param {ModelServerOptions} options
 * @returns {Promise<ModelServer>}
 */
export async function startModelServer(options) {
  const { script, fault = 'none', faultAfter = 0, port = 0, maxLifeMs = 5 * 60_000 } = options;
  expectOneOf('script', script, scriptNames);
  expectOneOf('fault', fault, faultNames);
  /** @type {SeenRequest[]} */
  const requests = [];
  const server = createServer((request, response) => {
    void answer(request, response, { script, fault, faultAfter, requests });
  });
  await listen(server, port);
  const close = closeOnce(server);
  setTimeout(close, maxLifeMs).unref();
  const bound = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  return { url: `http://${address}:${bound}`, port: bound, requests, close };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {{ script: string, fault: string, faultAfter: number, requests: SeenRequest[] }} state
 */
async function answer(request, response, { script, fault, faultAfter, requests }) {
  const path = new URL(request.url ?? '/', 'http://server').pathname;
  const protocol = protocols.find((candidate) => candidate.path === path);
  if (protocol === undefined || request.method !== 'POST') {
    sendJson(response, 404, { error: { type: 'not_found', message: `There is no ${path} here` } });
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    sendJson(
      response,
      400,
      protocol.createError('invalid_request_error', 'This is no JSON object'),
    );
    return;
  }
  const conversation = protocol.readConversation(body);
  const { toolResults, iteration } = conversation;
  if (requests.length < maxRequests) requests.push({ path, toolResults, iteration });
  const effective = toolResults >= faultAfter ? fault : 'none';
  if (effective === 'hang') return;
  if (effective === '500' || effective === '429') {
    sendFailure(response, effective, protocol);
    return;
  }
  const events = protocol.createEvents(nextStep(script, conversation), conversation, body);
  sendStream(response, encodeEvents(events), effective === 'cut-stream');
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {'500' | '429'} status
 * @param {(typeof protocols)[number]} protocol
 */
function sendFailure(response, status, { createError }) {
  if (status === '429') response.setHeader('retry-after', '1');
  const [type, message] =
    status === '429'
      ? ['rate_limit_error', 'Too many requests, on purpose']
      : ['api_error', 'The server failed, on purpose'];
  sendJson(response, Number(status), createError(type, message));
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string} text
 * @param {boolean} isCut
 */
function sendStream(response, text, isCut) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  if (!isCut) {
    response.end(text);
    return;
  }
  const lastEvent = text.lastIndexOf('data: ');
  response.write(text.slice(0, lastEvent + 20), () => response.destroy());
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {unknown} content
 */
function sendJson(response, status, content) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(content));
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Record<string, unknown> | undefined>} Undefined for what is no JSON object.
 */
async function readBody(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    // A client that went away in the middle, or text that is no JSON: both get no answer from the model.
    return undefined;
  }
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(undefined));
  });
}

/** @param {import('node:http').Server} server */
function closeOnce(server) {
  /** @type {Promise<void> | undefined} */
  let closed;
  return () => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
}

/**
 * @param {string} what
 * @param {string} value
 * @param {readonly string[]} allowed
 */
function expectOneOf(what, value, allowed) {
  if (allowed.includes(value)) return;
  throw new Error(`There is no ${what} "${value}"; there are ${allowed.join(', ')}`);
}
