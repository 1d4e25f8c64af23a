"""What the quickstart's cluster is made of: ports, certificates, a configuration per node, the balancer's file."""
import os
import pathlib
import re
import shutil
import socket
import subprocess

VOTERS = ["node-1", "node-2", "node-3"]
SPARE = "node-4"  # configured, not started: for the person who watches
SECRET = "demo-key-of-the-counting-provider"  # of nobody
EXAMPLE = pathlib.Path(__file__).resolve().parents[1] / "haproxy/troupe.cfg"

NODE = """\
version: 1
server: {{ listen: "{api}", admin: "{admin}", drain_timeout: 5s }}
cluster:
  node: {name}
  listen: "{link}"
  voters: {{ {voters} }}{join}
  tls: {{ cert: "{tls}/{name}.pem", key: "{tls}/{name}.key", ca: "{tls}/ca.pem" }}
  on_partition: strict
  cold_start: open        # the provider starts with it, so nothing was spent before
providers:
  counted:
    type: openai
    base_url: "http://{mock}/v1"
    keys: [ {{ name: shared, secret: "{secret}", limits: {{ rpm: {rpm} }} }} ]
models:
  demo: {{ targets: [ {{ use: counted/mock-small }} ], queue: {{ max_wait: 0s, max_length: 10 }} }}
"""


class Ports:
    """Free ports of loopback: the usual one where it is free, any other where `usual` is off or somebody has it."""

    def __init__(self, usual):
        self.usual, self.held = usual, []

    def take(self, wanted=0):
        """host:port. Held until release(), so that no two are the same."""
        for port in [wanted, 0] if self.usual else [0]:
            holder = socket.socket()
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                holder.bind(("127.0.0.1", port))
            except OSError:
                holder.close()
                continue
            self.held.append(holder)
            return "127.0.0.1:%d" % holder.getsockname()[1]
        raise OSError("no free port on loopback")

    def release(self):
        for holder in self.held:
            holder.close()
        self.held = []


class Layout:
    """Every address and file. `ports.release()` before anything listens."""

    def __init__(self, folder, rpm, usual_ports):
        self.folder, self.rpm = pathlib.Path(folder).resolve(), rpm
        self.ports = Ports(usual_ports)
        self.balancer = self.ports.take(8080)
        self.mock = self.ports.take(9100)
        self.admin = {name: self.ports.take(9901 + i) for i, name in enumerate(VOTERS + [SPARE])}
        self.api = {name: self.ports.take(8081 + i) for i, name in enumerate(VOTERS + [SPARE])}
        self.link = {name: self.ports.take(7946 + i) for i, name in enumerate(VOTERS + [SPARE])}

    def config(self, name):
        return self.folder / f"{name}.yaml"

    def log(self, name):
        return self.folder / f"{name}.log"

    def write(self, binary):
        """All files; certificates are made anew each time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.folder / "tls", ignore_errors=True)
        subprocess.run([binary, "cluster", "certs", "--quiet", "--dir", str(self.folder / "tls"), *VOTERS, SPARE], check=True)
        for name in VOTERS + [SPARE]:
            self.config(name).write_text(self.node_text(name))
        (self.folder / "haproxy.cfg").write_text(self.haproxy_text())

    def node_text(self, name):
        voters = ", ".join(f'{voter}: "{self.link[voter]}"' for voter in VOTERS)
        join = "" if name in VOTERS else "\n  join: [ %s ]" % ", ".join(f'"{self.link[voter]}"' for voter in VOTERS)
        return NODE.format(name=name, api=self.api[name], admin=self.admin[name], link=self.link[name], voters=voters,
                           join=join, tls=self.folder / "tls", mock=self.mock, secret=SECRET, rpm=self.rpm)

    def haproxy_text(self):
        """deploy/haproxy/troupe.cfg with our addresses; maxconn for the file limit of a person's shell."""
        text = EXAMPLE.read_text()
        text = re.sub(r"maxconn \d+", "maxconn 400", text)
        text = re.sub(r"bind \S+", f"bind {self.balancer}", text)
        text = re.sub(r"(?m)^  server .*\n", "", text)
        return text + "".join(f"  server {name} {address}\n" for name, address in self.api.items())


def find_haproxy():
    """The program, also where a person's PATH has no sbin; None when it is not installed."""
    return shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
