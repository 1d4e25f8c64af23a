"""Google's generateContent, of the Gemini API and of Vertex AI. Only providers speak it."""
import json
import re

from story import Story, Talk, Usage, count
from wires import frames

FINISH = {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "filtered", "RECITATION": "filtered",
          "PROHIBITED_CONTENT": "filtered", "BLOCKLIST": "filtered", "SPII": "filtered", "IMAGE_SAFETY": "filtered"}


def usage_of(told):
    if not any(name.endswith("TokenCount") for name in told or {}):
        return None
    thoughts = count(told.get("thoughtsTokenCount"))
    return Usage(count(told.get("promptTokenCount")) + count(told.get("toolUsePromptTokenCount")),
                 count(told.get("candidatesTokenCount")) + thoughts, count(told.get("cachedContentTokenCount")), 0,
                 thoughts)


def hear(story, answer):
    """One answer, or one piece of it."""
    answer = answer[0] if isinstance(answer, list) else answer
    if answer.get("error"):
        story.error = answer["error"].get("message", "")
    if answer.get("usageMetadata"):
        story.usage = usage_of(answer["usageMetadata"])
    if (answer.get("promptFeedback") or {}).get("blockReason"):
        story.finish, story.ended = "filtered", True
    for candidate in answer.get("candidates") or []:
        if candidate.get("index"):
            continue
        if candidate.get("finishReason"):
            story.finish, story.ended = FINISH.get(candidate["finishReason"], ""), True
        for chunk in (candidate.get("groundingMetadata") or {}).get("groundingChunks") or []:
            story.sources.add((chunk.get("web") or {}).get("uri") or "")
        for part in (candidate.get("content") or {}).get("parts") or []:
            take(story, part)
    story.sources.discard("")


def take(story, part):
    if part.get("thought"):
        story.reasoning += part.get("text") or ""
    elif "functionCall" in part:
        call = part["functionCall"]
        if call.get("name"):
            story.calls.append([call.get("id") or "", call["name"], json.dumps(call.get("args") or {})])
        for piece in call.get("partialArgs") or []:
            args = json.loads(story.calls[-1][2])
            put(args, steps_of(piece["jsonPath"]), piece)
            story.calls[-1][2] = json.dumps(args)
    elif "text" in part:
        story.text += part["text"]
    elif part:
        story.kinds |= set(part) - {"thoughtSignature"}


def steps_of(path):
    """$.a[0]['b'] as ["a", 0, "b"]."""
    found = re.findall(r"\.([^.\[]+)|\[(\d+)\]|\['([^']*)'\]", path)
    return [int(index) if index else name or quoted for name, index, quoted in found]


def put(into, steps, piece):
    """One piece of a call's arguments at its place; texts grow."""
    for step, following in zip(steps, steps[1:]):
        empty = [] if isinstance(following, int) else {}
        if isinstance(into, list):
            into += [{}] * (step + 1 - len(into))
            into[step] = into[step] or empty
            into = into[step]
        else:
            into = into.setdefault(step, empty)
    last = steps[-1]
    if isinstance(into, list):
        into += [""] * (last + 1 - len(into))
    if "stringValue" in piece:
        before = into[last] if isinstance(into, list) else into.get(last, "")
        into[last] = before + piece["stringValue"]
    else:
        into[last] = next((piece[name] for name in ("numberValue", "boolValue") if name in piece), None)


def whole(body):
    story = Story(ended=False)
    hear(story, json.loads(body))
    return story


def stream(body):
    story = Story(ended=False)
    answers = json.loads(body) if body.lstrip().startswith(b"[") else frames.json_events(body)
    for answer in answers:
        hear(story, answer)
    return story


# Requests.

def parts_of(content, talk):
    """Proto's JSON lets one part stand for a list of one."""
    parts = content.get("parts") or []
    return [read for part in (parts if isinstance(parts, list) else [parts]) for read in part_of(part, talk)]


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def camels(members):
    return {camel(name): said for name, said in members.items()}


def part_of(part, talk):
    part = camels(part)  # proto's JSON takes both spellings
    part = {name: camels(said) if name.endswith("Data") else said for name, said in part.items()}
    if part.get("thought"):
        return []
    if "text" in part:
        return [("text", part["text"])]
    data = part.get("inlineData") or part.get("inline_data")
    if data:
        kind = data.get("mimeType") or data.get("mime_type")
        if not kind.startswith(("image/", "application/pdf")):
            talk.own.append(f"data of type {kind}")
        return [("image" if kind.startswith("image/") else "file", kind, data["data"], "")]
    if "fileData" in part:
        uri = part["fileData"]["fileUri"]
        kind = part["fileData"].get("mimeType", "")
        if "generativelanguage" in uri or "youtu" in uri or uri.startswith("gs:") or not kind.startswith("image/"):
            talk.own.append("a file of Google's")
        return [("image", kind, "", uri)]
    if "functionCall" in part:
        call = part["functionCall"]
        return [("call", call.get("id") or "", call["name"], json.dumps(call.get("args") or {}))]
    if "functionResponse" in part:
        return [result_of(part["functionResponse"], talk)]
    if part and set(part) - {"thoughtSignature"}:
        talk.own.append(f"a part of {sorted(part)}")
    return []


def result_of(given, talk):
    said = given.get("response")
    if isinstance(said, dict) and len(said) == 1 and set(said) <= {"output", "error"}:
        said = next(iter(said.values()))
    text = said if isinstance(said, str) else json.dumps(said)
    inner = [read for part in given.get("parts") or [] for read in part_of(part, talk)]
    return ("result", given.get("id") or given["name"], text, inner)


def give_ids(talk):
    """Google may leave out the ids of calls; every other dialect wants them: results answer in order."""
    waiting, number = [], 0
    for place, (role, parts) in enumerate(talk.messages):
        for at, part in enumerate(parts):
            if part[0] == "call":
                number += 1
                parts[at] = ("call", part[1] or f"call_{number}", part[2], part[3])
                waiting.append(parts[at])
            elif part[0] == "result":
                call = next((one for one in waiting if part[1] in one[1:3]), None)
                if call:
                    waiting.remove(call)
                    parts[at] = ("result", call[1], part[2], part[3])


def request(body):
    talk = Talk()
    system = body.get("systemInstruction") or body.get("system_instruction") or {}
    if system.get("parts"):
        talk.messages.append(("system", parts_of(system, talk)))
    for content in body.get("contents") or []:
        role = {"model": "assistant", "function": "user"}.get(content.get("role"), "user")
        talk.messages.append((role, parts_of(content, talk)))
    give_ids(talk)
    for tool in body.get("tools") or []:
        declared = tool.get("functionDeclarations") or tool.get("function_declarations")
        for one in declared or []:
            talk.tools.append((one["name"], one.get("description", ""),
                               one.get("parametersJsonSchema") or one.get("parameters")))
        if not declared:
            talk.own.append(f"a tool of {sorted(tool)}")
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    talk.choice = {"NONE": "none", "ANY": "required"}.get((calling.get("mode") or "").upper())
    if calling.get("allowedFunctionNames") and len(calling["allowedFunctionNames"]) == 1:
        talk.choice = ("named", calling["allowedFunctionNames"][0])
    settings = body.get("generationConfig") or {}
    schema = settings.get("responseJsonSchema") or settings.get("responseSchema")
    talk.format = lower_types(schema) if schema else "json" if "json" in (settings.get("responseMimeType") or "") else None
    talk.sampling = {"max": settings.get("maxOutputTokens"), "temperature": settings.get("temperature"),
                     "top_p": settings.get("topP"), "stop": settings.get("stopSequences")}
    thinking = settings.get("thinkingConfig") or {}
    talk.thinks = bool(thinking.get("includeThoughts") or thinking.get("thinkingBudget") or thinking.get("thinkingLevel"))
    talk.tools = [(name, about, lower_types(schema)) for name, about, schema in talk.tools]
    talk.own += [field for field in ("cachedContent",) if body.get(field)]
    if "IMAGE" in str(settings.get("responseModalities")) or "AUDIO" in str(settings.get("responseModalities")):
        talk.own.append("pictures or sounds as answers")
    return talk


def lower_types(schema):
    """Google writes types in capitals too."""
    if isinstance(schema, list):
        return [lower_types(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: said.lower() if key == "type" and isinstance(said, str) else lower_types(said)
            for key, said in schema.items()}
