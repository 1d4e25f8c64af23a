// The official OpenAI SDK against the real node.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";

import OpenAI from "openai";

import { completion, Provider, sendError, sendJson, sendStream, Troupe, usage } from "./harness.mjs";

const KEY = "vk-of-the-sdk-tests";
const hash = `sha256:${createHash("sha256").update(KEY).digest("hex")}`;
const hi = [{ role: "user", content: "hi" }];
const weather = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};
const pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("the OpenAI SDK", () => {
  let provider, troupe, client, standard;

  before(async () => {
    provider = await Provider.start();
    standard = provider.answer;
    troupe = await Troupe.serve({
      providers: {
        alpha: { type: "openai", base_url: provider.url, keys: [{ name: "alpha-1", secret: "sk-upstream" }] },
        mock: { type: "mock", ttft: "1ms", tokens_per_second: 10000 },
      },
      models: {
        smart: { targets: [{ use: "alpha/gpt-4o" }], retry: { attempts: 1 }, queue: { max_wait: "0s" } },
        toy: { targets: [{ use: "mock/any" }] },
      },
      breaker: { failures: 1000, min_requests: 100000 },
      tenants: { sdk: { keys: [{ name: "sdk", hash }] } },
    });
    client = new OpenAI({ apiKey: KEY, baseURL: `${troupe.api}/v1`, maxRetries: 0 });
  });

  beforeEach(() => {
    provider.answer = standard;
    provider.calls.length = 0;
  });

  after(async () => {
    await troupe?.stop();
    await provider?.stop();
  });

  const ask = (more = {}, options = {}) => client.chat.completions.create({ model: "smart", messages: hi, ...more }, options);

  it("gets a whole chat completion with its usage and request id", async () => {
    const answer = await ask();
    assert.equal(answer.choices[0].message.content, "Hello there.");
    assert.deepEqual(answer.usage, usage);
    assert.match(answer._request_id, /^req_/);
    assert.equal(provider.calls[0].headers.authorization, "Bearer sk-upstream");
  });

  it("gets a stream piece by piece, with usage when it asks", async () => {
    provider.answer = (body, response) => sendStream(response, body, [{ role: "assistant", content: "" }, { content: "Hel" }, { content: "lo" }]);
    const stream = await ask({ stream: true, stream_options: { include_usage: true } });
    let text = "";
    let told = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      told = chunk.usage ?? told;
    }
    assert.equal(text, "Hello");
    assert.deepEqual(told, usage);
  });

  it("talks to the embedded mock, whole and streamed", async () => {
    const whole = await ask({ model: "toy" });
    assert.ok(whole.choices[0].message.content.length > 0);
    const runner = client.chat.completions.stream({ model: "toy", messages: hi });
    const final = await runner.finalChatCompletion();
    assert.ok(final.choices[0].message.content.length > 0);
    assert.equal(final.choices[0].finish_reason, "stop");
  });

  it("makes a round trip with a tool", async () => {
    const calls = [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }];
    provider.answer = (body, response) => {
      const result = body.messages.find((message) => message.role === "tool");
      const message = result ? { content: `It is ${result.content}.` } : { content: null, tool_calls: calls };
      sendJson(response, 200, completion(body, message, result ? "stop" : "tool_calls"));
    };
    const runner = client.chat.completions.runTools({
      model: "smart",
      messages: hi,
      tools: [{ type: "function", function: { ...weather.function, parse: JSON.parse, function: ({ city }) => `cold in ${city}` } }],
    });
    assert.equal(await runner.finalContent(), "It is cold in Oslo.");
    assert.deepEqual(provider.calls[1].body.messages[1].tool_calls, calls);
  });

  it("puts streamed tool calls together", async () => {
    const call = (index, more) => ({ tool_calls: [{ index, ...more }] });
    provider.answer = (body, response) =>
      sendStream(response, body, [
        { role: "assistant", content: null },
        call(0, { id: "call_1", type: "function", function: { name: "weather", arguments: "" } }),
        call(0, { function: { arguments: '{"city":' } }),
        call(0, { function: { arguments: '"Oslo"}' } }),
        call(1, { id: "call_2", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }),
      ], "tool_calls");
    const final = await client.chat.completions.stream({ model: "smart", messages: hi, tools: [weather] }).finalChatCompletion();
    assert.equal(final.choices[0].finish_reason, "tool_calls");
    assert.deepEqual(final.choices[0].message.tool_calls.map((one) => [one.id, one.function.arguments]), [
      ["call_1", '{"city":"Oslo"}'],
      ["call_2", '{"city":"Rome"}'],
    ]);
  });

  it("sends images as they are", async () => {
    const content = [{ type: "text", text: "what is it?" }, { type: "image_url", image_url: { url: pixel } }];
    await ask({ messages: [{ role: "user", content }] });
    assert.deepEqual(provider.calls[0].body.messages[0].content, content);
  });

  it("parses an answer of a JSON schema", async () => {
    const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"], additionalProperties: false };
    const response_format = { type: "json_schema", json_schema: { name: "number", strict: true, schema } };
    provider.answer = (body, response) => sendJson(response, 200, completion(body, { content: '{"n":42}' }));
    const answer = await client.chat.completions.parse({ model: "smart", messages: hi, response_format });
    assert.deepEqual(JSON.parse(answer.choices[0].message.content), { n: 42 });
    assert.deepEqual(provider.calls[0].body.response_format, response_format);
  });

  it("lists models and finds one", async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes("smart") && ids.includes("toy"), ids);
    assert.equal((await client.models.retrieve("smart")).id, "smart");
    await assert.rejects(client.models.retrieve("nobody"), OpenAI.NotFoundError);
  });

  it("gets OpenAI's error classes", async () => {
    const stranger = new OpenAI({ apiKey: "vk-wrong", baseURL: `${troupe.api}/v1`, maxRetries: 0 });
    await assert.rejects(stranger.chat.completions.create({ model: "smart", messages: hi }), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError, error);
      assert.equal(error.code, "invalid_api_key");
      return true;
    });
    await assert.rejects(ask({ model: "nobody" }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError, error);
      assert.equal(error.code, "model_not_found");
      assert.match(error.requestID, /^req_/);
      return true;
    });
    await assert.rejects(ask({ messages: "hi" }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError, error);
      assert.equal(error.param, "messages");
      return true;
    });
  });

  it("keeps a provider's own 400", async () => {
    provider.answer = (_, response) => sendError(response, 400, "Unsupported value: 'temperature'.", "unsupported_value");
    await assert.rejects(ask({ temperature: 9 }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError, error);
      assert.match(error.message, /Unsupported value/);
      assert.equal(error.code, "unsupported_value");
      return true;
    });
  });

  it("raises inside a stream that breaks", async () => {
    provider.answer = (body, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const choices = [{ index: 0, delta: { role: "assistant", content: "Hel" }, finish_reason: null }];
      response.write(`data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: body.model, choices })}\n\n`);
      setImmediate(() => setTimeout(() => response.destroy(), 50));
    };
    let text = "";
    await assert.rejects(async () => {
      for await (const chunk of await ask({ stream: true })) text += chunk.choices[0]?.delta.content ?? "";
    }, OpenAI.APIError);
    assert.equal(text, "Hel");
  });

  it("cancels the provider's call when it aborts", async () => {
    const gone = new Promise((resolve) => {
      provider.answer = (body, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        const choices = [{ index: 0, delta: { role: "assistant", content: "one" }, finish_reason: null }];
        response.write(`data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: body.model, choices })}\n\n`);
        response.on("close", resolve);
      };
    });
    const stream = await ask({ stream: true });
    for await (const _ of stream) break;
    stream.controller.abort();
    await gone;
  });

  it("waits as told and comes again after a 429", async () => {
    provider.answer = (_, response) => sendError(response, 429, "Rate limit reached", "rate_limit_exceeded", { "retry-after": "1" });
    await assert.rejects(ask(), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError, error);
      assert.ok(Number(error.headers.get("retry-after")) >= 1, [...error.headers]);
      assert.ok(Number(error.headers.get("retry-after-ms")) > 0, [...error.headers]);
      return true;
    });
    provider.answer = standard;
    const patient = new OpenAI({ apiKey: KEY, baseURL: `${troupe.api}/v1`, maxRetries: 3 });
    const answer = await patient.chat.completions.create({ model: "smart", messages: hi });
    assert.equal(answer.choices[0].message.content, "Hello there.");
  });
});
