"""What an exchange says, whatever dialect it is written in: a Talk is asked, a Story is answered.

The readers of the wires make them; what must reach the other side is compared here and nowhere else.
"""
import base64
import dataclasses
import json


@dataclasses.dataclass
class Usage:
    """Tokens; `input` and `output` are all of them, cached and reasoning included."""
    input: int = 0
    output: int = 0
    cached: int = 0
    written: int = 0
    reasoning: int = 0


@dataclasses.dataclass
class Story:
    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: list = dataclasses.field(default_factory=list)  # [id, name, arguments as JSON text]
    finish: str = ""        # stop, length, tools, filtered, failed; "" where it is not told or unknown
    usage: Usage = None
    billed: Usage = None    # where another amount is paid for
    sources: set = dataclasses.field(default_factory=set)   # web addresses that the text rests on
    error: str = None       # the message of an error inside an answer that had begun
    ended: bool = True      # the terminal event of the dialect was there
    kinds: set = dataclasses.field(default_factory=set)     # blocks that only this dialect knows

    def empty(self):
        return not (self.text or self.reasoning or self.refusal or self.calls)


@dataclasses.dataclass
class Talk:
    model: str = ""
    messages: list = dataclasses.field(default_factory=list)  # (role, [parts]), see part()
    tools: list = dataclasses.field(default_factory=list)     # (name, description, schema)
    choice: object = None      # auto, none, required, ("named", name)
    format: object = None      # None, "json", a schema
    sampling: dict = dataclasses.field(default_factory=dict)  # max, temperature, top_p, stop
    thinks: bool = False
    streamed: bool = False
    own: list = dataclasses.field(default_factory=list)       # what only the dialect that asked can say


# Parts: ("text", text), ("image", type, base64, url), ("file", type, base64, url), ("call", id, name, arguments),
# ("result", id, text, images).

def value(text):
    """Arguments of a call as a value; text that is no JSON stays text."""
    try:
        return json.loads(text) if text and text.strip() else {}
    except ValueError:
        return text


def count(number):
    return int(number or 0)


def data_uri(url):
    """(type, base64) of a data URI; None for any other address."""
    if not url.startswith("data:"):
        return None
    head, _, data = url[5:].partition(",")
    kind, _, encoding = head.partition(";")
    return kind, data if encoding else base64.b64encode(data.encode()).decode()


def image(kind, data, url=""):
    return ("image" if kind.startswith("image/") or url else "file", kind, data, url)


# What must arrive.

def differences(theirs, ours, carries):
    """What the client missed of `theirs`. `carries`: what its dialect can carry: reasoning, sources, refusal ..."""
    wrong = []

    def same(what, want, got):
        if want != got:
            wrong.append(f"{what}: {shorten(want)} became {shorten(got)}")

    text = theirs.text if "refusal" in carries else theirs.text + theirs.refusal
    if theirs.finish != "filtered" or theirs.refusal or not ours.refusal:  # else the provider said elsewhere why
        same("refusal", theirs.refusal if "refusal" in carries else "", ours.refusal)
    same("text", text, ours.text)
    if "reasoning" in carries:
        same("reasoning", theirs.reasoning, ours.reasoning)
    same("calls", [(call[1], value(call[2])) for call in theirs.calls],
         [(call[1], value(call[2])) for call in ours.calls])
    ids = [call[0] for call in ours.calls]
    if len(set(ids)) != len(ids) or not all(ids):
        wrong.append(f"ids of calls: {ids}")
    finish = "tools" if theirs.calls and theirs.finish == "stop" else theirs.finish
    if theirs.refusal and ours.finish == "filtered":
        finish = "filtered"  # a refusal is a reason to end, in Anthropic's words
    if finish:
        same("finish", finish, ours.finish)
    if theirs.usage:
        if not ours.usage:
            wrong.append("no usage")
        else:
            for name in ("input", "output", "cached", "written", "reasoning"):
                same(f"usage.{name}", getattr(theirs.usage, name), getattr(ours.usage, name))
    if "sources" in carries and not theirs.sources <= ours.sources:
        wrong.append(f"sources: {shorten(theirs.sources - ours.sources)} are missing")
    if not ours.ended:
        wrong.append("the terminal event is missing")
    if ours.error and ours.finish != "failed":
        wrong.append(f"error: {shorten(ours.error)}")
    return wrong


def shorten(thing):
    text = repr(thing)
    return text if len(text) < 160 else f"{text[:100]} ... {text[-50:]} ({len(text)})"


# What must be asked.

def atoms(talk):
    """(system text, the rest in order with neighbouring texts of one role joined, pictures and files, whether
    results of tools hold some of these)."""
    system, flat, media, shown = [], [], [], False
    for role, parts in talk.messages:
        for part in parts:
            if part[0] == "text" and role == "system":
                system.append(part[1])
            elif part[0] == "text":
                add_text(flat, role, part[1])
            elif part[0] == "call":
                flat.append(["call", part[2], value(part[3])])
            elif part[0] == "result":
                flat.append(["result", canonical(part[2])])
                media += [inner[2] or inner[3] for inner in part[3]]
                shown = shown or bool(part[3])
            else:
                media.append(part[2] or part[3])
    return squeeze("".join(system)), ordered(flat), sorted(media), shown


def add_text(flat, role, text):
    text = squeeze(text)
    if text and flat and flat[-1][0] == role:
        flat[-1][1] += text
    elif text:
        flat.append([role, text])


def canonical(text):
    """JSON with its names in order; Google's results are objects."""
    said = value(text)
    return squeeze(said if isinstance(said, str) else json.dumps(said, sort_keys=True))


def squeeze(text):
    """Without white space: texts that are joined or trimmed stay the same."""
    return "".join(text.split())


def plain(schema):
    """A schema without what says nothing."""
    return {key: said for key, said in (schema or {}).items() if said not in ({}, [], None)}


def ordered(flat):
    """Tool results before what else the turn says: some dialects want it so."""
    out, pending = [], []
    for atom in flat:
        if atom[0] == "user":
            pending.append(atom)
        elif atom[0] == "result":
            out.append(atom)
        else:
            out += pending + [atom]
            pending = []
    return out + pending


def questions_lost(asked, arrived):
    """What of the question did not reach the provider."""
    wrong = []
    (want_system, want, want_media, shown), (system, got, media, still) = atoms(asked), atoms(arrived)
    if shown and not still:  # they follow the results, with a word of ours; so compare without it
        want, got = [[atom for atom in flat if atom[0] != "user"] for flat in (want, got)]
    if want_system not in system:
        wrong.append(f"system: {shorten(want_system)} became {shorten(system)}")
    if want != got:
        first = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
        wrong.append(f"messages: {shorten(want[first:first + 2])} became {shorten(got[first:first + 2])}")
    if want_media != media:
        wrong.append(f"pictures and files: {shorten(want_media)} became {shorten(media)}")
    names, had = [tool[0] for tool in asked.tools], [tool[0] for tool in arrived.tools]
    if names != had and asked.choice != "none":
        wrong.append(f"tools: {names} became {had}")
    for (name, about, schema), (_, heard, taken) in zip(asked.tools, arrived.tools):
        if about != heard or schema and plain(schema) != plain(taken):
            wrong.append(f"tool {name}: {shorten(about)} {shorten(schema)} became {shorten(heard)} {shorten(taken)}")
    if (asked.choice or "auto") != (arrived.choice or "auto"):
        wrong.append(f"choice of tools: {asked.choice} became {arrived.choice}")
    heat = () if asked.thinks else ("temperature", "top_p")  # who thinks takes none
    for name in ("max", *heat):
        if asked.sampling.get(name) not in (None, arrived.sampling.get(name)):
            wrong.append(f"{name}: {asked.sampling[name]} became {arrived.sampling.get(name)}")
    if asked.format not in (None, "json") and arrived.format is None:
        wrong.append("the schema is lost")
    return wrong
