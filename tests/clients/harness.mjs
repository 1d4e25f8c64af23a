// Starts the binary and a scripted provider for the SDK tests. Ports are learned, never chosen.
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/(_proxy|_api_key)$/i.test(name)));

/** A running `troupe`; `api` is its URL once started. */
export class Troupe {
  constructor(child) {
    this.child = child;
    this.lines = [];
  }

  /** `troupe serve` with this configuration. */
  static serve(configuration) {
    const file = join(mkdtempSync(join(tmpdir(), "troupe-clients-")), "troupe.yaml");
    const server = { listen: "127.0.0.1:0", admin: "127.0.0.1:0" };
    writeFileSync(file, JSON.stringify({ version: 1, server, ...configuration }));
    return Troupe.start(["serve", "--config", file], "ready");
  }

  /** `troupe mock`; it tells its address on standard output. */
  static mock(...options) {
    const speed = ["--ttft", "1ms", "--tps", "10000"];
    return Troupe.start(["mock", "--listen", "127.0.0.1:0", ...speed, ...options], "listening");
  }

  static start(args, wanted) {
    const troupe = new Troupe(spawn(process.env.TROUPE_BINARY, args, { stdio: ["ignore", "pipe", "pipe"], env: clean }));
    return new Promise((resolve, reject) => {
      createInterface({ input: troupe.child.stdout }).on("line", (line) => {
        const address = /listening on (http:\S+)/.exec(line);
        if (address) troupe.api = address[1];
        if (address && wanted === "listening") resolve(troupe);
      });
      createInterface({ input: troupe.child.stderr }).on("line", (line) => {
        troupe.lines.push(line);
        const event = parse(line);
        if (event.event === "listening") troupe.api = `http://${event.api}`;
        if (event.event === wanted) resolve(troupe);
      });
      troupe.child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${troupe.lines.join("\n")}`)));
    });
  }

  /** Ends it with SIGTERM; fails when that is not a clean end. */
  stop() {
    return new Promise((resolve, reject) => {
      this.child.removeAllListeners("exit");
      this.child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}\n${this.lines.join("\n")}`))));
      this.child.kill("SIGTERM");
    });
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

/** An OpenAI-shaped provider whose answer is a function of (request body, response, request). */
export class Provider {
  constructor() {
    this.calls = [];
    this.answer = (body, response) => sendJson(response, 200, completion(body, { content: "Hello there." }));
    this.server = createServer((request, response) => this.serve(request, response));
  }

  static async start() {
    const provider = new Provider();
    await new Promise((resolve) => provider.server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}/v1`;
  }

  async serve(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = pieces.length ? JSON.parse(Buffer.concat(pieces)) : {};
    this.calls.push({ path: request.url, headers: request.headers, body });
    this.answer(body, response, request);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

export const usage = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

/** A whole answer around this message. */
export function completion(body, message, finish_reason = "stop") {
  const choice = { index: 0, finish_reason, logprobs: null, message: { role: "assistant", refusal: null, ...message } };
  return { id: "chatcmpl-1", object: "chat.completion", created: 1700000000, model: body.model, choices: [choice], usage };
}

export function sendJson(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

export function sendError(response, status, message, code, headers = {}) {
  sendJson(response, status, { error: { message, type: "invalid_request_error", param: null, code } }, headers);
}

/** A stream of these deltas, a finish and the usage if it was asked for. */
export function sendStream(response, body, deltas, finish_reason = "stop") {
  const frame = (choices, more = {}) =>
    response.write(`data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1700000000, model: body.model, choices, ...more })}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const delta of deltas) frame([{ index: 0, delta, finish_reason: null }]);
  frame([{ index: 0, delta: {}, finish_reason }]);
  if (body.stream_options?.include_usage) frame([], { usage });
  response.end("data: [DONE]\n\n");
}
