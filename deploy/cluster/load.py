"""Chats through the balancer at a steady rate, whatever becomes of the answers."""
import collections
import http.client
import json
import threading
import time

WORKERS = 24
CALLS_PER_CONNECTION = 10  # then the balancer chooses again
BODY = json.dumps({"model": "demo", "max_tokens": 8, "messages": [{"role": "user", "content": "Say hello"}]})


def chat(connection):
    """(status, answering node, parsed body)."""
    connection.request("POST", "/v1/chat/completions", BODY, {"content-type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.headers.get("x-troupe-node", "-"), json.loads(answer.read())


class Load:
    def __init__(self, address, rate):
        self.address, self.rate = address, rate
        self.served = collections.Counter()  # by node
        self.refused = self.failed = 0
        self.lock, self.over = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._work, args=(i,), daemon=True) for i in range(WORKERS)]

    def start(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=6)

    def _work(self, index):
        """The calls index, index + WORKERS, ... of the plan; those that are late by more than a second are left out."""
        every = WORKERS / self.rate
        due = self.began + index / self.rate
        connection, calls = None, 0
        while not self.over.wait(max(0.0, due - time.monotonic())):
            if connection is None:
                connection, calls = http.client.HTTPConnection(self.address, timeout=5), 0
            calls += 1
            if not self._call(connection) or calls >= CALLS_PER_CONNECTION:
                connection.close()
                connection = None
            due += every
            while due < time.monotonic() - 1:
                due += every

    def _call(self, connection):
        """One chat; False when its connection is of no more use."""
        try:
            status, node, _ = chat(connection)
        except (OSError, http.client.HTTPException, ValueError):
            status, node = 0, "-"
        with self.lock:
            if status == 200:
                self.served[node] += 1
            elif status == 429:
                self.refused += 1
            else:
                self.failed += 1
        return status in (200, 429)
