"""OpenAI's Responses."""
import json

from story import Story, Talk, Usage, count, data_uri, image
from wires import frames


# Answers.

def usage_of(told):
    if not told:
        return None
    before, after = told.get("input_tokens_details") or {}, told.get("output_tokens_details") or {}
    return Usage(count(told.get("input_tokens")), count(told.get("output_tokens")), count(before.get("cached_tokens")),
                 count(before.get("cache_write_tokens")), count(after.get("reasoning_tokens")))


def take(story, item):
    if item["type"] == "message":
        for part in item.get("content") or []:
            story.text += part.get("text") or ""
            story.refusal += part.get("refusal") or ""
            for note in part.get("annotations") or []:
                story.sources.add(note.get("url") or "")
    elif item["type"] == "reasoning":
        story.reasoning += "".join(part.get("text") or "" for part in item.get("summary") or [])
        story.reasoning += "".join(part.get("text") or "" for part in item.get("content") or [])
    elif item["type"] in ("function_call", "custom_tool_call"):
        story.calls.append([item.get("call_id"), item["name"], item.get("arguments", item.get("input"))])
    else:
        story.kinds.add(item["type"])
    story.sources.discard("")


def read(answer):
    story = Story(usage=usage_of(answer.get("usage")))
    for item in answer.get("output") or []:
        take(story, item)
    status, why = answer.get("status"), (answer.get("incomplete_details") or {}).get("reason")
    story.finish = {"completed": "tools" if story.calls else "stop", "failed": "failed"}.get(status, "")
    if status == "incomplete":
        story.finish = {"max_output_tokens": "length", "content_filter": "filtered"}.get(why, "")
    if answer.get("error"):
        story.error = answer["error"].get("message")
    return story


def whole(body):
    return read(json.loads(body))


LAST = ("response.completed", "response.incomplete", "response.failed")


def stream(body):
    """The last event has it all; what the pieces said before must be the same, or the story says so."""
    pieces, items, story = {"output_text": "", "refusal": "", "arguments": "", "reasoning": ""}, [], None
    numbers = []
    for event in frames.json_events(body):
        kind = event.get("type", "")
        numbers.append(event.get("sequence_number"))
        if kind.endswith(".delta") and isinstance(event.get("delta"), str):
            name = kind.split(".")[1]
            for short in pieces:
                if short in name:
                    pieces[short] += event["delta"]
                    break
        elif kind == "response.output_item.done":
            items.append(event["item"])
        elif kind in LAST:
            story, before = read(event["response"]), story
            story.error = before.error if before and before.error else story.error
        elif kind == "error":
            story = story or Story(ended=False)
            story.error = event.get("message") or (event.get("error") or {}).get("message")
    if story is None:
        story = Story(ended=False)
    if not story.error and (story.text, story.refusal) != (pieces["output_text"], pieces["refusal"]):
        story.kinds.add(f"pieces that say something else: {pieces['output_text'][:80]!r}")
    if not story.error and len(items) and numbers != list(range(numbers[0] or 0, (numbers[0] or 0) + len(numbers))):
        story.kinds.add("numbers out of order")
    story.ended = story.ended and story.finish != ""
    return story


# Requests.

def part_of(part, own):
    kind = part.get("type")
    if kind in ("input_text", "output_text", "text", "refusal", "summary_text"):
        return ("text", part.get("text") or part.get("refusal") or "")
    if kind == "input_image" and part.get("image_url"):
        inline = data_uri(part["image_url"])
        return image(*inline) if inline else ("image", "", "", part["image_url"])
    if kind == "input_file" and part.get("file_data"):
        inline = data_uri(part["file_data"]) or ("application/pdf", part["file_data"])
        return ("file", inline[0], inline[1], "")
    own.append(f"a part of type {kind}")
    return ("text", "")


def item_of(talk, item):
    kind = item.get("type", "message")
    if kind == "message":
        content = item.get("content")
        parts = [("text", content)] if isinstance(content, str) else [part_of(p, talk.own) for p in content or []]
        role = item.get("role", "user")
        talk.messages.append(("system" if role == "developer" else role, parts))
    elif kind == "function_call":
        talk.messages.append(("assistant", [("call", item["call_id"], item["name"], item.get("arguments") or "")]))
    elif kind == "function_call_output":
        output = item.get("output")
        parts = [("text", output)] if isinstance(output, str) else [part_of(p, talk.own) for p in output or []]
        text = "".join(part[1] for part in parts if part[0] == "text")
        talk.messages.append(("tool", [("result", item["call_id"], text, [p for p in parts if p[0] != "text"])]))
    elif kind != "reasoning":
        talk.own.append(f"an item of type {kind}")


def request(body):
    talk = Talk(model=body.get("model", ""), streamed=bool(body.get("stream")))
    if body.get("instructions"):
        talk.messages.append(("system", [("text", body["instructions"])]))
    given = body.get("input")
    for item in [{"role": "user", "content": given}] if isinstance(given, str) else given or []:
        item_of(talk, item)
    for tool in body.get("tools") or []:
        if tool.get("type") == "function":
            talk.tools.append((tool["name"], tool.get("description", ""), tool.get("parameters")))
        else:
            talk.own.append(f"a tool of type {tool.get('type')}")
    choice = body.get("tool_choice")
    talk.choice = ("named", choice.get("name")) if isinstance(choice, dict) else choice
    format_ = (body.get("text") or {}).get("format") or {}
    if format_.get("type") == "json_object":
        talk.format = "json"
    if format_.get("type") == "json_schema":
        talk.format = format_.get("schema") or {}
    talk.sampling = {"max": body.get("max_output_tokens"), "temperature": body.get("temperature"),
                     "top_p": body.get("top_p")}
    talk.thinks = bool(body.get("reasoning"))
    talk.own += [field for field in ("previous_response_id", "conversation", "prompt", "background") if body.get(field)]
    return talk


def write_part(role, part):
    if part[0] == "text":
        return {"type": "output_text" if role == "assistant" else "input_text", "text": part[1]}
    url = part[3] or f"data:{part[1]};base64,{part[2]}"
    if part[0] == "image":
        return {"type": "input_image", "image_url": url}
    return {"type": "input_file", "filename": "it.pdf", "file_data": url}


def write_items(role, parts):
    """The parts in order; texts and pictures that are neighbours are one message."""
    items = []
    for part in parts:
        if part[0] == "call":
            items.append({"type": "function_call", "call_id": part[1], "name": part[2], "arguments": part[3] or "{}"})
        elif part[0] == "result":
            rest = [write_part("user", inner) for inner in [("text", part[2])] + part[3]]
            items.append({"type": "function_call_output", "call_id": part[1], "output": rest if part[3] else part[2]})
        else:
            if not items or items[-1]["type"] != "message":
                items.append({"type": "message", "role": role, "content": []})
            items[-1]["content"].append(write_part(role, part))
    return items


def write(talk, model):
    body = {"model": model, "store": False,
            "input": [item for role, parts in talk.messages for item in write_items(role, parts)]}
    if talk.tools:
        body["tools"] = [{"type": "function", "name": name, "description": about, "strict": False,
                          "parameters": schema or {"type": "object", "properties": {}}}
                         for name, about, schema in talk.tools]
        if talk.choice:
            named = isinstance(talk.choice, tuple)
            body["tool_choice"] = {"type": "function", "name": talk.choice[1]} if named else talk.choice
    if talk.format == "json":
        body["text"] = {"format": {"type": "json_object"}}
    elif talk.format is not None:
        body["text"] = {"format": {"type": "json_schema", "name": "answer", "schema": talk.format}}
    names = {"max": "max_output_tokens", "temperature": "temperature", "top_p": "top_p"}
    body.update({names[key]: said for key, said in talk.sampling.items() if key in names and said is not None})
    if talk.thinks:
        body["reasoning"] = {"effort": "medium"}
    if talk.streamed:
        body["stream"] = True
    return body
