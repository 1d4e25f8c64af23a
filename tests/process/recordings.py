"""Recorded exchanges of real providers, and what a client of ours must see of each."""
import json
import os
import pathlib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROVIDERS = ("openai", "anthropic", "groq", "deepseek", "together", "xai", "vllm", "cerebras", "openrouter",
             "other-openai-compatible")
KEPT = ("content", "reasoning", "reasoning_content", "refusal")
FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls",
          "refusal": "content_filter", "model_context_window_exceeded": "length"}
DROPPED = ("content-length", "transfer-encoding", "content-encoding", "connection")


def folder():
    """TROUPE_FIXTURES, else ../shared/fixtures beside the checkout."""
    fixtures = pathlib.Path(os.environ.get("TROUPE_FIXTURES", ROOT.parent / "shared/fixtures"))
    if not (fixtures / "recorded").is_dir():
        raise unittest.SkipTest(f"skipped: no recordings at {fixtures}/recorded; set TROUPE_FIXTURES")
    return fixtures / "recorded"


class Recording:
    """One chat exchange. `name` is short and unique: it becomes a provider, an alias and a key."""

    def __init__(self, name, provider, place, exchange):
        self.name, self.provider, self.place = name, provider, place
        self.kind = "anthropic" if provider == "anthropic" else "openai"
        self.asked = json.loads(exchange["request"]["body"])
        answer = exchange["response"]
        self.status, self.body = answer["status"], (answer.get("body") or "").encode()
        self.headers = {key.lower(): value for key, value in answer["headers"].items() if key.lower() not in DROPPED}
        self.streamed = self.body.lstrip().startswith((b"data:", b"event:", b": "))
        self.headers["content-type"] = "text/event-stream" if self.streamed else "application/json"

    def frames(self):
        """The JSON of every data line."""
        lines = [line[5:].strip() for line in self.body.splitlines() if line.startswith(b"data:")]
        return [json.loads(line) for line in lines if line and line != b"[DONE]"]

    def request(self):
        """The OpenAI chat request that asks for the same."""
        body = dict(self.asked) if self.kind == "openai" else as_openai(self.asked)
        body["model"] = self.name
        body["stream"] = self.streamed
        if self.streamed:
            body["stream_options"] = {"include_usage": True}
        else:
            body.pop("stream_options", None)
        return body

    def whole(self):
        return json.loads(self.body)


def load():
    """Every recorded chat exchange of PROVIDERS."""
    found = []
    for provider in PROVIDERS:
        path = "/v1/messages" if provider == "anthropic" else "chat/completions"
        for file in sorted((folder() / provider).glob("*.json")):
            for index, exchange in enumerate(json.loads(file.read_text())["exchanges"]):
                if exchange["request"]["url"].split("?")[0].endswith(path) and exchange["response"].get("body"):
                    place = f"{provider}/{file.name}#{index}"
                    found.append(Recording(f"r{len(found)}", provider, place, exchange))
    return found


# An Anthropic request said in OpenAI's words.

def as_openai(asked):
    messages = [{"role": "system", "content": plain(asked["system"])}] if asked.get("system") else []
    for message in asked["messages"]:
        messages += message_as_openai(message)
    body = {"messages": messages, "max_tokens": asked["max_tokens"]}
    tools = [{"type": "function", "function": {"name": tool["name"], "description": tool.get("description", ""),
                                               "parameters": tool["input_schema"]}}
             for tool in asked.get("tools", []) if "input_schema" in tool]
    return {**body, "tools": tools} if tools else body


def plain(content):
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else part.get("text") or "" for part in content or [])


def message_as_openai(message):
    if isinstance(message, str):  # a recorded mistake; its answer is a 400 all the same
        return [{"role": "user", "content": message}]
    content = message["content"]
    if isinstance(content, str):
        return [{"role": message["role"], "content": content}]
    parts = [{"type": "text", "text": part} if isinstance(part, str) else part for part in content]
    results = [{"role": "tool", "tool_call_id": part["tool_use_id"], "content": plain(part.get("content"))}
               for part in parts if part["type"] == "tool_result"]
    rest = [shown for shown in map(part_as_openai, parts) if shown]
    calls = [{"id": part["id"], "type": "function",
              "function": {"name": part["name"], "arguments": json.dumps(part["input"])}}
             for part in parts if part["type"] == "tool_use"]
    said = {"role": message["role"], "content": rest or ("" if calls else None)}
    if calls:
        said["tool_calls"] = calls
    return results + ([said] if rest or calls else [])


def part_as_openai(part):
    if part["type"] == "text":
        return {"type": "text", "text": part["text"]}
    if part["type"] == "image":
        source = part["source"]
        url = source.get("url") or f"data:{source.get('media_type')};base64,{source.get('data')}"
        return {"type": "image_url", "image_url": {"url": url}}
    return None


# What the client must see: {choice index: {"content", "tool_calls": [(id, name, arguments)], "finish", ...}}.

def see_whole(answer):
    """A whole OpenAI answer, folded."""
    seen = {}
    for choice in answer["choices"]:
        message = choice.get("message") or {}
        seen[choice["index"]] = {
            **{field: message.get(field) or "" for field in KEPT}, "finish": choice.get("finish_reason"),
            "tool_calls": [(call["id"], call["function"]["name"], call["function"]["arguments"])
                           for call in message.get("tool_calls") or []]}
    return seen


def see_stream(chunks):
    """The chunks of an OpenAI stream, folded."""
    seen = {}
    for chunk in chunks:
        for choice in chunk.get("choices") or []:
            one = seen.setdefault(choice["index"], {**dict.fromkeys(KEPT, ""), "finish": None, "calls": {}})
            delta = choice.get("delta") or {}
            for field in KEPT:
                one[field] += delta.get(field) or ""
            for call in delta.get("tool_calls") or []:
                add_call(one["calls"], call)
            one["finish"] = choice.get("finish_reason") or one["finish"]
    for one in seen.values():
        calls = one.pop("calls")
        one["tool_calls"] = [tuple(calls[index]) for index in sorted(calls)]
    return seen


def add_call(calls, call):
    kept, function = calls.setdefault(call.get("index", 0), ["", "", ""]), call.get("function") or {}
    kept[0] = kept[0] or call.get("id") or ""
    kept[1] = kept[1] or function.get("name") or ""
    kept[2] += function.get("arguments") or ""


def blocks_of(recording):
    """(content blocks, stop reason, usage) of an Anthropic answer, whole or streamed."""
    if not recording.streamed:
        answer = recording.whole()
        return answer["content"], answer["stop_reason"], answer["usage"]
    blocks, stop, usage = {}, None, {}
    for event in recording.frames():
        if event["type"] == "message_start":
            usage.update(event["message"].get("usage") or {})
        elif event["type"] == "content_block_start":
            blocks[event["index"]] = {**event["content_block"], "json": ""}
        elif event["type"] == "content_block_delta":
            add_delta(blocks[event["index"]], event["delta"])
        elif event["type"] == "message_delta":
            stop = event["delta"].get("stop_reason") or stop
            usage.update({name: value for name, value in (event.get("usage") or {}).items() if value is not None})
    return [blocks[index] for index in sorted(blocks)], stop, usage


def add_delta(block, delta):
    for field, into in (("text", "text"), ("thinking", "thinking"), ("partial_json", "json")):
        if field in delta:
            block[into] = block.get(into, "") + delta[field]


def see_anthropic(recording):
    """(text, thinking, [(id, name, input)], finish reason or None when there is no fixed word for it)."""
    blocks, stop, _ = blocks_of(recording)
    text = "".join(block.get("text", "") for block in blocks if block["type"] == "text")
    thinking = "".join(block.get("thinking", "") for block in blocks if block["type"] == "thinking")
    calls = [(block["id"], block["name"], json.loads(block["json"]) if block.get("json") else block["input"])
             for block in blocks if block["type"] == "tool_use"]
    return text, thinking, calls, FINISH.get(stop)


# Usage: (input, output, cached, reasoning), as the access log has it. None: the provider told nothing.

def usage_of(recording):
    if recording.kind == "anthropic":
        usage = blocks_of(recording)[2]
        cached = usage.get("cache_read_input_tokens") or 0
        total = usage["input_tokens"] + cached + (usage.get("cache_creation_input_tokens") or 0)
        return total, usage["output_tokens"], cached, thinking_of(usage)
    told = [recording.whole()] if not recording.streamed else recording.frames()
    usages = [one.get("usage") or (one.get("x_groq") or {}).get("usage") for one in told]
    last = next((usage for usage in reversed(usages) if usage), None)
    return last and openai_usage(last)


def thinking_of(usage):
    return (usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0


def openai_usage(usage):
    cached = ((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or usage.get("prompt_cache_hit_tokens")
              or usage.get("cached_tokens") or 0)
    reasoning = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    output = usage["completion_tokens"]
    return usage["prompt_tokens"], output, cached, min(reasoning, output)  # one recording has more of it than output
