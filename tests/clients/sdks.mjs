// The client libraries, each as the same five things that an application does with it.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { generateObject, generateText, stepCountIs, streamText, tool } from "ai";
import OpenAI from "openai";
import { z } from "zod";

const place = z.object({ city: z.string(), degrees: z.number() });
const city = z.object({ city: z.string() });
const jsonSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const placeSchema = {
  type: "object", properties: { city: { type: "string" }, degrees: { type: "number" } }, required: ["city", "degrees"], additionalProperties: false,
};
const about = "The weather of a city";
const result = (called) => `sunny in ${called.city}`;

/** Vercel's, over a provider of it. `options`: for the Responses that keep nothing. */
function vercel(make, providerOptions) {
  return (api) => {
    const common = (name) => ({ model: make(api)(name), maxRetries: 0, ...(providerOptions ? { providerOptions } : {}) });
    const tools = { get_weather: tool({ description: about, inputSchema: city, execute: async (called) => result(called) }) };
    return {
      async plain(name, prompt) {
        const told = await generateText({ ...common(name), prompt });
        return { text: told.text, usage: [told.usage.inputTokens, told.usage.outputTokens] };
      },
      async stream(name, prompt) {
        const errors = [];
        const told = streamText({ ...common(name), prompt, onError: ({ error }) => errors.push(error) });
        const pieces = [];
        for await (const piece of told.textStream) pieces.push(piece);
        if (errors.length) throw errors[0];
        const usage = await told.usage;
        return { pieces, usage: [usage.inputTokens, usage.outputTokens] };
      },
      async tools(name, prompt) {
        const told = await generateText({ ...common(name), prompt, tools, stopWhen: stepCountIs(4) });
        const streamed = streamText({ ...common(name), prompt, tools, stopWhen: stepCountIs(4) });
        return [told.text, await streamed.text];
      },
      structured: async (name, prompt) => (await generateObject({ ...common(name), schema: place, prompt })).object,
      error: (name, prompt) => generateText({ ...common(name), prompt }),
      statusOf: (error) => error.statusCode,
    };
  };
}

/** LangChain's, over a chat model of it. */
function langchain(make) {
  return (api) => {
    const weather = langchainTool(async (called) => result(called), { name: "get_weather", description: about, schema: city });
    const usageOf = (message) => [message.usage_metadata?.input_tokens, message.usage_metadata?.output_tokens];
    const ask = async (model, prompt) => {
      const messages = [new HumanMessage(prompt)];
      for (let step = 0; step < 4; ++step) {
        const message = await model(messages);
        messages.push(message);
        if (!message.tool_calls?.length) return message.text;
        for (const call of message.tool_calls)
          messages.push(new ToolMessage({ tool_call_id: call.id, content: await weather.invoke(call.args) }));
      }
      return "";
    };
    const whole = async (stream) => {
      let sum;
      for await (const chunk of stream) sum = sum ? sum.concat(chunk) : chunk;
      return sum;
    };
    return {
      async plain(name, prompt) {
        const message = await make(api, name).invoke(prompt);
        return { text: message.text, usage: usageOf(message) };
      },
      async stream(name, prompt) {
        const pieces = [];
        let sum;
        for await (const chunk of await make(api, name).stream(prompt)) {
          if (chunk.text) pieces.push(chunk.text);
          sum = sum ? sum.concat(chunk) : chunk;
        }
        return { pieces, usage: usageOf(sum) };
      },
      async tools(name, prompt) {
        const model = make(api, name).bindTools([weather]);
        return [await ask((messages) => model.invoke(messages), prompt),
          await ask(async (messages) => whole(await model.stream(messages)), prompt)];
      },
      structured: (name, prompt) => make(api, name).withStructuredOutput(place, { name: "place" }).invoke(prompt),
      error: (name, prompt) => make(api, name).invoke(prompt),
      statusOf: (error) => error.status ?? error.cause?.status,
    };
  };
}

const openai = (api) => new OpenAI({ apiKey: "any", baseURL: `${api}/v1`, maxRetries: 0 });
const anthropic = (api) => new Anthropic({ apiKey: "any", baseURL: api, maxRetries: 0 });

/** Until there is no call left, as every application writes it. */
async function loop(turn) {
  for (let step = 0; step < 4; ++step) {
    const text = await turn();
    if (text !== undefined) return text;
  }
  return "";
}

function openaiChat(api) {
  const client = openai(api);
  const user = (content) => [{ role: "user", content }];
  const tools = [{ type: "function", function: { name: "get_weather", description: about, parameters: jsonSchema } }];
  const talk = (send) => (name, prompt) => {
    const messages = user(prompt);
    return loop(async () => {
      const message = await send({ model: name, messages, tools });
      messages.push(message);
      if (!message.tool_calls?.length) return message.content;
      for (const call of message.tool_calls)
        messages.push({ role: "tool", tool_call_id: call.id, content: result(JSON.parse(call.function.arguments)) });
    });
  };
  return {
    async plain(name, prompt) {
      const told = await client.chat.completions.create({ model: name, messages: user(prompt) });
      return { text: told.choices[0].message.content, usage: [told.usage.prompt_tokens, told.usage.completion_tokens] };
    },
    async stream(name, prompt) {
      const told = await client.chat.completions.create({ model: name, messages: user(prompt), stream: true, stream_options: { include_usage: true } });
      const pieces = [];
      let usage;
      for await (const chunk of told) {
        if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content);
        usage = chunk.usage ?? usage;
      }
      return { pieces, usage: [usage.prompt_tokens, usage.completion_tokens] };
    },
    tools: async (name, prompt) => [
      await talk(async (body) => (await client.chat.completions.create(body)).choices[0].message)(name, prompt),
      await talk((body) => client.chat.completions.stream(body).finalMessage())(name, prompt)],
    async structured(name, prompt) {
      const response_format = { type: "json_schema", json_schema: { name: "place", strict: true, schema: placeSchema } };
      return (await client.chat.completions.parse({ model: name, messages: user(prompt), response_format })).choices[0].message.parsed
        ?? JSON.parse((await client.chat.completions.create({ model: name, messages: user(prompt), response_format })).choices[0].message.content);
    },
    error: (name, prompt) => client.chat.completions.create({ model: name, messages: user(prompt) }),
    statusOf: (error) => error.status,
  };
}

function openaiResponses(api) {
  const client = openai(api);
  const tools = [{ type: "function", name: "get_weather", description: about, parameters: jsonSchema, strict: true }];
  const talk = (send) => (name, prompt) => {
    const input = [{ role: "user", content: prompt }];
    return loop(async () => {
      const answer = await send({ model: name, input, tools, store: false });
      input.push(...answer.output);
      const calls = answer.output.filter((item) => item.type === "function_call");
      if (!calls.length) return answer.output_text;
      for (const call of calls)
        input.push({ type: "function_call_output", call_id: call.call_id, output: result(JSON.parse(call.arguments)) });
    });
  };
  const usageOf = ({ usage }) => [usage.input_tokens, usage.output_tokens];
  return {
    async plain(name, prompt) {
      const told = await client.responses.create({ model: name, input: prompt });
      return { text: told.output_text, usage: usageOf(told) };
    },
    async stream(name, prompt) {
      const told = client.responses.stream({ model: name, input: prompt });
      const pieces = [];
      told.on("response.output_text.delta", (event) => pieces.push(event.delta));
      return { usage: usageOf(await told.finalResponse()), pieces };
    },
    tools: async (name, prompt) => [await talk((body) => client.responses.create(body))(name, prompt),
      await talk((body) => client.responses.stream(body).finalResponse())(name, prompt)],
    async structured(name, prompt) {
      const text = { format: { type: "json_schema", name: "place", strict: true, schema: placeSchema } };
      return JSON.parse((await client.responses.create({ model: name, input: prompt, text })).output_text);
    },
    error: (name, prompt) => client.responses.create({ model: name, input: prompt }),
    statusOf: (error) => error.status,
  };
}

function anthropicMessages(api) {
  const client = anthropic(api);
  const common = (name, prompt) => ({ model: name, max_tokens: 500, messages: [{ role: "user", content: prompt }] });
  const tools = [{ name: "get_weather", description: about, input_schema: jsonSchema }];
  const textOf = (message) => message.content.filter((block) => block.type === "text").map((block) => block.text).join("");
  const usageOf = ({ usage }) => [usage.input_tokens, usage.output_tokens];
  const talk = (send) => (name, prompt) => {
    const body = { ...common(name, prompt), tools };
    return loop(async () => {
      const message = await send(body);
      body.messages.push({ role: "assistant", content: message.content });
      const calls = message.content.filter((block) => block.type === "tool_use");
      if (!calls.length) return textOf(message);
      body.messages.push({ role: "user", content: calls.map((call) => ({ type: "tool_result", tool_use_id: call.id, content: result(call.input) })) });
    });
  };
  return {
    async plain(name, prompt) {
      const told = await client.messages.create(common(name, prompt));
      return { text: textOf(told), usage: usageOf(told) };
    },
    async stream(name, prompt) {
      const told = client.messages.stream(common(name, prompt));
      const pieces = [];
      told.on("text", (piece) => pieces.push(piece));
      return { usage: usageOf(await told.finalMessage()), pieces };
    },
    tools: async (name, prompt) => [await talk((body) => client.messages.create(body))(name, prompt),
      await talk((body) => client.messages.stream(body).finalMessage())(name, prompt)],
    async structured(name, prompt) {
      const output_config = { format: { type: "json_schema", schema: placeSchema } };
      return JSON.parse(textOf(await client.messages.create({ ...common(name, prompt), output_config })));
    },
    error: (name, prompt) => client.messages.create(common(name, prompt)),
    statusOf: (error) => error.status,
  };
}

const any = { apiKey: "any" };
export const sdks = {
  "openai, chat": openaiChat,
  "openai, responses": openaiResponses,
  "@anthropic-ai/sdk": anthropicMessages,
  "ai + @ai-sdk/openai, responses": vercel((api) => createOpenAI({ ...any, baseURL: `${api}/v1` }), { openai: { store: false } }),
  "ai + @ai-sdk/openai, chat": vercel((api) => createOpenAI({ ...any, baseURL: `${api}/v1` }).chat),
  "ai + @ai-sdk/openai-compatible": vercel((api) =>
    createOpenAICompatible({ ...any, name: "troupe", baseURL: `${api}/v1`, includeUsage: true, supportsStructuredOutputs: true })),
  "ai + @ai-sdk/anthropic": vercel((api) => createAnthropic({ ...any, baseURL: `${api}/v1` })),
  "@langchain/openai": langchain((api, model) =>
    new ChatOpenAI({ model, ...any, maxRetries: 0, configuration: { baseURL: `${api}/v1` } })),
  "@langchain/anthropic": langchain((api, model) =>
    new ChatAnthropic({ model, ...any, maxRetries: 0, anthropicApiUrl: api })),
};
