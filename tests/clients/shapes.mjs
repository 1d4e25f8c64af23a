// A scripted provider that speaks each family's own shape: what is asked is read, what the script says is written.
import { crc32 } from "node:zlib";

import { sendJson } from "./harness.mjs";

export const families = {
  openai: { type: "openai", model: "gpt-4o", base: (url) => `${url}/v1` },
  anthropic: { type: "anthropic", model: "claude-sonnet-4-5", base: (url) => url },
  bedrock: { type: "bedrock", model: "anthropic.claude-sonnet-4-5-20250929-v1:0", base: (url) => url, region: "eu-central-1" },
  gemini: { type: "gemini", model: "gemini-2.5-flash", base: (url) => url },
};

/** Providers and models of a node whose aliases are the families' names. */
export function configuration(origin) {
  const all = Object.entries(families);
  return {
    providers: Object.fromEntries(all.map(([name, { type, base, region }]) =>
      [name, { type, base_url: base(origin), keys: [{ name: "k", secret: `sk-${name}` }], ...(region ? { region } : {}) }])),
    models: Object.fromEntries(all.map(([name, { model }]) =>
      [name, { targets: [{ use: `${name}/${model}` }], retry: { attempts: 1 } }])),
  };
}

/** For Provider.answer. `script(asked)` gives {text}, {calls: [{name, input}]} or {status, message}. */
export function scripted(script) {
  return (body, response, request) => {
    const shape = shapeOf(request.url);
    const asked = readers[shape](body);
    asked.stream ||= /converse-stream|streamGenerate/.test(request.url);
    const said = { calls: [], text: "", ...script(asked) };
    if (said.status) return failures[shape](response, said);
    writers[shape](response, asked, said);
  };
}

function shapeOf(url) {
  if (url.includes("/chat/completions")) return "openai";
  if (url.includes("/messages")) return "anthropic";
  return url.includes("/model/") ? "bedrock" : "gemini";
}

// What is asked: {text, results: [text], tools: [name], force, schema, stream}.

const textOf = (content) =>
  typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? (part.json ? JSON.stringify(part.json) : "")).join("");

/** The results of tools behind the last thing that the model said. */
function lastResults(list, isModel, resultsOf) {
  const from = list.findLastIndex(isModel) + 1;
  return list.slice(from).flatMap(resultsOf);
}

const readers = {
  openai: (body) => ({
    stream: body.stream,
    text: textOf(body.messages.findLast((one) => one.role === "user")?.content),
    results: lastResults(body.messages, (one) => one.role === "assistant", (one) => (one.role === "tool" ? [textOf(one.content)] : [])),
    tools: (body.tools ?? []).map((tool) => tool.function.name),
    force: body.tool_choice?.function?.name ?? (body.tool_choice === "required" ? "any" : undefined),
    schema: body.response_format?.json_schema?.schema,
  }),
  anthropic: (body) => ({
    stream: body.stream,
    text: textOf(body.messages.findLast((one) => one.role === "user")?.content),
    results: lastResults(body.messages, (one) => one.role === "assistant", (one) =>
      (Array.isArray(one.content) ? one.content : []).filter((part) => part.type === "tool_result").map((part) => textOf(part.content))),
    tools: (body.tools ?? []).map((tool) => tool.name),
    force: body.tool_choice?.name ?? (body.tool_choice?.type === "any" ? "any" : undefined),
    schema: body.output_config?.format?.schema,
  }),
  bedrock: (body) => ({
    text: textOf(body.messages.findLast((one) => one.role === "user")?.content),
    results: lastResults(body.messages, (one) => one.role === "assistant", (one) =>
      one.content.filter((part) => part.toolResult).map((part) => textOf(part.toolResult.content))),
    tools: (body.toolConfig?.tools ?? []).filter((tool) => tool.toolSpec).map((tool) => tool.toolSpec.name),
    force: body.toolConfig?.toolChoice?.tool?.name ?? (body.toolConfig?.toolChoice?.any ? "any" : undefined),
    schema: body.outputConfig?.textFormat,
  }),
  gemini: (body) => {
    const calling = body.toolConfig?.functionCallingConfig;
    const names = calling?.allowedFunctionNames ?? [];
    return {
      text: textOf(body.contents.findLast((one) => one.role === "user")?.parts),
      results: lastResults(body.contents, (one) => one.role === "model", (one) =>
        one.parts.filter((part) => part.functionResponse).map((part) => JSON.stringify(part.functionResponse.response))),
      tools: (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []).map((tool) => tool.name),
      force: calling?.mode === "ANY" ? (names.length === 1 ? names[0] : "any") : undefined,
      schema: body.generationConfig?.responseJsonSchema ?? body.generationConfig?.responseSchema,
    };
  },
};

// What is answered.

/** Two pieces, so that a stream has more than one. */
const halves = (text) => [text.slice(0, text.length >> 1), text.slice(text.length >> 1)].filter(Boolean);
let ids = 0;
const makeId = (prefix) => `${prefix}${String(++ids).padStart(9, "0")}`;

function begin(response, type = "text/event-stream") {
  response.writeHead(200, { "content-type": type });
  return {
    data: (value) => response.write(`data: ${JSON.stringify(value)}\n\n`),
    named: (value) => response.write(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`),
    crlf: (value) => response.write(`data: ${JSON.stringify(value)}\r\n\r\n`),
    frame: (name, value) => response.write(awsFrame(name, value)),
  };
}

const writers = {
  openai(response, asked, { text, calls }) {
    const finish_reason = calls.length ? "tool_calls" : "stop";
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    const head = { id: makeId("chatcmpl-"), created: 1700000000, model: "gpt-4o-2024-08-06" };
    const tool_calls = calls.map(({ name, input }, index) =>
      ({ index, id: makeId("call_"), type: "function", function: { name, arguments: JSON.stringify(input) } }));
    if (!asked.stream) {
      const message = { role: "assistant", content: text || null, ...(calls.length ? { tool_calls } : {}) };
      return sendJson(response, 200, { ...head, object: "chat.completion", choices: [{ index: 0, message, finish_reason }], usage });
    }
    const { data } = begin(response);
    const chunk = (choices, more) => data({ ...head, object: "chat.completion.chunk", choices, ...more });
    const delta = (said) => chunk([{ index: 0, delta: said, finish_reason: null }]);
    delta({ role: "assistant", content: "" });
    for (const piece of halves(text)) delta({ content: piece });
    for (const call of tool_calls) {
      delta({ tool_calls: [{ ...call, function: { ...call.function, arguments: "" } }] });
      for (const piece of halves(call.function.arguments)) delta({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
    }
    chunk([{ index: 0, delta: {}, finish_reason }]);
    chunk([], { usage });
    response.end("data: [DONE]\n\n");
  },

  anthropic(response, asked, { text, calls }) {
    const stop_reason = calls.length ? "tool_use" : "end_turn";
    const content = [...(text ? [{ type: "text", text }] : []),
      ...calls.map(({ name, input }) => ({ type: "tool_use", id: makeId("toolu_"), name, input }))];
    const message = { id: makeId("msg_"), type: "message", role: "assistant", model: "claude-sonnet-4-5", stop_sequence: null };
    if (!asked.stream)
      return sendJson(response, 200, { ...message, content, stop_reason, usage: { input_tokens: 11, output_tokens: 7 } });
    const { named } = begin(response);
    named({ type: "message_start", message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 11, output_tokens: 1 } } });
    named({ type: "ping" });
    content.forEach((block, index) => {
      const empty = block.type === "text" ? { ...block, text: "" } : { ...block, input: {} };
      named({ type: "content_block_start", index, content_block: empty });
      for (const piece of halves(block.text ?? JSON.stringify(block.input)))
        named({ type: "content_block_delta", index,
          delta: block.text ? { type: "text_delta", text: piece } : { type: "input_json_delta", partial_json: piece } });
      named({ type: "content_block_stop", index });
    });
    named({ type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 7 } });
    named({ type: "message_stop" });
    response.end();
  },

  bedrock(response, asked, { text, calls }) {
    const stopReason = calls.length ? "tool_use" : "end_turn";
    const usage = { inputTokens: 11, outputTokens: 7, totalTokens: 18 };
    const content = [...(text ? [{ text }] : []),
      ...calls.map(({ name, input }) => ({ toolUse: { toolUseId: makeId("tooluse_"), name, input } }))];
    if (!asked.stream)
      return sendJson(response, 200, { output: { message: { role: "assistant", content } }, stopReason, usage, metrics: { latencyMs: 1 } });
    const { frame } = begin(response, "application/vnd.amazon.eventstream");
    frame("messageStart", { role: "assistant", p: "abc" });
    content.forEach(({ text: words, toolUse }, contentBlockIndex) => {
      if (toolUse)
        frame("contentBlockStart", { contentBlockIndex, start: { toolUse: { toolUseId: toolUse.toolUseId, name: toolUse.name } } });
      for (const piece of halves(words ?? JSON.stringify(toolUse.input)))
        frame("contentBlockDelta", { contentBlockIndex, delta: words ? { text: piece } : { toolUse: { input: piece } } });
      frame("contentBlockStop", { contentBlockIndex });
    });
    frame("messageStop", { stopReason });
    frame("metadata", { usage, metrics: { latencyMs: 1 } });
    response.end();
  },

  gemini(response, asked, { text, calls }) {
    const parts = [...halves(text).map((piece) => ({ text: piece })), ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } }))];
    const usageMetadata = { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 };
    const head = { modelVersion: "gemini-2.5-flash", responseId: makeId("g") };
    const answer = (some, finishReason) =>
      ({ candidates: [{ content: { role: "model", parts: some }, index: 0, ...(finishReason ? { finishReason } : {}) }], usageMetadata, ...head });
    if (!asked.stream) return sendJson(response, 200, answer(parts, "STOP"));
    const { crlf } = begin(response);
    parts.forEach((part, at) => crlf(answer([part], at === parts.length - 1 ? "STOP" : undefined)));
    response.end();
  },
};

const failures = {
  openai: (response, { status, message }) =>
    sendJson(response, status, { error: { message, type: "invalid_request_error", param: null, code: null } }),
  anthropic: (response, { status, message }) =>
    sendJson(response, status, { type: "error", error: { type: status === 429 ? "rate_limit_error" : "invalid_request_error", message } }),
  bedrock: (response, { status, message }) =>
    sendJson(response, status, { message }, { "x-amzn-errortype": `${status === 429 ? "ThrottlingException" : "ValidationException"}:http://internal` }),
  gemini: (response, { status, message }) =>
    sendJson(response, status, { error: { code: status, message, status: status === 429 ? "RESOURCE_EXHAUSTED" : "INVALID_ARGUMENT" } }),
};

/** One frame of an AWS event stream. */
export function awsFrame(event, value) {
  const header = (name, text) =>
    Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7, text.length >> 8, text.length & 255]), Buffer.from(text)]);
  const headers = Buffer.concat([header(":event-type", event), header(":content-type", "application/json"), header(":message-type", "event")]);
  const body = Buffer.from(JSON.stringify(value));
  const numbers = (...all) => Buffer.concat(all.map((number) => { const four = Buffer.alloc(4); four.writeUInt32BE(number >>> 0); return four; }));
  const prelude = numbers(16 + headers.length + body.length, headers.length);
  const all = Buffer.concat([prelude, numbers(crc32(prelude)), headers, body]);
  return Buffer.concat([all, numbers(crc32(all))]);
}
