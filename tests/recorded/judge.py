"""Whether what a client and a provider saw of an exchange is what was recorded."""
import json
import re

import story
from client import Answer, split_events
from exchanges import WIRES
from story import squeeze

CARRIES = {"chat": {"reasoning", "refusal", "sources"}, "responses": {"reasoning", "refusal", "sources"},
           "anthropic": {"reasoning", "sources"}}


def verdict(exchange, inbound, answer, call, log):
    """What is wrong, in words; [] when nothing is."""
    if not isinstance(answer, Answer):
        return [f"no answer: {answer!r}"]
    if exchange.status >= 300:
        return failure(exchange, answer, call)
    theirs = exchange.story()
    lost = theirs.error is not None or exchange.streamed and not theirs.ended
    if lost and (answer.status >= 400 or not exchange.streamed):
        return failed_well(theirs, answer)
    if answer.status != 200:
        return [f"status {answer.status}: {answer.body[:300].decode(errors='replace')}"]
    if exchange.wire == "embed":
        return embedded(exchange, answer, call)
    wrong = question(exchange, inbound, call)
    wrong += same_bytes(exchange, answer) if inbound == exchange.wire else translated(exchange, inbound, answer)
    event = log.get(answer.headers.get("x-request-id"))
    return wrong + accounted(exchange, event)


# The question.

def question(exchange, inbound, call):
    if call is None:
        return ["the provider was not called"]
    if exchange.loose:
        return []
    arrived = call.json()
    if exchange.wire not in WIRES or inbound == exchange.wire:
        want = {**exchange.asked, "model": exchange.model} if "model" in arrived else dict(exchange.asked)
        if inbound in ("chat", "completions") and exchange.talk.streamed:
            want["stream_options"] = {**(want.get("stream_options") or {}), "include_usage": True}
        return [] if arrived == want else [f"the question changed in {changed(want, arrived)}"]
    return ["asked: " + line for line in story.questions_lost(exchange.talk, WIRES[exchange.wire].request(arrived))]


def changed(want, got):
    return sorted(name for name in {*want, *got} if want.get(name) != got.get(name))


# Embeddings in Cohere's shape.

def embedded(exchange, answer, call):
    want = json.loads(exchange.body)["embeddings"]
    want = want.get("float") if isinstance(want, dict) else want
    wrong = [] if call and call.json().get("texts") == exchange.asked["texts"] else ["the texts changed"]
    got = [one["embedding"] for one in answer.json()["data"]]
    return wrong + ([] if got == want else ["the vectors changed"])


# The answer in its own dialect.

def payloads(body):
    return [data for _, data in split_events(body + b"\n\n") if data.strip() != "[DONE]"]


def same_bytes(exchange, answer):
    if not exchange.streamed:
        return [] if answer.body == exchange.body else [f"the body changed: {answer.body[:200]!r}"]
    theirs = exchange.story()
    want, got = payloads(exchange.body), payloads(answer.body)
    asked = (exchange.asked.get("stream_options") or {}).get("include_usage")
    if exchange.wire in ("chat", "completions") and not asked and not exchange.loose:
        want = [data for data in want if not only_usage(data)]
    if exchange.wire == "anthropic":
        want = want[:next((i + 1 for i, data in enumerate(want) if '"message_stop"' in data), len(want))]
    if theirs.error:
        want = [data for data in want if not json.loads(data).get("error")]
        got = [data for data in got if not json.loads(data).get("error")]
        return check_error(theirs.error, answer) + ([] if want == got else ["events before the error changed"])
    if want == got:
        return []
    first = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
    return [f"{len(want)} events became {len(got)}, first at {first}: {want[first:first + 1]} {got[first:first + 1]}"]


def only_usage(data):
    chunk = json.loads(data)
    return chunk.get("choices") == [] and bool(chunk.get("usage"))


# The answer in another dialect.

def translated(exchange, inbound, answer):
    theirs, wire = exchange.story(), WIRES[inbound]
    try:
        ours = (wire.stream if exchange.streamed else wire.whole)(answer.body)
    except (ValueError, KeyError, TypeError) as error:
        return [f"unreadable ({error!r}): {answer.body[:200]!r}"]
    if theirs.error or exchange.streamed and not theirs.ended:
        return check_error(theirs.error or "", answer)
    wrong = story.differences(theirs, ours, CARRIES[inbound])
    return wrong + [f"an answer of {kind}" for kind in ours.kinds if " " in kind]


def check_error(words, answer):
    return [] if squeeze(words)[:80] in squeeze(answer.body.decode(errors="replace").replace("\\", "")) or not words \
        else [f"the error {words!r} is lost"]


# Failures.

def words_of(body):
    """The message of an error of any shape."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    said = said[0] if isinstance(said, list) and said else said
    for name in ("error", "message", "Message", "detail"):
        inner = said.get(name) if isinstance(said, dict) else None
        if isinstance(inner, dict):
            return inner.get("message") or ""
        if isinstance(inner, str) and inner != "error":
            return inner
    return ""


def failure(exchange, answer, call):
    if exchange.wire == "count_tokens" and answer.headers.get("x-troupe-tokens"):
        return []  # an estimate instead
    if call is None:
        return [] if answer.status == 400 and exchange.status in (400, 404) else [f"refused: {answer.body[:300]!r}"]
    words = words_of(exchange.body)
    allowed = {exchange.status}
    if any(word in words.lower() for word in ("api key", "authenti", "security token", "credential")):
        allowed |= {401, 403}
    wrong = [] if answer.status in allowed else [f"status {exchange.status} became {answer.status}"]
    got = squeeze(words_of(answer.body))
    if squeeze(re.split("rovided|sk-|api key:", words)[0])[:60] not in got:
        wrong.append(f"the message {words[:200]!r} became {got[:200]!r}")
    return wrong


def failed_well(theirs, answer):
    """An error that came with status 200, and before anything else."""
    lost = squeeze(theirs.error or "")[:60] not in squeeze(words_of(answer.body))
    return [f"status 200: {answer.body[:200]!r}"] if answer.status < 400 else ["the message is lost"] if lost else []


# The books.

def accounted(exchange, event):
    theirs = exchange.story()
    want = theirs.billed or theirs.usage
    if exchange.wire not in WIRES or not want:
        return []
    if not event:
        return ["the access log does not tell of it"]
    got = {name: event.get(f"tokens_{short}", 0) for name, short in
           (("input", "in"), ("output", "out"), ("cached", "cached"), ("reasoning", "reasoning"))}
    return [f"the log says {name} {got[name]} instead of {getattr(want, name)}" for name in got
            if got[name] != getattr(want, name)]
