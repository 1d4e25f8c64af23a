"""A small HTTP client for the tests: whole answers, server-sent events as they come, and raw bytes."""
import http.client
import json
import socket
import ssl
import time

TIMEOUT = 20  # seconds: longer than anything a test waits for on purpose


class Answer:
    """One whole HTTP answer; header names are lower case."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cut = False  # the connection ended before the body did
        try:
            self.body = response.read()
        except http.client.IncompleteRead as error:
            self.body, self.cut = error.partial, True

    def json(self):
        return json.loads(self.body)

    def events(self):
        return list(split_events(self.body))

    def chunks(self):
        """The JSON of every data event but [DONE]."""
        return [json.loads(data) for _, data in self.events() if data != "[DONE]"]

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:600]!r}>"


def split_events(body):
    """(event name, data) of each complete server-sent event in `body`."""
    for block in body.replace(b"\r\n", b"\n").split(b"\n\n"):
        event = parse_event(block)
        if event:
            yield event


def parse_event(block):
    name, data = "message", []
    for line in block.split(b"\n"):
        if line.startswith(b"event:"):
            name = line[6:].strip().decode()
        elif line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" ").decode())
    return (name, "\n".join(data)) if data else None


def connect(address, tls=None, timeout=TIMEOUT):
    host, port = address.rsplit(":", 1)
    sock = socket.create_connection((host, int(port)), timeout=timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return tls.wrap_socket(sock, server_hostname=host) if tls else sock


def head(method, path, headers, length=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def receive(sock, method="POST", may_be_cut=False):
    """Reads one answer from a socket; an incomplete one is an error unless `may_be_cut`."""
    response = http.client.HTTPResponse(sock, method=method)
    response.begin()
    answer = Answer(response)
    if answer.cut and not may_be_cut:
        raise http.client.IncompleteRead(answer.body)
    return answer


def request(address, method, path, body=None, headers=None, tls=None, timeout=TIMEOUT, may_be_cut=False):
    """One request on a connection of its own. `body`: bytes, or anything that JSON can say."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    length = None if body is None else len(body)
    with connect(address, tls, timeout) as sock:
        sock.sendall(head(method, path, headers, length) + (body or b""))
        return receive(sock, method, may_be_cut)


def raw(address, data, timeout=TIMEOUT, finish=False):
    """Sends bytes as they are, reads one answer. `finish` half-closes after sending."""
    with connect(address, timeout=timeout) as sock:
        sock.sendall(data)
        if finish:
            sock.shutdown(socket.SHUT_WR)
        return receive(sock)


class Stream:
    """A streamed answer, read event by event. Use as a context manager; closing it is going away."""

    def __init__(self, address, path, body, headers=None, tls=None):
        payload = json.dumps(body).encode()
        self.sock = connect(address, tls)
        self.sock.sendall(head("POST", path, {"Content-Type": "application/json", **(headers or {})}, len(payload)))
        self.sock.sendall(payload)
        self.response = http.client.HTTPResponse(self.sock, method="POST")
        self.response.begin()
        self.status = self.response.status
        self.headers = {name.lower(): value for name, value in self.response.getheaders()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.response.close()
        self.sock.close()

    def __iter__(self):
        block = []
        while line := self.response.readline():
            line = line.rstrip(b"\r\n")
            if line:
                block.append(line)
                continue
            event = parse_event(b"\n".join(block))
            block = []
            if event:
                yield event

    def next_chunk(self):
        """The next JSON chunk; None at [DONE] or at the end."""
        for _, data in self:
            return None if data == "[DONE]" else json.loads(data)
        return None


def trust(ca_file):
    """A TLS context that believes this certificate authority only."""
    return ssl.create_default_context(cafile=str(ca_file))


def eventually(check, seconds=10, what="condition"):
    """Polls `check` until it is true; answers its value. Fails with what was last seen."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true in {seconds} s; last seen: {value!r}")
        time.sleep(0.02)
