// The official SDKs of one vendor, served by another: every inbound dialect over the mock in every family's shape.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { Troupe } from "./harness.mjs";

const schema = { type: "object", properties: { city: { type: "string" } } };
const hi = [{ role: "user", content: "hi" }];

for (const model of ["openai-shaped", "anthropic-shaped", "bedrock-shaped", "gemini-shaped"]) {
  describe(`through the node to an ${model} provider`, () => {
    let mock, troupe, openai, anthropic;

    before(async () => {
      mock = await Troupe.mock();
      troupe = await Troupe.serve({
        providers: {
          "openai-shaped": { type: "openai", base_url: `${mock.api}/v1`, keys: [{ name: "a", secret: "sk-a" }] },
          "anthropic-shaped": { type: "anthropic", base_url: mock.api, keys: [{ name: "b", secret: "sk-b" }] },
          "bedrock-shaped": { type: "bedrock", region: "eu-central-1", base_url: mock.api, keys: [{ name: "c", secret: "sk-c" }] },
          "gemini-shaped": { type: "gemini", base_url: `${mock.api}/v1beta`, keys: [{ name: "d", secret: "sk-d" }] },
        },
        models: {
          "openai-shaped": { targets: [{ use: "openai-shaped/gpt-4o" }] },
          "anthropic-shaped": { targets: [{ use: "anthropic-shaped/claude-sonnet-4-5" }] },
          "bedrock-shaped": { targets: [{ use: "bedrock-shaped/anthropic.claude-sonnet-4-5-20250929-v1:0" }] },
          "gemini-shaped": { targets: [{ use: "gemini-shaped/gemini-2.5-flash" }] },
        },
      });
      openai = new OpenAI({ apiKey: "any", baseURL: `${troupe.api}/v1`, maxRetries: 0 });
      anthropic = new Anthropic({ apiKey: "any", baseURL: troupe.api, maxRetries: 0 });
    });

    after(async () => {
      await troupe?.stop();
      await mock?.stop();
    });

    it("Messages: whole, streamed, with a tool, and errors", async () => {
      const ask = { model, max_tokens: 64, messages: hi };
      const whole = await anthropic.messages.create(ask);
      assert.equal(whole.type, "message");
      assert.ok(whole.content[0].text.length > 0);
      assert.ok(whole.usage.input_tokens > 0 && whole.usage.output_tokens > 0);
      const stream = anthropic.messages.stream(ask);
      let text = "";
      stream.on("text", (piece) => (text += piece));
      const told = await stream.finalMessage();
      assert.ok(text.length > 0);
      assert.equal(told.content[0].text, text);
      assert.ok(told.usage.output_tokens > 0);
      const forced = { ...ask, tools: [{ name: "weather", input_schema: schema }], tool_choice: { type: "tool", name: "weather" } };
      for (const answer of [await anthropic.messages.create(forced), await anthropic.messages.stream(forced).finalMessage()]) {
        const call = answer.content.find((block) => block.type === "tool_use");
        assert.equal(answer.stop_reason, "tool_use");
        assert.equal(call.name, "weather");
        assert.equal(typeof call.input, "object");
        const again = await anthropic.messages.create({
          ...ask,
          tools: forced.tools,
          messages: [...hi, { role: "assistant", content: answer.content },
            { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "rain" }] }],
        });
        assert.equal(again.type, "message");
      }
      await assert.rejects(anthropic.messages.create({ ...ask, model: "none-such" }), Anthropic.NotFoundError);
      await assert.rejects(anthropic.messages.create({ ...ask, messages: "hi" }), Anthropic.BadRequestError);
      const count = await anthropic.messages.countTokens({ model, messages: hi });
      assert.ok(count.input_tokens > 0);
    });

    it("Responses: whole, streamed, with a tool, and errors", async () => {
      const whole = await openai.responses.create({ model, input: "hi" });
      assert.equal(whole.status, "completed");
      assert.ok(whole.output_text.length > 0);
      assert.ok(whole.usage.total_tokens > 0);
      const stream = openai.responses.stream({ model, input: "hi" });
      let text = "";
      stream.on("response.output_text.delta", (event) => (text += event.delta));
      const told = await stream.finalResponse();
      assert.equal(told.output_text, text);
      assert.ok(text.length > 0);
      const tools = [{ type: "function", name: "weather", parameters: schema, strict: false }];
      const forced = { model, input: "hi", tools, tool_choice: { type: "function", name: "weather" } };
      for (const answer of [await openai.responses.create(forced), await openai.responses.stream(forced).finalResponse()]) {
        const call = answer.output.find((item) => item.type === "function_call");
        assert.equal(call.name, "weather");
        JSON.parse(call.arguments);
        const input = [{ role: "user", content: "hi" }, ...answer.output,
          { type: "function_call_output", call_id: call.call_id, output: "rain" }];
        const again = await openai.responses.create({ model, input, tools, store: false });
        assert.equal(again.status, "completed");
      }
      await assert.rejects(openai.responses.create({ model: "none-such", input: "hi" }), OpenAI.NotFoundError);
      await assert.rejects(openai.responses.create({ model, input: "hi", previous_response_id: "resp_1" }), OpenAI.BadRequestError);
    });

    it("chat completions: whole, streamed, and with a tool", async () => {
      const whole = await openai.chat.completions.create({ model, messages: hi });
      assert.ok(whole.choices[0].message.content.length > 0);
      const stream = await openai.chat.completions.create({ model, messages: hi, stream: true });
      let text = "";
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      assert.ok(text.length > 0);
      const tools = [{ type: "function", function: { name: "weather", parameters: schema } }];
      const forced = { model, messages: hi, tools, tool_choice: { type: "function", function: { name: "weather" } } };
      const answer = await openai.chat.completions.create(forced);
      const [call] = answer.choices[0].message.tool_calls;
      assert.equal(call.function.name, "weather");
      const messages = [...hi, answer.choices[0].message, { role: "tool", tool_call_id: call.id, content: "rain" }];
      assert.ok((await openai.chat.completions.create({ model, messages, tools })).choices[0].message);
    });
  });
}

describe("embeddings", () => {
  let troupe, openai;

  before(async () => {
    troupe = await Troupe.serve({
      providers: { mock: { type: "mock", ttft: "1ms" } },
      models: { vectors: { targets: [{ use: "mock/text-embedding-3-small" }] } },
    });
    openai = new OpenAI({ apiKey: "any", baseURL: `${troupe.api}/v1`, maxRetries: 0 });
  });

  after(() => troupe?.stop());

  it("come as numbers, in the base64 that the SDK asks for and without it", async () => {
    const packed = await openai.embeddings.create({ model: "vectors", input: ["a", "b"] });
    const plain = await openai.embeddings.create({ model: "vectors", input: ["a", "b"], encoding_format: "float" });
    assert.equal(packed.data.length, 2);
    assert.equal(packed.data[1].embedding.length, plain.data[1].embedding.length);
    assert.ok(Math.abs(packed.data[1].embedding[0] - plain.data[1].embedding[0]) < 1e-6);
    assert.ok(packed.usage.prompt_tokens > 0);
  });
});
