"""Starts the servers that the benchmarks compare, on free loopback ports, and accounts for what they use."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CLIENT_KEY = "sk-troupe-bench"
ANSWER = json.dumps({
    "id": "chatcmpl-bench", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None,
                 "message": {"role": "assistant", "content": "All is well. " * 20, "refusal": None}}],
    "usage": {"prompt_tokens": 213, "completion_tokens": 64, "total_tokens": 277},
    "system_fingerprint": "fp_bench"}, separators=(",", ":"))
TICK = os.sysconf("SC_CLK_TCK")


def tool(name):
    """Where a program is; servers live outside a plain user's path on Debian."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def render(name, folder, **values):
    """A configuration of configs/ with its @NAME@s filled in, as a file in `folder`."""
    text = (HERE / "configs" / name).read_text()
    values = {"DIR": folder, "ANSWER": ANSWER, "BUFFERING": "on",
              "HASH": hashlib.sha256(CLIENT_KEY.encode()).hexdigest(), **values}
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    path = pathlib.Path(folder) / f"{values.get('PORT', 'upstream')}-{name}"
    path.write_text(text)
    return str(path)


class Server:
    """One running server. `port` is its address on loopback; ended by pid."""

    def __init__(self, name, command, port, folder):
        self.name, self.port = name, port
        self.output = open(pathlib.Path(folder) / f"{name}.out", "wb")
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT, cwd=folder)

    def wait_ready(self, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise SystemExit(f"{self.name} did not start: {pathlib.Path(self.output.name).read_text()[-2000:]}")

    def pids(self):
        """The process and its children (nginx works in a child)."""
        found = [self.process.pid]
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
        return found

    def cpu_seconds(self):
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def rss_mib(self):
        pages = sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids())
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()


def binary(named=None):
    path = pathlib.Path(named or os.environ.get("TROUPE_BINARY") or ROOT / "build/release/troupe")
    return str(path.resolve()) if path.is_file() else None


def subject(name, folder, upstream, troupe, **values):
    """Starts what is compared: nginx, haproxy, bare or governed (both Troupe)."""
    port = free_port()
    values = {"PORT": port, "UPSTREAM": upstream, **values}
    if name == "nginx":
        command = [tool("nginx"), "-p", folder, "-c", render("nginx.conf", folder, **values)]
    elif name == "haproxy":
        command = [tool("haproxy"), "-db", "-f", render("haproxy.cfg", folder, **values)]
    else:
        command = [troupe, "serve", "--config", render(f"{name}.yaml", folder, **values)]
    return Server(name, command, port, folder)


def upstream(folder):
    port = free_port()
    command = [tool("nginx"), "-p", folder, "-c", render("upstream.conf", folder, UPSTREAM=port)]
    return Server("upstream", command, port, folder)
