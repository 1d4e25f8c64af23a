"""Anthropic's Messages."""
import json

from story import Story, Talk, Usage, count
from wires import frames

FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tools",
          "refusal": "filtered", "model_context_window_exceeded": "length"}


# Answers.

def usage_of(told):
    if not told:
        return None
    cached, written = count(told.get("cache_read_input_tokens")), count(told.get("cache_creation_input_tokens"))
    reasoning = count((told.get("output_tokens_details") or {}).get("thinking_tokens"))
    return Usage(count(told.get("input_tokens")) + cached + written, count(told.get("output_tokens")), cached, written,
                 reasoning)


def take(story, block):
    kind = block["type"]
    if kind == "text":
        story.text += block.get("text") or ""
        story.sources |= {note["url"] for note in block.get("citations") or [] if note.get("url")}
    elif kind == "thinking":
        story.reasoning += block.get("thinking") or ""
    elif kind == "tool_use":
        story.calls.append([block["id"], block["name"], json.dumps(block.get("input"))])
    elif kind != "redacted_thinking":
        story.kinds.add(kind)


def read(answer):
    story = Story(usage=usage_of(answer.get("usage")), finish=FINISH.get(answer.get("stop_reason"), ""))
    for block in answer.get("content") or []:
        take(story, block)
    return story


def whole(body):
    return read(json.loads(body))


def stream(body):
    answer, blocks, ended, error = {"usage": {}}, {}, False, None
    for event in frames.json_events(body):
        kind = event["type"]
        if ended:
            break  # a second answer behind the first is nobody's
        if kind == "message_start":
            answer["usage"].update(event["message"].get("usage") or {})
        elif kind == "content_block_start":
            blocks[event["index"]] = {**event["content_block"], "json": ""}
        elif kind == "content_block_delta":
            add(blocks[event["index"]], event["delta"])
        elif kind == "content_block_stop":
            block = blocks[event["index"]]
            if block.get("json"):
                block["input"] = json.loads(block["json"])
        elif kind == "message_delta":
            answer["stop_reason"] = event["delta"].get("stop_reason") or answer.get("stop_reason")
            answer["usage"].update({k: v for k, v in (event.get("usage") or {}).items() if v is not None})
        elif kind == "error":
            error = event["error"]["message"]
        ended = ended or kind == "message_stop"
    story = read({**answer, "content": [blocks[index] for index in sorted(blocks)]})
    story.ended, story.error = ended, error
    return story


def add(block, delta):
    for field, into in (("text", "text"), ("thinking", "thinking"), ("partial_json", "json")):
        if field in delta:
            block[into] = block.get(into, "") + delta[field]
    if "citation" in delta:
        block.setdefault("citations", [])
        block["citations"] = (block["citations"] or []) + [delta["citation"]]


# Requests.

def source_of(kind, source, own):
    if source["type"] == "base64":
        return (kind, source["media_type"], source["data"], "")
    if source["type"] == "url":
        return (kind, "", "", source["url"])
    if source["type"] == "text":
        return ("text", source["data"])
    own.append(f"a source of type {source['type']}")
    return ("text", "")


def parts_of(content, own):
    if isinstance(content, str):
        return [("text", content)]
    parts = []
    for block in content or []:
        kind = "text" if isinstance(block, str) else block["type"]
        if kind == "text":
            parts.append(("text", block if isinstance(block, str) else block["text"]))
        elif kind in ("image", "document"):
            parts.append(source_of("image" if kind == "image" else "file", block["source"], own))
            if (block.get("citations") or {}).get("enabled"):
                own.append("citations of a document")
        elif kind == "tool_use":
            parts.append(("call", block["id"], block["name"], json.dumps(block.get("input") or {})))
        elif kind == "tool_result":
            inner = parts_of(block.get("content"), own)
            text = "".join(part[1] for part in inner if part[0] == "text")
            parts.append(("result", block["tool_use_id"], text, [part for part in inner if part[0] != "text"]))
        elif kind not in ("thinking", "redacted_thinking"):
            own.append(f"a block of type {kind}")
    return parts


def request(body):
    talk = Talk(model=body.get("model", ""), streamed=bool(body.get("stream")))
    if body.get("system"):
        talk.messages.append(("system", parts_of(body["system"], talk.own)))
    for message in body.get("messages") or []:
        message = {"role": "user", "content": message} if isinstance(message, str) else message
        talk.messages.append((message["role"], parts_of(message["content"], talk.own)))
    for tool in body.get("tools") or []:
        if tool.get("type", "custom") == "custom":
            talk.tools.append((tool["name"], tool.get("description", ""), tool.get("input_schema")))
        else:
            talk.own.append(f"a tool of type {tool['type']}")
    choice = body.get("tool_choice") or {}
    words = {"auto": "auto", "none": "none", "any": "required", "tool": ("named", choice.get("name"))}
    talk.choice = words.get(choice.get("type"))
    format_ = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    talk.format = format_.get("schema")
    talk.sampling = {"max": body.get("max_tokens"), "temperature": body.get("temperature"),
                     "top_p": body.get("top_p"), "stop": body.get("stop_sequences")}
    talk.thinks = (body.get("thinking") or {}).get("type") in ("enabled", "adaptive")
    talk.own += [field for field in ("mcp_servers", "container") if body.get(field)]
    return talk


def write_part(part):
    if part[0] == "text":
        return {"type": "text", "text": part[1]}
    if part[0] == "call":
        return {"type": "tool_use", "id": part[1], "name": part[2], "input": json.loads(part[3] or "{}")}
    if part[0] == "result":
        return {"type": "tool_result", "tool_use_id": part[1],
                "content": [write_part(inner) for inner in [("text", part[2])] + part[3]] if part[3] else part[2]}
    source = {"type": "url", "url": part[3]} if part[3] else {"type": "base64", "media_type": part[1], "data": part[2]}
    return {"type": "image" if part[0] == "image" else "document", "source": source}


def write(talk, model):
    body = {"model": model, "messages": [], "max_tokens": talk.sampling.get("max") or 4096}
    for role, parts in talk.messages:
        blocks = [write_part(part) for part in parts if part[0] != "text" or part[1]]
        if role == "system":
            body["system"] = body.get("system", []) + blocks
            continue
        role = "user" if role == "tool" else role
        if body["messages"] and body["messages"][-1]["role"] == role:
            body["messages"][-1]["content"] += blocks
        elif blocks:
            body["messages"].append({"role": role, "content": blocks})
    if talk.tools:
        body["tools"] = [{"name": name, "description": about, "input_schema": schema or {"type": "object"}}
                         for name, about, schema in talk.tools]
        words = {"auto": "auto", "none": "none", "required": "any"}
        if isinstance(talk.choice, tuple):
            body["tool_choice"] = {"type": "tool", "name": talk.choice[1]}
        elif talk.choice in words:
            body["tool_choice"] = {"type": words[talk.choice]}
    if talk.format not in (None, "json"):
        body["output_config"] = {"format": {"type": "json_schema", "schema": talk.format}}
    stop = talk.sampling.get("stop")
    extra = {"temperature": talk.sampling.get("temperature"), "top_p": talk.sampling.get("top_p"),
             "stop_sequences": [stop] if isinstance(stop, str) else stop}
    body.update({name: said for name, said in extra.items() if said is not None})
    if talk.thinks:
        body["thinking"] = {"type": "adaptive"}
    if talk.streamed:
        body["stream"] = True
    return body
