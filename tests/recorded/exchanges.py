"""Recorded exchanges of any provider: which wire each is in, what it is about, how the node is told to reach it."""
import base64
import json
import os
import pathlib
import re
import urllib.parse

from story import Story, Talk
from wires import anthropic, chat, cohere, converse, frames, gemini, ollama, responses

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIRES = {"chat": chat, "responses": responses, "anthropic": anthropic, "converse": converse, "gemini": gemini,
         "cohere": cohere, "ollama": ollama}
PATHS = {"chat": "/v1/chat/completions", "responses": "/v1/responses", "anthropic": "/v1/messages",
         "embeddings": "/v1/embeddings", "completions": "/v1/completions",
         "count_tokens": "/v1/messages/count_tokens"}
CELLS = ("plain", "stream", "tools", "image", "structured", "reasoning", "error")
DROPPED = ("content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive")
VENDORS = ("azure", "mistral", "groq", "cerebras", "deepseek", "openrouter", "together", "xai", "vllm", "ollama")
NATIVE = ("azure", "openrouter", "xai")  # vendors that are known to serve Responses


def folder():
    """TROUPE_FIXTURES, else ../shared/fixtures beside the checkout; None where there are no recordings."""
    given = pathlib.Path(os.environ.get("TROUPE_FIXTURES", ROOT.parent / "shared/fixtures"))
    for place in (given / "recorded", given):
        if any(place.glob("*/*.json")):
            return place
    return None


def wire_of(url, body):
    """(wire, None), or (None, why this endpoint is none that the node calls)."""
    path = urllib.parse.unquote(url.split("?")[0].split("#")[0])
    if path.endswith("/chat/completions"):
        return "chat", None
    if path.endswith("/completions") and "prompt" in body:
        return "completions", None
    for end, wire in (("/messages/count_tokens", "count_tokens"), ("/messages", "anthropic"),
                      ("/responses", "responses"), ("/embeddings", "embeddings"), ("/v2/embed", "embed"), ("/converse", "converse"),
                      ("/converse-stream", "converse"), (":generateContent", "gemini"),
                      (":streamGenerateContent", "gemini"), (":rawPredict", "anthropic"),
                      (":streamRawPredict", "anthropic"), ("/v2/chat", "cohere"), ("/api/chat", "ollama")):
        if path.endswith(end):
            return wire, None
    return None, re.split(r"[/:]", path)[-1]


def model_of(url, body):
    path = url.split("?")[0]
    for pattern in (r"/model/([^/]+)/converse", r"/models/([^/:]+):", r"/deployments/([^/]+)/"):
        found = re.search(pattern, path)
        if found:
            return urllib.parse.unquote(found[1])
    return body.get("model") or "the-model"


def read_question(wire, asked):
    try:
        return WIRES[wire].request(asked)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return Talk(own=[f"a question that is none ({error!r})"])


class Exchange:
    """`why` says why it cannot be replayed, where it cannot."""

    def __init__(self, provider, place, request, response, loose=False):
        self.provider, self.place, self.loose = provider, place, loose
        self.url, self.why = request["url"], None
        try:
            self.asked = json.loads(request.get("body") or "{}")
        except ValueError:
            self.asked = {}
        self.status, self.body = response["status"], body_of(response)
        self.headers = {name.lower(): said for name, said in response["headers"].items() if name.lower() not in DROPPED}
        self.wire, self.endpoint = wire_of(self.url, self.asked)
        if request.get("method", "POST") != "POST" or self.endpoint:
            self.why = f"{request.get('method', 'POST')} {self.endpoint or 'list'}: not an endpoint that the node calls"
            self.wire = None
            return
        self.model = model_of(self.url, self.asked)
        self.talk = read_question(self.wire, self.asked) if self.wire in WIRES and not loose else Talk()
        self.talk.streamed = self.talk.streamed or any(end in self.url for end in ("/converse-stream", ":stream"))
        self.talk.model = self.model
        if self.wire in ("embeddings", "completions", "count_tokens"):
            self.talk.streamed = bool(self.asked.get("stream"))
        self.streamed = self.talk.streamed and self.status < 300
        if self.wire == "gemini" and self.streamed and self.body.lstrip().startswith(b"["):
            self.body = b"".join(b"data: %s\r\n\r\n" % json.dumps(one).encode() for one in json.loads(self.body))
        self.set_type()

    def set_type(self):
        """What a provider of this wire says of itself."""
        aws = self.wire == "converse"
        kinds = {"cohere": "application/json", "ollama": "application/x-ndjson"} if self.wire == "ollama" else {}
        stream = "application/vnd.amazon.eventstream" if aws else kinds.get(self.wire, "text/event-stream")
        self.headers["content-type"] = stream if self.streamed else self.headers.get("content-type", "application/json")
        if not self.streamed and "stream" in self.headers["content-type"]:
            self.headers["content-type"] = "application/json"

    def story(self):
        if self.wire not in WIRES:
            return Story()
        return (WIRES[self.wire].stream if self.streamed else WIRES[self.wire].whole)(self.body)

    def cells(self):
        """What it is about, of CELLS."""
        if self.status >= 300:
            return ["error"]
        try:
            story = self.story()
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            story = Story()  # the judge says so
        media = [part for _, parts in self.talk.messages for part in parts]
        media += [inner for part in media if part[0] == "result" for inner in part[3]]
        kinds = {part[0] for part in media}
        found = {"stream": self.streamed, "tools": self.talk.tools or story.calls or "result" in kinds,
                 "image": kinds & {"image", "file"}, "structured": self.talk.format is not None,
                 "reasoning": story.reasoning or self.talk.thinks or (story.usage and story.usage.reasoning),
                 "error": story.error}
        return [cell for cell in CELLS if found.get(cell)] or ["plain"]

    def inbounds(self):
        """The dialects that clients may ask in; (dialect, why not) where one cannot say it."""
        if self.wire == "embed":
            own = sorted(set(self.asked) - {"model", "texts", "input_type", "embedding_types", "truncate"})
            return [("embeddings", f"only cohere knows {own}" if own else None)]
        if self.wire not in WIRES:
            return [(self.wire, None)]
        found = []
        for inbound in ("chat", "responses", "anthropic"):
            if inbound == self.wire:
                found.append((inbound, None))
            elif self.wire == "responses":
                found.append((inbound, "providers of Responses are asked for chat completions by others"))
            else:
                own = self.talk.own[0] if self.talk.own else None
                found.append((inbound, f"only {self.wire} knows {own}" if own else None))
        return found

    def question(self, inbound, model):
        """The request that a client of this dialect sends."""
        if self.wire == "embed":
            return {"model": model, "input": self.asked["texts"]}
        if inbound not in WIRES or inbound == self.wire and not self.loose:
            # Vertex wants the version in the body, where its place is a header elsewhere.
            return {**{name: said for name, said in self.asked.items() if name != "anthropic_version"}, "model": model}
        talk = self.talk
        if self.loose:
            talk = Talk(messages=[("user", [("text", "hi")])], streamed=self.streamed, sampling={})
        return WIRES[inbound].write(talk, model)

    def provider_config(self, base, inbound, key):
        """The provider's entry in the configuration."""
        entry = {"base_url": base, "keys": [{"name": "k", "secret": key}]}
        if "/publishers/" in self.url or self.provider == "vertex":
            return {"type": "vertex", "project": "test-project", "region": "europe-west4", **entry}
        if self.wire in ("anthropic", "count_tokens"):
            return {"type": "anthropic", **entry}
        if self.wire == "converse":
            return {"type": "bedrock", "region": "eu-central-1", **entry}
        if self.wire == "embed":
            return {"type": "cohere", **entry}
        if self.wire in ("gemini", "cohere", "ollama"):
            return {"type": self.wire, **entry}
        kind = self.provider if self.provider in VENDORS else "openai"
        if kind == "ollama":
            entry["base_url"] += "/v1"  # where it looks like OpenAI
        if self.wire == "responses" and kind not in NATIVE:
            kind = "xai"  # of a type that is known to speak it
        if self.wire == "chat" and inbound == "responses" and kind in NATIVE:
            kind = "openai"  # so that it is asked for chat completions
        if kind == "azure" and "/deployments/" in self.url:
            entry["api_version"] = urllib.parse.parse_qs(urllib.parse.urlparse(self.url).query).get("api-version", ["1"])[0]
        return {"type": kind, **entry}


def body_of(response):
    if response.get("body_base64"):
        return base64.b64decode(response["body_base64"])
    return (response.get("body") or "").encode()


def load(root, providers=None):
    """Every exchange, then every answer that was kept alone."""
    found = []
    for place in sorted(path for path in root.iterdir() if path.is_dir()):
        if providers and place.name not in providers:
            continue
        for file in sorted(place.glob("*.json")):
            for index, one in enumerate(json.loads(file.read_text())["exchanges"]):
                found.append(Exchange(place.name, f"{place.name}/{file.name}#{index}", one["request"], one["response"]))
        for file in sorted((place / "response-only").glob("*")):
            found += alone(place.name, file)
    return found


# Answers that were kept without their request: the wire is told by their looks.

def alone(provider, file):
    place, text = f"{provider}/response-only/{file.name}", file.read_bytes()
    pieces = pieces_of(file, text)
    first = pieces[0] if pieces else {}
    wire = looks_like([one for one in pieces if isinstance(one, dict)])
    if not wire and len(pieces) == 1 and isinstance(first, dict) and first.get("error"):
        wire = {"gemini": "gemini", "vertex": "gemini", "anthropic": "anthropic"}.get(provider, "chat")
    if not wire or not isinstance(first, dict):
        exchange = Exchange(provider, place, {"url": "/unknown", "method": "POST"}, {"status": 200, "headers": {}}, True)
        exchange.why = "kept alone: the body of an endpoint that the node does not call, or none"
        return [exchange]
    streamed = len(pieces) > 1 or text.lstrip().startswith((b"data:", b"event:", b": "))
    body = text
    if file.name.endswith(".chunks.txt"):
        body = framed(wire, pieces)
    url = {"chat": "/chat/completions", "responses": "/responses", "anthropic": "/v1/messages", "cohere": "/v2/chat",
           "ollama": "/api/chat", "gemini": ":streamGenerateContent" if streamed else ":generateContent",
           "converse": "/converse-stream" if streamed else "/converse"}[wire]
    asked = {"stream": streamed, "model": "the-model"}
    error = first.get("error") if not streamed else None
    status = error.get("code", 400) if isinstance(error, dict) else 200
    response = {"status": status if isinstance(status, int) else 400, "headers": {}}
    exchange = Exchange(provider, place, {"url": url, "body": json.dumps(asked)}, response, True)
    exchange.talk.streamed, exchange.streamed, exchange.body = streamed, streamed and status == 200, body
    exchange.set_type()
    return [exchange]


def pieces_of(file, text):
    """The JSON of the answer, or of its events."""
    try:
        if text.lstrip().startswith((b"data:", b"event:", b": ")):
            return list(frames.json_events(text))
        if file.name.endswith((".chunks.txt", ".sse")):
            return list(frames.lines(text))
        return [json.loads(text)]
    except ValueError:
        return []


def looks_like(pieces):
    """The wire whose marks are in the answer."""
    marks = {"chat": ("choices",), "gemini": ("candidates", "promptFeedback"), "cohere": ("finish_reason",),
             "converse": ("output", "messageStart", "contentBlockDelta", "contentBlockStart", "messageStop"),
             "ollama": ("done",)}
    for one in pieces:
        kind = str(one.get("type", ""))
        if kind in ("message", "message_start"):
            return "anthropic"
        if one.get("object") == "response" or kind.startswith("response."):
            return "responses"
        if kind.startswith(("message-", "content-", "tool-")):
            return "cohere"
        if isinstance(one.get("output"), list):
            continue
        for wire, names in marks.items():
            if any(name in one for name in names) and (wire != "converse" or not kind):
                return wire
    return None


def framed(wire, pieces):
    """Events as this wire puts them on the line."""
    if wire == "converse":
        return b"".join(frames.to_aws(name, said) for one in pieces for name, said in one.items())
    if wire == "ollama":
        return b"".join(json.dumps(one).encode() + b"\n" for one in pieces)
    named = wire in ("anthropic", "responses", "cohere")
    out = b""
    for one in pieces:
        out += b"event: %s\n" % one["type"].encode() if named and "type" in one else b""
        out += b"data: %s\n\n" % json.dumps(one).encode()
    return out + (b"data: [DONE]\n\n" if wire == "chat" else b"")
