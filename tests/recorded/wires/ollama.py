"""Ollama's own chat. Only providers speak it."""
import json

from story import Story, Talk, Usage, count
from wires import frames

FINISH = {"stop": "stop", "length": "length"}


def hear(story, answer):
    message = answer.get("message") or {}
    story.text += message.get("content") or ""
    story.reasoning += message.get("thinking") or ""
    for call in message.get("tool_calls") or []:
        inner = call["function"]
        story.calls.append([call.get("id") or "", inner["name"], json.dumps(inner.get("arguments") or {})])
    if answer.get("error"):
        story.error = answer["error"]
    if answer.get("done"):
        story.finish, story.ended = FINISH.get(answer.get("done_reason"), ""), True
        told = "prompt_eval_count" in answer or "eval_count" in answer
        story.usage = told and Usage(count(answer.get("prompt_eval_count")), count(answer.get("eval_count")))


def whole(body):
    story = Story(ended=False)
    hear(story, json.loads(body))
    return story


def stream(body):
    story = Story(ended=False)
    for answer in frames.lines(body):
        hear(story, answer)
    return story


def request(body):
    talk = Talk(model=body.get("model", ""), streamed=body.get("stream", True))
    waiting, number = [], 0
    for message in body.get("messages") or []:
        parts = [("text", message.get("content") or "")]
        parts += [("image", "image/png", data, "") for data in message.get("images") or []]
        if message["role"] == "tool":
            name = message.get("tool_call_id") or (waiting.pop(0) if waiting else "call_0")
            parts = [("result", name, message.get("content") or "", parts[1:])]
        for call in message.get("tool_calls") or []:
            number += 1
            inner = call["function"]
            parts.append(("call", call.get("id") or f"call_{number}", inner["name"], json.dumps(inner.get("arguments") or {})))
            waiting.append(parts[-1][1])
        talk.messages.append((message["role"], parts))
    for tool in body.get("tools") or []:
        inner = tool["function"]
        talk.tools.append((inner["name"], inner.get("description", ""), inner.get("parameters")))
    given = body.get("format")
    talk.format = "json" if given == "json" else given or None
    options = body.get("options") or {}
    talk.sampling = {"max": options.get("num_predict"), "temperature": options.get("temperature"),
                     "top_p": options.get("top_p"), "stop": options.get("stop")}
    talk.thinks = bool(body.get("think"))
    return talk
