"""OpenAI's chat completions, as OpenAI and everyone shaped like it write them."""
import json

from story import Story, Talk, Usage, count, data_uri, image
from wires import frames

FINISH = {"stop": "stop", "length": "length", "tool_calls": "tools", "function_call": "tools",
          "content_filter": "filtered", "model_length": "length", "eos": "stop"}


# Answers.

def text_of(content):
    """(text, thoughts): Mistral's reasoning models write lists of both."""
    if isinstance(content, str):
        return content, ""
    text, thoughts = "", ""
    for part in content or []:
        if part.get("type") == "thinking":
            inner = part.get("thinking")
            thoughts += inner if isinstance(inner, str) else "".join(one.get("text", "") for one in inner)
        else:
            text += part.get("text") or ""
    return text, thoughts


def usage_of(told):
    told = told and (told.get("usage") or (told.get("x_groq") or {}).get("usage"))
    if not told:
        return None
    details = told.get("prompt_tokens_details") or {}
    usage = Usage(count(told.get("prompt_tokens")), count(told.get("completion_tokens")))
    usage.cached = count(details.get("cached_tokens") or told.get("prompt_cache_hit_tokens")
                         or told.get("cached_tokens") or told.get("num_cached_tokens"))
    usage.written = count(details.get("cache_write_tokens"))
    usage.reasoning = count((told.get("completion_tokens_details") or {}).get("reasoning_tokens")
                            or told.get("reasoning_tokens"))
    beyond = count(told.get("total_tokens")) - usage.input - usage.output
    if usage.reasoning and beyond > 0:
        usage.output += min(beyond, usage.reasoning)  # some leave the thoughts out of it
    usage.reasoning = min(usage.reasoning, usage.output)
    usage.cached = min(usage.cached, usage.input)  # more than there was is recorded too
    usage.written = min(usage.written, usage.input - usage.cached)
    return usage


def say(story, message):
    text, thoughts = text_of(message.get("content"))
    story.text += text
    story.reasoning += thoughts or message.get("reasoning_content") or message.get("reasoning") or ""
    story.refusal += message.get("refusal") or ""
    for note in message.get("annotations") or []:
        story.sources.add((note.get("url_citation") or {}).get("url") or "")
    story.sources.discard("")


def whole(body):
    answer = json.loads(body)
    if not answer.get("choices"):
        error = answer.get("error") or {}
        return Story(error=error if isinstance(error, str) else error.get("message", ""))
    choice = answer["choices"][0]
    message, story = choice.get("message") or {}, Story()
    say(story, message)
    for call in message.get("tool_calls") or []:
        inner = call.get("function") or call.get("custom")
        story.calls.append([call.get("id"), inner["name"], inner.get("arguments", inner.get("input"))])
    story.finish = FINISH.get(choice.get("finish_reason"), "")
    story.usage = usage_of(answer)
    return story


def stream(body):
    story, calls = Story(ended=False), {}
    for chunk in frames.json_events(body):
        story.usage = usage_of(chunk) or story.usage
        if chunk.get("error"):
            error = chunk["error"]
            story.error = error if isinstance(error, str) else error.get("message", "")
        for choice in chunk.get("choices") or []:
            if choice.get("index"):
                continue
            delta = choice.get("delta") or {}
            say(story, delta)
            for call in delta.get("tool_calls") or []:
                add_call(calls, call)
            story.finish = FINISH.get(choice.get("finish_reason"), "") or story.finish
            story.ended = story.ended or bool(choice.get("finish_reason"))
    story.calls = list(calls.values())
    story.ended = story.ended and b"[DONE]" in body
    return story


def add_call(calls, call):
    inner = call.get("function") or {}
    kept = calls.setdefault(call.get("index") or 0, ["", "", ""])
    kept[0], kept[1] = kept[0] or call.get("id") or "", kept[1] or inner.get("name") or ""
    more = inner.get("arguments") or ""
    kept[2] += more if isinstance(more, str) else json.dumps(more)


# Requests.

def parts_of(content, own):
    if isinstance(content, str):
        return [("text", content)]
    parts = []
    for part in content or []:
        kind = part.get("type")
        if kind in ("text", "refusal"):
            parts.append(("text", part.get("text") or part.get("refusal") or ""))
        elif kind == "image_url":
            where = part["image_url"]
            url = where if isinstance(where, str) else where["url"]
            inline = data_uri(url)
            parts.append(image(*inline) if inline else ("image", "", "", url))
        elif kind == "file" and data_uri((part.get("file") or {}).get("file_data") or ""):
            inline = data_uri(part["file"]["file_data"])
            parts.append(("file", inline[0], inline[1], ""))
        elif kind not in ("thinking", "reasoning"):
            own.append(f"a part of type {kind}")
    return parts


def request(body):
    talk = Talk(model=body.get("model", ""), streamed=bool(body.get("stream")))
    for message in body.get("messages") or []:
        role = message["role"]
        parts = parts_of(message.get("content"), talk.own)
        if role == "tool":
            text = "".join(part[1] for part in parts if part[0] == "text")
            parts = [("result", message.get("tool_call_id"), text, [part for part in parts if part[0] != "text"])]
        for call in message.get("tool_calls") or []:
            if "function" in call:
                arguments = call["function"].get("arguments") or ""
                arguments = arguments if isinstance(arguments, str) else json.dumps(arguments)
                parts.append(("call", call["id"], call["function"]["name"], arguments))
            else:
                talk.own.append("a custom tool")
        if message.get("function_call") or role == "function":
            talk.own.append("functions of before tools")
        talk.messages.append(("system" if role == "developer" else role, parts))
    read_settings(talk, body)
    return talk


def read_settings(talk, body):
    for tool in body.get("tools") or []:
        if tool.get("type", "function") == "function":
            inner = tool["function"]
            talk.tools.append((inner["name"], inner.get("description", ""), inner.get("parameters")))
        else:
            talk.own.append(f"a tool of type {tool.get('type')}")
    choice = body.get("tool_choice")
    talk.choice = ("named", choice.get("function", {}).get("name")) if isinstance(choice, dict) else choice
    if talk.choice == "any":
        talk.choice = "required"
    format_ = body.get("response_format") or {}
    if format_.get("type") == "json_object":
        talk.format = "json"
    if format_.get("type") == "json_schema":
        talk.format = format_["json_schema"].get("schema") or {}
    talk.sampling = {"max": body.get("max_completion_tokens") or body.get("max_tokens"),
                     "temperature": body.get("temperature"), "top_p": body.get("top_p"), "stop": body.get("stop")}
    talk.thinks = body.get("reasoning_effort") not in (None, "none") or "thinking" in body
    for field in ("functions", "function_call", "audio", "web_search_options", "logit_bias", "prediction"):
        if body.get(field):
            talk.own.append(field)
    if (body.get("n") or 1) > 1 or body.get("logprobs"):
        talk.own.append("n or logprobs")


def write_part(part):
    if part[0] == "text":
        return {"type": "text", "text": part[1]}
    url = part[3] or f"data:{part[1]};base64,{part[2]}"
    if part[0] == "image":
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "file", "file": {"filename": "it.pdf", "file_data": url}}


def write_message(role, parts):
    results = [{"role": "tool", "tool_call_id": part[1],
                "content": [write_part(inner) for inner in [("text", part[2])] + part[3]] if part[3] else part[2]}
               for part in parts if part[0] == "result"]
    calls = [{"id": part[1], "type": "function", "function": {"name": part[2], "arguments": part[3] or "{}"}}
             for part in parts if part[0] == "call"]
    rest = [write_part(part) for part in parts if part[0] not in ("result", "call")]
    if not rest and not calls:
        return results
    message = {"role": role, "content": rest or None}
    if role in ("system", "assistant") or len(rest) == 1 and rest[0]["type"] == "text":
        message["content"] = "".join(part.get("text", "") for part in rest) or (None if calls else "")
    return results + [{**message, **({"tool_calls": calls} if calls else {})}]


def write(talk, model):
    messages = [message for role, parts in talk.messages for message in write_message(role, parts)]
    body = {"model": model, "messages": messages}
    if talk.tools:
        body["tools"] = [{"type": "function", "function": {"name": name, "description": about,
                                                           "parameters": schema or {"type": "object", "properties": {}}}}
                         for name, about, schema in talk.tools]
        if talk.choice:
            named = isinstance(talk.choice, tuple)
            body["tool_choice"] = {"type": "function", "function": {"name": talk.choice[1]}} if named else talk.choice
    if talk.format == "json":
        body["response_format"] = {"type": "json_object"}
    elif talk.format is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": talk.format}}
    names = {"max": "max_completion_tokens", "temperature": "temperature", "top_p": "top_p", "stop": "stop"}
    body.update({names[key]: said for key, said in talk.sampling.items() if said is not None})
    if talk.thinks:
        body["reasoning_effort"] = "medium"
    if talk.streamed:
        body.update(stream=True, stream_options={"include_usage": True})
    return body
