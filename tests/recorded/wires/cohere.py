"""Cohere's v2 chat. Only providers speak it."""
import json

from story import Story, Usage, count
from wires import chat, frames

FINISH = {"COMPLETE": "stop", "STOP_SEQUENCE": "stop", "MAX_TOKENS": "length", "TOOL_CALL": "tools",
          "ERROR_TOXIC": "filtered"}


def usage_of(told):
    told = told or {}
    tokens = told.get("tokens") or told.get("billed_units")
    if not tokens:
        return None
    return Usage(count(tokens.get("input_tokens")) + count(tokens.get("image_tokens")), count(tokens.get("output_tokens")),
                 count(told.get("cached_tokens")), 0, count(tokens.get("reasoning_tokens")))


def billed(told):
    """What is paid for; some of it may not be told."""
    units = (told or {}).get("billed_units") or {}
    if "input_tokens" not in units:
        return None
    return Usage(count(units["input_tokens"]), count(units.get("output_tokens")))


def whole(body):
    answer = json.loads(body)
    message, story = answer["message"], Story()
    for part in message.get("content") or []:
        story.text += part.get("text") or ""
        story.reasoning += part.get("thinking") or ""
    story.text = (message.get("tool_plan") or "") + story.text
    for call in message.get("tool_calls") or []:
        story.calls.append([call["id"], call["function"]["name"], call["function"]["arguments"]])
    story.finish, story.usage = FINISH.get(answer.get("finish_reason"), ""), usage_of(answer.get("usage"))
    story.billed = billed(answer.get("usage"))
    return story


def stream(body):
    story = Story(ended=False)
    for event in frames.json_events(body):
        kind, delta = event.get("type"), event.get("delta") or {}
        message = delta.get("message") or {}
        if kind in ("content-start", "content-delta"):
            content = message.get("content") or {}
            story.text += content.get("text") or ""
            story.reasoning += content.get("thinking") or ""
        elif kind == "tool-plan-delta":
            story.text += message.get("tool_plan") or ""
        elif kind == "tool-call-start":
            call = message["tool_calls"]
            story.calls.append([call["id"], call["function"]["name"], call["function"].get("arguments") or ""])
        elif kind == "tool-call-delta":
            story.calls[-1][2] += message["tool_calls"]["function"]["arguments"]
        elif kind == "message-end":
            story.finish, story.ended = FINISH.get(delta.get("finish_reason"), ""), True
            story.usage, story.billed = usage_of(delta.get("usage")), billed(delta.get("usage"))
    return story


def request(body):
    talk = chat.request(body)
    talk.choice = talk.choice.lower() if isinstance(talk.choice, str) else None
    format_ = body.get("response_format") or {}
    talk.format = format_.get("json_schema") or format_.get("schema") or ("json" if format_.get("type") == "json_object" else None)
    talk.sampling.update(top_p=body.get("p"), stop=body.get("stop_sequences"))
    talk.own += [field for field in ("documents", "safety_mode", "citation_options") if body.get(field)]
    return talk
