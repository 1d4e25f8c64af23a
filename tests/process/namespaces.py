"""A network of our own: a namespace per node around one that the test itself steps into. Nothing else sees it."""
import contextlib
import ctypes
import os
import subprocess
import unittest

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
HUB = "10.77.0.1"


def ip(*arguments, check=True):
    return subprocess.run(["ip", *arguments], check=check, capture_output=True, text=True)


class Network:
    """`enter()` moves this thread, and what it starts, into a namespace. Names carry the process id: runs do not meet."""

    def __init__(self, names):
        self.prefix = f"troupe-{os.getpid()}-"
        self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.addresses = {name: f"10.77.0.{number + 11}" for number, name in enumerate(names)}
        self.links = {name: f"to{number}" for number, name in enumerate(names)}
        try:
            self._build()
        except (OSError, subprocess.CalledProcessError) as error:
            self.close()
            raise unittest.SkipTest(f"skipped: no network namespaces here ({error})") from None

    def _build(self):
        ip("netns", "add", self.prefix + "hub")
        self._in("hub", "link", "set", "lo", "up")
        self._in("hub", "link", "add", "hub", "type", "bridge")
        self._in("hub", "address", "add", f"{HUB}/24", "dev", "hub")
        self._in("hub", "link", "set", "hub", "up")
        for name, address in self.addresses.items():
            link = self.links[name]
            ip("netns", "add", self.prefix + name)
            self._in("hub", "link", "add", link, "type", "veth", "peer", "name", "eth", "netns", self.prefix + name)
            self._in("hub", "link", "set", link, "master", "hub", "up")
            self._in(name, "link", "set", "lo", "up")
            self._in(name, "address", "add", f"{address}/24", "dev", "eth")
            self._in(name, "link", "set", "eth", "up")

    def _in(self, name, *arguments, check=True):
        return ip("-n", self.prefix + name, *arguments, check=check)

    @contextlib.contextmanager
    def inside(self, name):
        self.enter(name)
        try:
            yield
        finally:
            self.enter("hub")

    def enter(self, name):
        space = os.open(f"/run/netns/{self.prefix}{name}", os.O_RDONLY)
        self._set(space)
        os.close(space)

    def leave(self):
        self._set(self.home)

    @staticmethod
    def _set(space):
        if LIBC.setns(space, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    # Faults.

    @contextlib.contextmanager
    def cut(self, name):
        """The cable is out."""
        self._in("hub", "link", "set", self.links[name], "down")
        try:
            yield
        finally:
            self._in("hub", "link", "set", self.links[name], "up")

    @contextlib.contextmanager
    def apart(self, name):
        """This node and the others hear nothing of each other; all reach the hub."""
        with self.split([name], [other for other in self.addresses if other != name]):
            yield

    @contextlib.contextmanager
    def split(self, some, others):
        """These and those hear nothing of each other; all reach the hub."""
        with contextlib.ExitStack() as stack:
            for name in some:
                stack.enter_context(self.mute(name, others))
            for name in others:
                stack.enter_context(self.mute(name, some))
            yield

    @contextlib.contextmanager
    def mute(self, name, towards):
        """What this node sends to those is lost; what they send arrives."""
        routes = [f"{self.addresses[other]}/32" for other in towards]
        for route in routes:
            self._in(name, "route", "add", "blackhole", route)
        try:
            yield
        finally:
            for route in routes:
                self._in(name, "route", "del", "blackhole", route)

    @contextlib.contextmanager
    def disturbed(self, *netem):
        """Delay, loss and the like for everything that any node sends; as `tc netem` takes it."""
        for name in self.addresses:
            done = subprocess.run(["tc", "-n", self.prefix + name, "qdisc", "add", "dev", "eth", "root", "netem", *netem],
                                  capture_output=True, text=True)
            if done.returncode:
                raise unittest.SkipTest(f"skipped: no tc netem here ({done.stderr.strip()})")
        try:
            yield
        finally:
            for name in self.addresses:
                subprocess.run(["tc", "-n", self.prefix + name, "qdisc", "del", "dev", "eth", "root"], check=False)

    def close(self):
        with contextlib.suppress(OSError):
            self.leave()
        for name in ("hub", *self.addresses):
            ip("netns", "del", self.prefix + name, check=False)
        os.close(self.home)
