"""Streams taken apart: server-sent events, lines of JSON, AWS event streams."""
import json
import struct
import zlib


def events(data):
    """(event name, data text) of every server-sent event; a last one without its blank line counts too."""
    for block in data.replace(b"\r\n", b"\n").split(b"\n\n"):
        name, lines = "", []
        if block.lstrip().startswith(b"{"):
            yield "", block.decode()  # Google's late errors come without a frame
            continue
        for line in block.split(b"\n"):
            if line.startswith(b"event:"):
                name = line[6:].strip().decode()
            elif line.startswith(b"data:"):
                lines.append(line[5:].removeprefix(b" ").decode())
        if lines:
            yield name, "\n".join(lines)


def json_events(data):
    """The JSON of every event but [DONE]; a bare line of JSON between them (Gemini's late errors) counts too."""
    for _, text in events(data):
        if text.strip() != "[DONE]":
            yield json.loads(text)


def lines(data):
    for line in data.splitlines():
        if line.strip():
            yield json.loads(line)


def aws(data):
    """(event or exception name, JSON payload) of every frame; both checksums are looked at."""
    while data:
        total, size = struct.unpack(">II", data[:8])
        if zlib.crc32(data[:8]) != struct.unpack(">I", data[8:12])[0]:
            raise ValueError("checksum of a prelude")
        if zlib.crc32(data[:total - 4]) != struct.unpack(">I", data[total - 4:total])[0]:
            raise ValueError("checksum of a frame")
        headers = aws_headers(data[12:12 + size])
        yield headers.get(":event-type") or headers.get(":exception-type"), json.loads(data[12 + size:total - 4] or b"{}")
        data = data[total:]


def aws_headers(data):
    found = {}
    while data:
        size = data[0]
        name, data = data[1:1 + size].decode(), data[1 + size:]
        if data[0] != 7:
            raise ValueError(f"header {name} is no string")
        length = struct.unpack(">H", data[1:3])[0]
        found[name], data = data[3:3 + length].decode(), data[3 + length:]
    return found


def to_aws(name, payload):
    """One frame."""
    def header(key, text):
        return bytes([len(key)]) + key.encode() + b"\x07" + struct.pack(">H", len(text)) + text.encode()
    headers = (header(":event-type", name) + header(":content-type", "application/json")
               + header(":message-type", "event"))
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    frame = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return frame + struct.pack(">I", zlib.crc32(frame))
