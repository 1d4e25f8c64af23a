"""A scripted provider on a raw socket, so that it can be as hostile as it likes. It counts and enforces limits.

What it answers is a queue of answers per key (`script`), else the standing answer of the key (`always`), else
answers.ok(). An answer is an async function over a Peer (answers.py has them all).
"""
import asyncio
import bisect
import collections
import contextlib
import json
import socket
import struct
import threading
import time

import answers

WINDOW = 60.0  # seconds


class Call:
    """One request that arrived. Times are on this machine's monotonic clock."""

    def __init__(self, key, method, path, headers, body, connection):
        self.at = time.monotonic()
        self.key, self.method, self.path, self.headers = key, method, path, headers
        self.body, self.connection = body, connection
        self.refused = False  # by the limits
        self.gone_at = None   # the caller hung up before the answer was complete
        self.sent = 0         # bytes of the answer handed to the kernel
        self.done = False
        self.ended = None     # when the answer was complete, or given up

    def json(self):
        return json.loads(self.body)


class Peer:
    """The connection of one call, as an answer sees it."""

    def __init__(self, call, reader, writer):
        self.call, self.reader, self.writer = call, reader, writer
        self.keep_alive = True

    async def send(self, data):
        for begin in range(0, len(data), 65536):
            piece = data[begin:begin + 65536]
            self.writer.write(piece)
            await self.writer.drain()
            self.call.sent += len(piece)

    async def hang(self):
        """Says nothing more until the caller goes away."""
        while await self.reader.read(65536):
            pass
        self.call.gone_at = time.monotonic()
        self.keep_alive = False

    def reset(self):
        """Ends with RST, as a crashed machine does."""
        sock = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        self.keep_alive = False

    def finish(self):
        """Ends with FIN."""
        self.keep_alive = False


class Upstream:
    """Thread-safe for tests: runs an event loop of its own. `limits`: requests per rolling minute of each key."""

    def __init__(self, limits=None, tls=None, default=None, host="127.0.0.1"):
        self.limits, self.tls, self.host = dict(limits or {}), tls, host
        self.default = default or answers.ok()
        self.standing, self.queues = {}, collections.defaultdict(collections.deque)
        self.calls, self.connections, self.port = [], 0, 0
        self.lock = threading.Condition()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.server, self.writers = None, set()
        self.accepted = collections.defaultdict(list)

    # Life.

    def start(self):
        self.thread.start()
        self.up()
        return self

    def up(self):
        """Listens (again, on the same port)."""
        self._run(self._listen())
        return self

    def down(self):
        """Refuses connections and resets the open ones, as a machine that died."""
        self._run(self._close())

    def stop(self):
        with contextlib.suppress(Exception):
            self.down()
        self._run(self._cancel_rest())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def _listen(self):
        self.server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls, limit=1 << 20,
                                                 backlog=1024)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _close(self):
        if self.server:
            self.server.close()
            self.server = None
        for writer in list(self.writers):
            writer.transport.abort()

    async def _cancel_rest(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://{'localhost' if self.tls else self.host}:{self.port}"

    # The script.

    def always(self, answer, key=None):
        """The standing answer of a key (or of every key)."""
        with self.lock:
            if key is None:
                self.default = answer
            else:
                self.standing[key] = answer

    def script(self, *items, key=None):
        """Answers for the next calls (of one key, or of any)."""
        with self.lock:
            self.queues[key].extend(items)

    # What was seen.

    def count(self, key=None):
        with self.lock:
            return sum(1 for call in self.calls if key in (None, call.key))

    def last(self):
        with self.lock:
            return self.calls[-1]

    def wait_calls(self, number, seconds=10):
        """Until `number` calls have arrived in all."""
        with self.lock:
            if not self.lock.wait_for(lambda: len(self.calls) >= number, seconds):
                raise AssertionError(f"{len(self.calls)} calls instead of {number} within {seconds} s")
            return self.calls[number - 1]

    def wait_gone(self, call, seconds=10):
        """Until the caller hung up on this call."""
        with self.lock:
            if not self.lock.wait_for(lambda: call.gone_at, seconds):
                raise AssertionError(f"the caller did not hang up within {seconds} s")

    def worst(self, key):
        """The oracle: the most calls of this key in any rolling minute."""
        with self.lock:
            times = sorted(call.at for call in self.calls if call.key == key)
        return max((index + 1 - bisect.bisect_left(times, at - WINDOW + 1e-9) for index, at in enumerate(times)),
                   default=0)

    def most_at_once(self, key):
        """The other oracle: the most calls of this key that were under way at any moment."""
        with self.lock:
            steps = sorted(step for call in self.calls if call.key == key
                           for step in ((call.at, 1), (call.ended or float("inf"), -1)))
        most = now = 0
        for _, step in steps:
            now += step
            most = max(most, now)
        return most

    def busy(self, key, since):
        """The part of the time since then, until the last call's end, that calls of this key were under way."""
        with self.lock:
            calls = [call for call in self.calls if call.key == key and call.ended and call.at >= since]
        total = max((call.ended for call in calls), default=since) - since
        return sum(call.ended - call.at for call in calls) / total if total else 0

    # The connection.

    async def _serve(self, reader, writer):
        self.writers.add(writer)
        self.connections += 1
        number = self.connections
        try:
            while await self._exchange(reader, writer, number):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError, ValueError, OSError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self.writers.discard(writer)
            with contextlib.suppress(Exception):
                writer.close()

    async def _exchange(self, reader, writer, number):
        """One request and its answer; False when the connection is over."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = dict(line.split(": ", 1) if ": " in line else line.split(":", 1) for line in lines[1:] if line)
        headers = {name.lower(): value.strip() for name, value in headers.items()}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        named = (headers.get(name) for name in ("x-api-key", "api-key", "x-goog-api-key"))
        secret = next(filter(None, named), None) or headers.get("authorization", "").removeprefix("Bearer ")
        call = Call(answers.key_name(secret), method, path, headers, body, number)
        peer = Peer(call, reader, writer)
        answer = self._arrived(call)
        try:
            await answer(peer)
            call.done = True
            return peer.keep_alive
        except (ConnectionError, OSError):
            call.gone_at = time.monotonic()
            return False
        finally:
            with self.lock:
                call.ended = time.monotonic()
                self.lock.notify_all()

    def _arrived(self, call):
        """Books the call and picks its answer: the limits first, then the script."""
        with self.lock:
            self.calls.append(call)
            self.lock.notify_all()
            if self._over(call):
                call.refused = True
                return answers.rate_limited(retry_after=1)
            for queue in (self.queues[call.key], self.queues[None]):
                if queue:
                    return queue.popleft()
            return self.standing.get(call.key, self.default)

    def _over(self, call):
        limit, times = self.limits.get(call.key), self.accepted[call.key]
        if limit is None:
            return False
        if len(times) - bisect.bisect_right(times, call.at - WINDOW) >= limit:
            return True
        times.append(call.at)
        return False
