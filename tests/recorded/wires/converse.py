"""AWS Bedrock's Converse and ConverseStream. Only providers speak it."""
import json

from story import Story, Talk, Usage, count
from wires import frames

FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tools",
          "guardrail_intervened": "filtered", "content_filtered": "filtered",
          "model_context_window_exceeded": "length"}
TYPES = {"txt": "text/plain", "md": "text/markdown", "html": "text/html", "csv": "text/csv", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "pdf": "application/pdf"}


def usage_of(told):
    if not told:
        return None
    cached, written = count(told.get("cacheReadInputTokens")), count(told.get("cacheWriteInputTokens"))
    return Usage(count(told.get("inputTokens")) + cached + written, count(told.get("outputTokens")), cached, written)


def take(story, block):
    story.text += block.get("text") or ""
    story.reasoning += ((block.get("reasoningContent") or {}).get("reasoningText") or {}).get("text") or ""
    if "toolUse" in block:
        use = block["toolUse"]
        if use.get("type") == "server_tool_use":
            story.kinds.add("server_tool_use")
        else:
            story.calls.append([use["toolUseId"], use["name"], json.dumps(use.get("input"))])
    for inner in (block.get("citationsContent") or {}).get("content") or []:
        story.text += inner.get("text") or ""
    for note in (block.get("citationsContent") or {}).get("citations") or []:
        story.sources.add(((note.get("location") or {}).get("web") or {}).get("url") or "")
    story.sources.discard("")


def whole(body):
    answer = json.loads(body)
    story = Story(usage=usage_of(answer.get("usage")), finish=FINISH.get(answer.get("stopReason"), ""))
    for block in answer["output"]["message"].get("content") or []:
        take(story, block)
    return story


def stream(body):
    story, blocks = Story(ended=False), {}
    for name, event in frames.aws(body):
        block = blocks.setdefault(event.get("contentBlockIndex", -1), {})
        if name == "contentBlockStart" and "toolUse" in (event.get("start") or {}):
            block["toolUse"] = {**event["start"]["toolUse"], "json": ""}
        elif name == "contentBlockDelta":
            add(block, event["delta"])
        elif name == "messageStop":
            story.finish, story.ended = FINISH.get(event.get("stopReason"), ""), True
        elif name == "metadata":
            story.usage = usage_of(event.get("usage"))
        elif name.endswith("Exception"):
            story.error = event.get("message", name)
    for index in sorted(blocks):
        use = blocks[index].get("toolUse")
        if use:
            use["input"] = json.loads(use["json"] or "{}")
        take(story, blocks[index])
    return story


def add(block, delta):
    block["text"] = block.get("text", "") + (delta.get("text") or "")
    thought = (delta.get("reasoningContent") or {}).get("text")
    if thought:
        inner = block.setdefault("reasoningContent", {"reasoningText": {"text": ""}})["reasoningText"]
        inner["text"] += thought
    if "toolUse" in delta:
        block["toolUse"]["json"] += delta["toolUse"].get("input") or ""


# Requests.

def media(kind, block, own):
    source = block["source"]
    if "bytes" in source:
        return (kind, TYPES.get(block["format"], block["format"]), source["bytes"], "")
    own.append(f"a source of {sorted(source)}")
    return ("text", "")


def parts_of(blocks, own):
    parts = []
    for block in blocks:
        if "text" in block:
            parts.append(("text", block["text"]))
        elif "image" in block:
            parts.append(media("image", block["image"], own))
        elif "document" in block:
            parts.append(media("file", block["document"], own))
            if (block["document"].get("citations") or {}).get("enabled"):
                own.append("citations of a document")
        elif "toolUse" in block:
            use = block["toolUse"]
            parts.append(("call", use["toolUseId"], use["name"], json.dumps(use.get("input") or {})))
        elif "toolResult" in block:
            result = block["toolResult"]
            inner = [("text", json.dumps(one["json"])) if "json" in one else one for one in result["content"]]
            read = [one for one in inner if isinstance(one, tuple)]
            read += parts_of([one for one in inner if isinstance(one, dict)], own)
            text = "".join(part[1] for part in read if part[0] == "text")
            parts.append(("result", result["toolUseId"], text, [part for part in read if part[0] != "text"]))
        elif "reasoningContent" not in block and "cachePoint" not in block:
            own.append(f"a block of {sorted(block)}")
    return parts


def request(body):
    talk = Talk()
    if body.get("system"):
        talk.messages.append(("system", parts_of(body["system"], talk.own)))
    for message in body.get("messages") or []:
        talk.messages.append((message["role"], parts_of(message["content"], talk.own)))
    config = body.get("toolConfig") or {}
    for tool in config.get("tools") or []:
        if "toolSpec" in tool:
            spec = tool["toolSpec"]
            talk.tools.append((spec["name"], spec.get("description", ""), (spec.get("inputSchema") or {}).get("json")))
        elif "cachePoint" not in tool:
            talk.own.append(f"a tool of {sorted(tool)}")
    choice = config.get("toolChoice") or {}
    talk.choice = ("named", choice["tool"]["name"]) if "tool" in choice else "required" if "any" in choice else None
    format_ = ((body.get("outputConfig") or {}).get("textFormat") or {}).get("structure") or {}
    if format_:
        schema = (format_.get("jsonSchema") or {}).get("schema")
        talk.format = json.loads(schema) if isinstance(schema, str) else schema or {}
    inference = body.get("inferenceConfig") or {}
    talk.sampling = {"max": inference.get("maxTokens"), "temperature": inference.get("temperature"),
                     "top_p": inference.get("topP"), "stop": inference.get("stopSequences")}
    extra = body.get("additionalModelRequestFields") or {}
    talk.thinks = bool(extra.get("thinking") or extra.get("reasoningConfig") or extra.get("reasoning_effort")
                       or extra.get("reasoning_config"))
    talk.own += [field for field in ("guardrailConfig", "promptVariables") if body.get(field)]
    return talk
