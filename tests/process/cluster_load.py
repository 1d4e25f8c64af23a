"""Clients of a whole cluster, as a balancer sends them: open loop, a skew that moves, another node when one refuses."""
import bisect
import collections
import concurrent.futures
import http.client
import random
import threading
import time


class Outcome:
    """One request. `node`: who answered; `status`: of HTTP, or the name of what went wrong on the way."""

    def __init__(self, began, node, status, retry_after, text):
        self.began, self.ended = began, time.monotonic()
        self.node, self.status, self.retry_after, self.text = node, status, retry_after, text

    def __repr__(self):
        return f"{self.status} of {self.node}: {self.text}"


class Load:
    """`rate` requests per second for `model`, until stop(). Healthy nodes get them, most of them the hot node; which
    one is hot moves every `moves` seconds. Only a refused connection is tried at another node."""

    def __init__(self, cluster, model, rate, seed=1, moves=10, skew=0.7, patience=15):
        self.cluster, self.model, self.rate, self.moves, self.skew = cluster, model, rate, moves, skew
        self.patience, self.chance = patience, random.Random(seed)
        self.outcomes, self.offered = [], []
        self.lock, self.over = threading.Lock(), threading.Event()
        self.healthy = {name: True for name in cluster.names}
        self.pool = concurrent.futures.ThreadPoolExecutor(32)
        self.threads = [threading.Thread(target=self._send, daemon=True),
                        threading.Thread(target=self._check_health, daemon=True)]

    def start(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(30)
        self.pool.shutdown(wait=True)

    def _send(self):
        next_at = time.monotonic()
        while not self.over.wait(max(0, next_at - time.monotonic())):
            self.pool.submit(self._ask, self._order())
            next_at = max(next_at + self.chance.expovariate(self.rate), time.monotonic() - 1)

    def _check_health(self):
        """What a balancer does: each 100 ms, one failure is enough."""
        while not self.over.wait(0.1):
            for name in self.cluster.names:
                self.healthy[name] = self.cluster.ready(name)

    def _order(self):
        """The nodes to try: a healthy one first."""
        names = self.cluster.names
        hot = names[int((time.monotonic() - self.began) / self.moves) % len(names)]
        chosen = hot if self.chance.random() < self.skew else self.chance.choice(names)
        rest = self.chance.sample(names, len(names))
        return sorted([chosen] + [name for name in rest if name != chosen],
                      key=lambda name: not self.healthy[name])

    def _ask(self, order):
        began = time.monotonic()
        body = {"model": self.model, "messages": [{"role": "user", "content": "hi"}]}
        node, status, retry, text = None, "refused everywhere", None, ""
        for node in order:
            try:
                answer = self.cluster.ask(node, "api", "POST", "/v1/chat/completions", body, timeout=self.patience)
                status, text = answer.status, answer.body.decode()[:300]
                retry = answer.headers.get("retry-after")
            except ConnectionRefusedError:
                continue
            except (OSError, http.client.HTTPException) as error:
                status, text = type(error).__name__, str(error)
            break
        with self.lock:
            self.offered.append(began)
            self.outcomes.append(Outcome(began, node, status, retry, text))

    # What came of it.

    def count(self):
        with self.lock:
            return collections.Counter(outcome.status for outcome in self.outcomes)

    def since(self, moment, *statuses):
        """Outcomes of requests that began after `moment`; with statuses, only those."""
        with self.lock:
            return [one for one in self.outcomes if one.began >= moment and (not statuses or one.status in statuses)]

    def served_by(self, moment=0):
        return collections.Counter(one.node for one in self.since(moment, 200))


def ideal(offered, limit, window):
    """When one node alone would have served these arrivals under the limit: the best that any number can do."""
    served = []
    for at in sorted(offered):
        if len(served) < limit or at - served[-limit] >= window:
            served.append(at)
    return served


def worst(times, window=60.0):
    """The most of these moments in any window."""
    times = sorted(times)
    return max((index + 1 - bisect.bisect_right(times, at - window) for index, at in enumerate(times)), default=0)
