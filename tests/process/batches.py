"""Files and batches over the API, as a client of OpenAI's would ask for them."""
import collections
import json

import client

BOUNDARY = "a-boundary-of-the-tests"
OVER = ("completed", "failed", "expired", "cancelled")


def line(name, text="hi", url="/v1/chat/completions", model="smart", **fields):
    body = {"model": model, "messages": [{"role": "user", "content": text}], **fields}
    return json.dumps({"custom_id": name, "method": "POST", "url": url, "body": body}) + "\n"


def lines(number, **fields):
    """Lines that the upstream can tell apart: each says its own name."""
    return "".join(line(f"r{i}", text=f"r{i}", **fields) for i in range(number))


def names_called(upstream):
    """How often the upstream was called for each line of lines()."""
    with upstream.lock:
        return collections.Counter(call.json()["messages"][-1]["content"] for call in upstream.calls)


def form(content, purpose="batch", filename="in.jsonl"):
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    return (f'{part}purpose"\r\n\r\n{purpose}\r\n{part}file"; filename="{filename}"\r\n'
            f'Content-Type: application/octet-stream\r\n\r\n').encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


class Api:
    """One node's /v1/files and /v1/batches; `key` is the virtual key that is presented."""

    def __init__(self, address, key=None):
        self.address = address
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def request(self, method, path, body=None, headers=None):
        return client.request(self.address, method, path, body, {**self.headers, **(headers or {})})

    def ask(self, method, path, body=None, status=200):
        answer = self.request(method, path, body)
        if answer.status != status:
            raise AssertionError(f"{method} {path}: {answer}")
        return answer.json()

    def send(self, content, **fields):
        if isinstance(content, str):
            content = content.encode()
        return self.request("POST", "/v1/files", form(content, **fields),
                            {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    def upload(self, content):
        answer = self.send(content)
        if answer.status != 200:
            raise AssertionError(f"upload: {answer}")
        return answer.json()["id"]

    def begin(self, content, endpoint="/v1/chat/completions", window="24h", **fields):
        """A new batch over these lines: its id."""
        body = {"input_file_id": self.upload(content), "endpoint": endpoint, "completion_window": window, **fields}
        return self.ask("POST", "/v1/batches", body)["id"]

    def batch(self, name):
        return self.ask("GET", f"/v1/batches/{name}")

    def wait(self, name, *statuses, seconds=30):
        found = {}

        def there():
            found.update(self.batch(name))
            return found["status"] in (statuses or OVER)
        client.eventually(there, seconds, f"{name} {statuses or 'over'}; it is {found}")
        return found

    def wait_counts(self, name, number, seconds=30):
        """Until so many lines are finished."""
        def enough():
            counts = self.batch(name)["request_counts"]
            return counts["completed"] + counts["failed"] >= number
        client.eventually(enough, seconds, f"{number} lines finished of {name}")

    def content(self, file):
        """The lines of an output; none without a file."""
        if file is None:
            return []
        answer = self.request("GET", f"/v1/files/{file}/content")
        if answer.status != 200:
            raise AssertionError(f"content of {file}: {answer}")
        return [json.loads(one) for one in answer.body.splitlines()]
