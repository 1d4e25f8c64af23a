"""Starts the real binary, learns its ports from its log, and ends it by pid. Nothing else about it is known here."""
import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import client
from upstream import Upstream

ROOT = pathlib.Path(__file__).resolve().parents[2]
SANITIZER = bool(os.environ.get("TROUPE_SANITIZER"))
SECRET = "sk-this-must-never-be-printed-"  # every provider key of the tests begins with it
REPORT = re.compile(r"ERROR: \w*Sanitizer|WARNING: ThreadSanitizer|runtime error:")


def binary():
    """TROUPE_BINARY, else the release build, else the dev build."""
    named = os.environ.get("TROUPE_BINARY")
    places = [pathlib.Path(named)] if named else [ROOT / "build/release/troupe", ROOT / "build/dev/troupe"]
    for place in places:
        if place.is_file():
            return str(place.resolve())
    raise unittest.SkipTest(f"skipped: no binary at {', '.join(map(str, places))}; set TROUPE_BINARY")


def run(*arguments, **options):
    """One short run of the binary: (exit code, stdout, stderr)."""
    done = subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=30, **options)
    return done.returncode, done.stdout, done.stderr


class Node:
    """A running `troupe serve` (or `troupe mock`). `log` holds every event of its stderr."""

    def __init__(self, config=None, arguments=None, env=None):
        self.folder = tempfile.TemporaryDirectory(prefix="troupe-test-")
        self.path = pathlib.Path(self.folder.name) / "troupe.yaml"
        if config is not None:
            self.write(config)
        arguments = arguments or ["serve", "--config", str(self.path)]
        serving = "serve" in arguments
        self.process = subprocess.Popen([binary(), *arguments], stderr=subprocess.PIPE, env=clean_env(env),
                                        stdout=subprocess.DEVNULL if serving else subprocess.PIPE,
                                        cwd=self.folder.name)
        self.log, self.text = [], []
        self.events = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            self._learn_ports() if serving else self._learn_mock_port()
        except BaseException:
            self.kill()
            raise

    def _learn_ports(self):
        listening = self.wait_event("listening")
        self.api, self.admin = listening["api"], listening["admin"]
        self.wait_event("ready")

    def _learn_mock_port(self):
        """`troupe mock` is for people: one line on its standard output."""
        line = self.process.stdout.readline().decode()
        match = re.search(r"listening on http://(\S+)", line)
        if not match:
            raise AssertionError(f"no address in {line!r}; stderr:\n{self.stderr()}")
        self.api, self.admin = match[1], None

    def write(self, config):
        self.path.write_text(config if isinstance(config, str) else json.dumps(config, indent=1))

    def _read(self):
        for line in self.process.stderr:
            text = line.decode("utf-8", "replace").rstrip("\n")
            self.text.append(text)
            try:
                event = json.loads(text)
            except ValueError:
                continue
            if isinstance(event, dict):
                self.log.append(event)
                self.events.put(event)
        self.events.put(None)

    def wait_event(self, name, seconds=15):
        """The next log event of this name; earlier unread ones are passed over."""
        end = time.monotonic() + seconds
        while True:
            try:
                event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no event {name!r} within {seconds} s; stderr:\n{self.stderr()}") from None
            if event is None:
                self.events.put(None)
                raise AssertionError(f"the node ended before {name!r}; stderr:\n{self.stderr()}")
            if event.get("event") == name:
                return event

    def stderr(self):
        return "\n".join(self.text[-200:])

    def signal(self, number):
        self.process.send_signal(number)

    def wait_exit(self, seconds=30):
        code = self.process.wait(timeout=seconds)
        self.reader.join(timeout=5)
        return code

    def stop(self, seconds=30):
        """SIGTERM and a clean end, or a failure with the log. Answers nothing; safe to call twice."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                code = self.wait_exit(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"no end within {seconds} s of SIGTERM; stderr:\n{self.stderr()}") from None
        else:
            code = self.wait_exit()
        for pipe in filter(None, (self.process.stdout, self.process.stderr)):
            pipe.close()
        self.folder.cleanup()
        if code != 0 or REPORT.search("\n".join(self.text)):
            raise AssertionError(f"exit code {code} after SIGTERM; stderr:\n{self.stderr()}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self):
        """What it has computed so far, user and system: the same on a busy machine."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss(self):
        """Resident bytes now."""
        pages = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    # The API port.

    def chat(self, model="smart", headers=None, text="hi", **fields):
        body = {"model": model, "messages": [{"role": "user", "content": text}], **fields}
        return client.request(self.api, "POST", "/v1/chat/completions", body, headers)

    def stream(self, model="smart", headers=None, text="hi", **fields):
        body = {"model": model, "messages": [{"role": "user", "content": text}], "stream": True, **fields}
        return client.Stream(self.api, "/v1/chat/completions", body, headers)

    # The admin port.

    def get(self, path):
        return client.request(self.admin, "GET", path, headers={"Accept": "application/json"})

    def post(self, path, body=None):
        return client.request(self.admin, "POST", path, {} if body is None else body)

    def actors(self):
        answer = self.get("/actors?format=json")
        if answer.status != 200:
            raise AssertionError(f"/actors: {answer}; stderr:\n{self.stderr()}")
        return answer.json()["actors"]

    def key(self, name):
        """The detail of the key actor "provider/key"."""
        for actor in self.actors():
            if actor["type"] == "key" and actor["name"] == name:
                return self.get(f"/actors/{actor['id']}?format=json").json()["detail"]
        raise AssertionError(f"no key actor {name} in {self.actors()}")

    def request_record(self, request_id):
        """GET /requests/{id}, once the record is there."""
        def found():
            answer = self.get(f"/requests/{request_id}?format=json")
            return answer.json() if answer.status == 200 else None
        return client.eventually(found, what=f"record of {request_id}")

    def metrics(self):
        return parse_metrics(self.get("/metrics").body.decode())

    def metric(self, name, **labels):
        """Sum of the samples of `name` that carry these labels."""
        wanted = set(labels.items())
        return sum(value for sample, have, value in self.metrics() if sample == name and wanted <= have)


def parse_metrics(text):
    """[(name, {(label, value)}, number)] of a Prometheus text page."""
    samples = []
    for line in text.splitlines():
        match = re.match(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)", line)
        if match and not line.startswith("#"):
            labels = set(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
            samples.append((match[1], labels, float(match[3])))
    return samples


def clean_env(extra=None):
    """The environment without provider keys and proxies of the machine; sanitizers report at exit."""
    env = {name: value for name, value in os.environ.items()
           if not name.lower().endswith(("_proxy", "_api_key")) and not name.startswith("AWS_")}
    if SANITIZER:
        env.setdefault("ASAN_OPTIONS", "exitcode=99:detect_leaks=1")
        support = ROOT / "tests/support"
        env.setdefault("UBSAN_OPTIONS", f"halt_on_error=1:print_stacktrace=1:suppressions={support}/ubsan.supp")
        env.setdefault("TSAN_OPTIONS", f"exitcode=99:suppressions={support}/tsan.supp")
    return {**env, **(extra or {})}


def key(name, **fields):
    """A provider key of the configuration; its secret is never to be seen anywhere."""
    return {"name": name, "secret": SECRET + name, **fields}


def provider(upstream, *names, **fields):
    """A provider of the configuration that calls `upstream` with keys of these names."""
    base = upstream.url + ("" if fields.get("type") == "anthropic" else "/v1")
    keys = [name if isinstance(name, dict) else key(name) for name in names]
    return {"type": "openai", "base_url": base, "keys": keys, **fields}


def config(providers, models=None, **sections):
    """A whole configuration on free ports of loopback."""
    if models is None:
        models = {"smart": {"strategy": "priority",
                            "targets": [{"use": f"{name}/gpt-4o", "tier": tier + 1}
                                        for tier, name in enumerate(providers)]}}
    server = {"listen": "127.0.0.1:0", "admin": "127.0.0.1:0", **sections.pop("server", {})}
    return {"version": 1, "server": server, "providers": providers, "models": models, **sections}


class TestCase(unittest.TestCase):
    """Upstreams and nodes that end with the test; a failure shows the end of the log."""

    def upstream(self, **options):
        upstream = Upstream(**options).start()
        self.addCleanup(upstream.stop)
        return upstream

    def node(self, configuration, **options):
        node = Node(configuration, **options)
        self.addCleanup(node.stop)
        return node

    def assertError(self, answer, status, **members):
        """An error in OpenAI's shape; `members` are compared with those of the error object."""
        self.assertEqual(answer.status, status, answer)
        self.assertIn("application/json", answer.headers.get("content-type", ""), answer)
        error = answer.json()["error"]
        self.assertTrue(isinstance(error["message"], str) and error["message"], answer)
        self.assertTrue(isinstance(error["type"], str) and error["type"], answer)
        self.assertIn("param", error)
        self.assertIn("code", error)
        for name, value in members.items():
            self.assertEqual(error[name], value, answer)
        return error

    def assertFaults(self, answer, *faults):
        """The attempts that the error object tells of, in order."""
        attempts = answer.json()["error"]["troupe"]["attempts"]
        self.assertEqual([attempt["fault"] for attempt in attempts], list(faults), answer)

    def assertText(self, answer, text):
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["choices"][0]["message"]["content"], text)

    def assertIdle(self, node, name):
        """Every permit of the key is settled."""
        client.eventually(lambda: node.key(name)["in_flight"] == 0, what=f"in_flight 0 of {name}")
