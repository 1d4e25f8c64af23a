// `troupe mock` as the vendors' own clients see it: the shapes that no other test of the mock has a client for.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import OpenAI from "openai";

import { Troupe } from "./harness.mjs";

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
let mock;
before(async () => (mock = await Troupe.mock()));
after(() => mock?.stop());

describe("@google/genai on the mock", () => {
  const client = () => new GoogleGenAI({ apiKey: "AIza-any", httpOptions: { baseUrl: mock.api } });
  const ask = { model: "gemini-2.5-flash", contents: "hi there" };
  const tools = [{ functionDeclarations: [{ name: "weather", description: "The weather", parametersJsonSchema: schema }] }];

  it("hears a text, whole and streamed, with its usage", async () => {
    const whole = await client().models.generateContent(ask);
    assert.match(whole.text, /hi there/);
    assert.equal(whole.candidates[0].finishReason, "STOP");
    assert.ok(whole.usageMetadata.candidatesTokenCount > 0);
    let text = "", last;
    for await (const chunk of await client().models.generateContentStream(ask)) {
      text += chunk.text ?? "";
      last = chunk;
    }
    assert.equal(text, whole.text);
    assert.equal(last.candidates[0].finishReason, "STOP");
    assert.deepEqual(last.usageMetadata, whole.usageMetadata);
  });

  it("is told to call a tool, whole and streamed, and hears of its result", async () => {
    const forced = { ...ask, config: { tools, toolConfig: { functionCallingConfig: { mode: "ANY" } } } };
    const [call] = (await client().models.generateContent(forced)).functionCalls;
    assert.equal(call.name, "weather");
    assert.equal(typeof call.args.city, "string");
    const streamed = [];
    for await (const chunk of await client().models.generateContentStream(forced)) streamed.push(...(chunk.functionCalls ?? []));
    assert.deepEqual(streamed.map(({ name, args }) => ({ name, args })), [{ name: call.name, args: call.args }]);
    const contents = [{ role: "user", parts: [{ text: "hi" }] }, { role: "model", parts: [{ functionCall: call }] },
      { role: "user", parts: [{ functionResponse: { name: "weather", response: { output: "rain" } } }] }];
    assert.match((await client().models.generateContent({ ...ask, contents, config: { tools } })).text, /rain/);
  });

  it("gets JSON of a schema, and errors with their status", async () => {
    const config = { responseMimeType: "application/json", responseJsonSchema: schema };
    assert.equal(typeof JSON.parse((await client().models.generateContent({ ...ask, config })).text).city, "string");
    const error = await client().models.generateContent({ ...ask, model: "mock-429" }).catch((one) => one);
    assert.equal(error.status, 429);
    assert.match(error.message, /RESOURCE_EXHAUSTED/);
  });
});

describe("@aws-sdk/client-bedrock-runtime on the mock", () => {
  const client = () =>
    new BedrockRuntimeClient({ region: "eu-central-1", endpoint: mock.api, requestHandler: new NodeHttpHandler(), maxAttempts: 1,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" } });
  const ask = { modelId: "us.amazon.nova-lite-v1:0", messages: [{ role: "user", content: [{ text: "hi there" }] }] };
  const toolConfig = { tools: [{ toolSpec: { name: "weather", inputSchema: { json: schema } } }], toolChoice: { any: {} } };

  /** Text, arguments, stop reason and usage of a stream. */
  async function heard(command) {
    const seen = { text: "", input: "", names: [] };
    for await (const event of (await client().send(command)).stream) {
      seen.names.push(Object.keys(event)[0]);
      seen.text += event.contentBlockDelta?.delta.text ?? "";
      seen.input += event.contentBlockDelta?.delta.toolUse?.input ?? "";
      seen.tool = event.contentBlockStart?.start.toolUse?.name ?? seen.tool;
      seen.stop = event.messageStop?.stopReason ?? seen.stop;
      seen.usage = event.metadata?.usage ?? seen.usage;
    }
    return seen;
  }

  it("hears a text, whole and streamed, with its usage", async () => {
    const whole = await client().send(new ConverseCommand(ask));
    const [{ text }] = whole.output.message.content;
    assert.match(text, /hi there/);
    assert.equal(whole.stopReason, "end_turn");
    const seen = await heard(new ConverseStreamCommand(ask));
    assert.equal(seen.text, text);
    assert.equal(seen.stop, "end_turn");
    assert.deepEqual(seen.usage, whole.usage);
    assert.equal(seen.names[0], "messageStart");
    assert.equal(seen.names.at(-1), "metadata");
  });

  it("is told to call a tool, whole and streamed", async () => {
    const whole = await client().send(new ConverseCommand({ ...ask, toolConfig }));
    const [{ toolUse }] = whole.output.message.content;
    assert.equal(toolUse.name, "weather");
    assert.equal(whole.stopReason, "tool_use");
    const seen = await heard(new ConverseStreamCommand({ ...ask, toolConfig }));
    assert.equal(seen.tool, "weather");
    assert.deepEqual(JSON.parse(seen.input), toolUse.input);
  });

  it("fails with the exception that AWS names, before a stream and in it", async () => {
    await assert.rejects(client().send(new ConverseCommand({ ...ask, modelId: "mock-429" })), { name: "ThrottlingException" });
    await assert.rejects(heard(new ConverseStreamCommand({ ...ask, modelId: "mock-error-event" })), { name: "ModelStreamErrorException" });
    await assert.rejects(heard(new ConverseStreamCommand({ ...ask, modelId: "mock-cut" })));
  });
});

describe("openai's Responses on the mock", () => {
  const client = () => new OpenAI({ apiKey: "any", baseURL: `${mock.api}/v1`, maxRetries: 0 });

  it("come whole and streamed, with text, tool and schema", async () => {
    const whole = await client().responses.create({ model: "m", input: "hi there" });
    assert.match(whole.output_text, /hi there/);
    const told = await client().responses.stream({ model: "m", input: "hi there" }).finalResponse();
    assert.equal(told.output_text, whole.output_text);
    assert.deepEqual(told.usage, whole.usage);
    const tools = [{ type: "function", name: "weather", parameters: schema, strict: false }];
    const forced = { model: "m", input: "hi", tools, tool_choice: "required" };
    for (const answer of [await client().responses.create(forced), await client().responses.stream(forced).finalResponse()])
      assert.equal(typeof JSON.parse(answer.output.find((item) => item.type === "function_call").arguments).city, "string");
    const text = { format: { type: "json_schema", name: "place", schema } };
    assert.equal(typeof JSON.parse((await client().responses.create({ model: "m", input: "hi", text })).output_text).city, "string");
    await assert.rejects(client().responses.create({ model: "mock-429", input: "hi" }), OpenAI.RateLimitError);
  });
});
