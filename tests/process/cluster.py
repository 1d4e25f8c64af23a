"""Several nodes that share limits: they start together, are killed, paused and restarted by name, and end together."""
import contextlib
import os
import pathlib
import signal
import socket
import tempfile

import client
import harness
from certificates import Authority

PATIENCE = 30  # seconds: for elections and joins on a machine that does much else
SHORT = {"lease": "2s", "office": "1s", "guard": "1s", "longest_call": "5s"}


def free_ports(number):
    """Ports that were free just now; who takes one later makes the start fail, and it is tried again."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(socket.socket()) for _ in range(number)]
        for sock in socks:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in socks]


class Cluster:
    """`configure()` answers the sections that all nodes have in common, as harness.config() takes them. Each node has a
    store of its own that outlives its processes, so that a restarted one knows that it ran."""

    def __init__(self, configure, size=3, **cluster):
        self.configure, self.knobs = configure, {**SHORT, **cluster}
        self.names = [f"node-{number + 1}" for number in range(size)]
        self.nodes, self.authority = {}, Authority()
        self.home, self.tries = tempfile.TemporaryDirectory(prefix="troupe-cluster-"), 0
        self.files = {name: self.authority.make(name, f"DNS:{name}") for name in self.names}

    def start(self):
        """All nodes, ready; the ports are only hoped to stay free, so it may take another try."""
        for attempt in range(5):
            self.tries, self.addresses = attempt, self.place()
            try:
                for name in self.names:
                    self.launch(name)
                break
            except AssertionError:
                self.discard()
                if attempt == 4:
                    raise
        self.wait_ready()
        return self

    def place(self):
        """Where each node's link listens."""
        return dict(zip(self.names, (f"127.0.0.1:{port}" for port in free_ports(len(self.names)))))

    def sections(self, name):
        """What only this node's configuration says, beside `cluster:`."""
        return {}

    def section(self, name, files=None, **fields):
        """The `cluster:` section of a node."""
        certificate, key = files or self.files[name]
        return {"node": name, "listen": self.addresses.get(name), "voters": self.addresses,
                "tls": {"cert": certificate, "key": key, "ca": str(self.authority.ca)}, **self.knobs, **fields}

    def store(self, name):
        return {"path": str(pathlib.Path(self.home.name) / f"{name}-{self.tries}")}

    def launch(self, name):
        providers, models, sections = self.configure()
        node = harness.Node(harness.config(providers, models, **{
            "cluster": self.section(name), "store": self.store(name), **sections, **self.sections(name)}))
        self.nodes[name] = node
        return node

    def __getitem__(self, name):
        return self.nodes[name]

    # What it says.

    def ask(self, name, port, *arguments, **options):
        """client.request() at a node's `api` or `admin` port."""
        return client.request(getattr(self.nodes[name], port), *arguments, **options)

    def view(self, name):
        answer = self.ask(name, "admin", "GET", "/cluster", headers={"Accept": "application/json"}, timeout=2)
        return answer.json() if answer.status == 200 else {}

    def ready(self, name):
        try:
            return self.ask(name, "api", "GET", "/readyz", timeout=2).status == 200
        except OSError:
            return False

    def wait_ready(self, *names, seconds=PATIENCE):
        """Until these nodes (or all) take traffic and one of the cluster is in office."""
        for name in names or self.names:
            client.eventually(lambda: self.ready(name), seconds, f"{name} ready")
        return self.wait_allocator(seconds=seconds)

    def allocator(self, among=None):
        """Who says that it is in office; None while nobody does, or more than one."""
        said = []
        for name in among or self.names:
            with contextlib.suppress(OSError):
                if self.view(name).get("in_office"):
                    said.append(name)
        return said[0] if len(said) == 1 else None

    def wait_allocator(self, among=None, seconds=PATIENCE):
        return client.eventually(lambda: self.allocator(among), seconds, "one allocator")

    # What is done to it.

    def kill(self, name):
        """As a power cut: nothing is said to anybody."""
        self.nodes[name].kill()

    def drain(self, name):
        self.nodes[name].signal(signal.SIGTERM)

    @contextlib.contextmanager
    def paused(self, name):
        self.nodes[name].signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.nodes[name].signal(signal.SIGCONT)

    def restart(self, name):
        """A new process on the old address; the old one is over."""
        old = self.nodes[name]
        code = old.process.poll()
        if code is None:
            raise AssertionError(f"{name} still runs")
        if code not in (0, -signal.SIGKILL) or harness.REPORT.search("\n".join(old.text)):
            raise AssertionError(f"{name} ended with {code}; stderr:\n{old.stderr()}")
        self.forget(old)
        self.launch(name)
        self.wait_ready(name)

    @staticmethod
    def forget(node):
        node.kill()
        node.reader.join(timeout=5)
        node.process.stderr.close()
        node.folder.cleanup()

    def discard(self):
        for node in self.nodes.values():
            self.forget(node)
        self.nodes = {}

    def stop(self):
        """Every node that still runs must end cleanly."""
        wrong = []
        for name, node in self.nodes.items():
            if node.process.poll() is not None:
                self.forget(node)
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(node.process.pid, signal.SIGCONT)
            try:
                node.stop()
            except AssertionError as error:
                wrong.append(f"{name}: {error}")
        self.nodes = {}
        self.authority.close()
        self.home.cleanup()
        if wrong:
            raise AssertionError("\n".join(wrong))
