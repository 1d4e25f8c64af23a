"""What the scripted provider can do with a call: every shape of success and of failure, as async functions over a Peer."""
import asyncio
import json
import random

SECRET = "sk-this-must-never-be-printed-"
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18,
         "prompt_tokens_details": {"cached_tokens": 4}, "completion_tokens_details": {"reasoning_tokens": 2}}


def key_name(secret):
    """"alpha-1" of the secret that harness.key("alpha-1") made; a secret changed by a reload ends in "@2"."""
    return secret.removeprefix(SECRET)


# Bytes.

def head(status, headers, reason="Whatever"):
    lines = [f"HTTP/1.1 {status} {reason}"] + [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def split(data, seed):
    """`data` in pieces of 1 to 40 bytes or more, the same for the same seed."""
    chance, begin = random.Random(seed), 0
    step = max(1, len(data) // 400)
    while begin < len(data):
        size = chance.randint(1, 40) * step
        yield data[begin:begin + size]
        begin += size


def sse(payload):
    return b"data: " + (payload if isinstance(payload, bytes) else json.dumps(payload).encode()) + b"\n\n"


# OpenAI's shape.

def completion(request, text="Hello there.", usage=None, message=None, finish="stop"):
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": request.get("model"),
            "choices": [{"index": 0, "finish_reason": finish, "logprobs": None,
                         "message": {"role": "assistant", "content": text, **(message or {})}}],
            "usage": USAGE if usage is None else usage}


def delta(request, delta_fields, finish=None, usage="absent"):
    event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000,
             "model": request.get("model"),
             "choices": [{"index": 0, "delta": delta_fields, "finish_reason": finish}]}
    if usage != "absent":
        event["usage"] = usage
    return event


def stream_events(request, pieces, usage=None, done=True):
    """The frames of a good stream; usage comes when it was asked for."""
    yield sse(delta(request, {"role": "assistant", "content": ""}))
    for piece in pieces:
        yield sse(delta(request, {"content": piece}))
    yield sse(delta(request, {}, finish="stop"))
    if (request.get("stream_options") or {}).get("include_usage"):
        yield sse({**delta(request, {}), "choices": [], "usage": USAGE if usage is None else usage})
    if done:
        yield sse(b"[DONE]")


STREAM_HEADERS = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", "Cache-Control": "no-cache"}


def request_of(peer):
    try:
        return peer.call.json()
    except ValueError:
        return {}


# Success.

def json_body(body, status=200, headers=None):
    """A whole answer with a Content-Length."""
    async def answer(peer):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        await peer.send(head(status, {"Content-Type": "application/json", "Content-Length": len(data),
                                      **(headers or {})}) + data)
    return answer


def ok(text="Hello there.", headers=None, usage=None, after=0.0, pieces=None, gap=0.0, message=None, finish="stop"):
    """What was asked for: whole or streamed. `after`: seconds before the head; `gap`: between frames."""
    async def answer(peer):
        request = request_of(peer)
        await asyncio.sleep(after)
        if request.get("stream"):
            await ok_stream(pieces or words(text), gap=gap, headers=headers, usage=usage)(peer)
        else:
            await json_body(completion(request, text, usage, message, finish), headers=headers)(peer)
    return answer


def words(text):
    return [word + " " for word in text.split(" ")[:-1]] + text.split(" ")[-1:]


def ok_stream(pieces, gap=0.0, seed=None, headers=None, usage=None, done=True):
    """A good stream; `seed` cuts it at arbitrary bytes instead of at frames."""
    async def answer(peer):
        frames = list(stream_events(request_of(peer), pieces, usage, done))
        await peer.send(head(200, {**STREAM_HEADERS, **(headers or {})}))
        for frame in split(b"".join(frames), seed) if seed is not None else frames:
            await peer.send(chunk(frame))
            await asyncio.sleep(gap)
        await peer.send(b"0\r\n\r\n")
    return answer


def recorded(status, headers, body, seed):
    """Bytes as they were recorded: streams in arbitrary pieces, the rest with a Content-Length."""
    async def answer(peer):
        kind = headers.get("content-type", "")
        if not any(word in kind for word in ("event-stream", "eventstream", "ndjson")):
            await peer.send(head(status, {**headers, "content-length": len(body)}) + body)
            return
        await peer.send(head(status, {**headers, "transfer-encoding": "chunked"}))
        for piece in split(body, seed):
            await peer.send(chunk(piece))
        await peer.send(b"0\r\n\r\n")
    return answer


# Refusals.

def error(status, message, kind="server_error", code=None, headers=None):
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return json_body(body, status, headers)


def rate_limited(retry_after=None, retry_after_ms=None, headers=None):
    extra = dict(headers or {})
    if retry_after is not None:
        extra["retry-after"] = retry_after
    if retry_after_ms is not None:
        extra["retry-after-ms"] = retry_after_ms
    return error(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded", extra)


def unauthorized(message="Incorrect API key provided"):
    return error(401, message, "invalid_request_error", "invalid_api_key")


def server_error():
    return error(500, "The server had an error while processing your request.")


def overloaded():
    return json_body({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, 529)


def bad_request(message="Invalid value: 'x'.", param="messages[0].role"):
    return json_body({"error": {"message": message, "type": "invalid_request_error", "param": param,
                                "code": "invalid_value"}}, 400)


def error_in_200():
    return json_body({"error": {"message": "Provider returned error", "code": 502}})


# Broken transports.

def raw(data, end="finish"):
    """These bytes, then FIN, RST or silence."""
    async def answer(peer):
        await peer.send(data)
        await close(peer, end)
    return answer


async def close(peer, end):
    if end == "hang":
        await peer.hang()
    elif end == "reset":
        await asyncio.sleep(0.05)  # let the bytes go first: RST may overtake them
        peer.reset()
    else:
        peer.finish()


def hang_before_head():
    return raw(b"", "hang")


def reset_before_head():
    return raw(b"", "reset")


def close_before_head():
    return raw(b"", "finish")


def garbage():
    return raw(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n")


def huge_header():
    return raw(head(200, {"X-Big": "a" * (1 << 20), "Content-Length": 0}))


def half_a_head():
    return raw(b"HTTP/1.1 200 OK\r\nContent-Type: appl")


AFTER_CONTENT = 0.15  # seconds: what breaks in the same breath as the first content may be tried elsewhere, unseen


def broken_stream(pieces, end, tail=b""):
    """A stream that gives `pieces` (and `tail` raw), then ends as `end` says: finish, reset, hang."""
    async def answer(peer):
        frames = list(stream_events(request_of(peer), pieces, done=False))
        frames = frames[:1 + len(pieces)] if pieces else []
        await peer.send(head(200, STREAM_HEADERS))
        for frame in frames:
            await peer.send(chunk(frame))
        if pieces:
            await asyncio.sleep(AFTER_CONTENT)
        if tail:
            await peer.send(chunk(tail))
        await close(peer, end)
    return answer


def cleanly_cut(pieces):
    """The last chunk comes, the terminal event never did."""
    async def answer(peer):
        await broken_stream(pieces, "finish")(peer)
        await peer.send(b"0\r\n\r\n")
        peer.keep_alive = True
    return answer


def malformed(pieces):
    """A frame that is no JSON."""
    return broken_stream(pieces, "hang", b'data: {"id": "chatcmpl-1", "choices": [{"ind\n\n')


def error_event(pieces, message="The server had an error"):
    return broken_stream(pieces, "hang", sse({"error": {"message": message, "type": "server_error", "code": None}}))


def short_body():
    """Fewer bytes than Content-Length promised."""
    return raw(head(200, {"Content-Type": "application/json", "Content-Length": 5000}) + b'{"id": "chatcmpl-1"')


def not_json():
    return json_body(b"<html>502 Bad Gateway</html>", 200, {"Content-Type": "text/html"})


def odd_chunks():
    """Legal but unusual: chunk extensions, upper-case and zero-padded sizes, trailers."""
    async def answer(peer):
        data = json.dumps(completion(request_of(peer))).encode()
        pieces = [data[:10], data[10:40], data[40:]]
        await peer.send(head(200, {"Content-Type": "application/json", "Transfer-Encoding": "Chunked"}))
        for piece in pieces:
            await peer.send(b'%04X;name="value"\r\n%s\r\n' % (len(piece), piece))
        await peer.send(b"0\r\nX-Trailer: yes\r\n\r\n")
    return answer


def bad_chunks():
    return raw(head(200, STREAM_HEADERS) + b"zz\r\ndata: {}\r\n")


def bad_chunk_after(text):
    """A good first frame, then a chunk whose size is no number."""
    async def answer(peer):
        await peer.send(head(200, STREAM_HEADERS) + chunk(sse(delta(request_of(peer), {"content": text}))))
        await asyncio.sleep(AFTER_CONTENT)
        await raw(b"zzz\r\n")(peer)
    return answer


def until_close():
    """A body without length, ended by FIN, as HTTP/1.0 servers do."""
    async def answer(peer):
        data = json.dumps(completion(request_of(peer))).encode()
        await peer.send(head(200, {"Content-Type": "application/json", "Connection": "close"}) + data)
        peer.finish()
    return answer


def then_close(answer):
    """Answers well and then closes the kept-alive connection without a word: the next user finds it stale."""
    async def closing(peer):
        await answer(peer)
        peer.finish()
    return closing


def slowly(answer_bytes, gap):
    """Every byte on its own."""
    async def answer(peer):
        for index in range(len(answer_bytes)):
            await peer.send(answer_bytes[index:index + 1])
            await asyncio.sleep(gap)
    return answer


def flood(total):
    """A stream of about `total` bytes, as fast as the caller reads."""
    async def answer(peer):
        request, text = request_of(peer), "x" * 16000
        await peer.send(head(200, STREAM_HEADERS))
        frame = chunk(sse(delta(request, {"content": text})))
        for _ in range(total // 16000):
            await peer.send(frame)
        for last in list(stream_events(request, []))[1:]:
            await peer.send(chunk(last))
        await peer.send(b"0\r\n\r\n")
    return answer
