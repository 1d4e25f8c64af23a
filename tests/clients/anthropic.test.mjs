// The official Anthropic SDK against `troupe mock`: the shape that our Anthropic adapter is tested with is the real one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import Anthropic from "@anthropic-ai/sdk";

import { Troupe } from "./harness.mjs";

const ask = { model: "claude-sonnet-4-5", max_tokens: 64, messages: [{ role: "user", content: "hi" }] };
const tools = [{ name: "weather", description: "Tells it", input_schema: { type: "object", properties: { city: { type: "string" } } } }];

describe("the Anthropic SDK and the mock", () => {
  let mock, client;

  before(async () => {
    mock = await Troupe.mock();
    client = new Anthropic({ apiKey: "any", baseURL: mock.api, maxRetries: 0 });
  });

  after(() => mock?.stop());

  it("gets a whole message with usage", async () => {
    const message = await client.messages.create(ask);
    assert.equal(message.type, "message");
    assert.equal(message.role, "assistant");
    assert.ok(message.content[0].text.length > 0);
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
    assert.ok(["end_turn", "max_tokens"].includes(message.stop_reason));
  });

  it("gets a stream whose pieces make the message", async () => {
    const stream = client.messages.stream(ask);
    let text = "";
    stream.on("text", (piece) => (text += piece));
    const message = await stream.finalMessage();
    assert.ok(text.length > 0);
    assert.equal(message.content[0].text, text);
    assert.ok(message.usage.output_tokens > 0);
  });

  it("gets a tool call when it forces one", async () => {
    const forced = { ...ask, tools, tool_choice: { type: "tool", name: "weather" } };
    const message = await client.messages.create(forced);
    assert.equal(message.stop_reason, "tool_use");
    const call = message.content.find((block) => block.type === "tool_use");
    assert.equal(call.name, "weather");
    assert.equal(typeof call.input, "object");
    const streamed = await client.messages.stream(forced).finalMessage();
    assert.equal(streamed.content.find((block) => block.type === "tool_use").name, "weather");
  });

  it("gets Anthropic's error classes", async () => {
    const expected = [["--error-rate", Anthropic.InternalServerError], ["--rate-limit-rate", Anthropic.RateLimitError]];
    for (const [option, kind] of expected) {
      const bad = await Troupe.mock(option, "1");
      const unlucky = new Anthropic({ apiKey: "any", baseURL: bad.api, maxRetries: 0 });
      await assert.rejects(unlucky.messages.create(ask), kind);
      await bad.stop();
    }
    await assert.rejects(client.messages.create({ ...ask, messages: "hi" }), Anthropic.BadRequestError);
  });
});
