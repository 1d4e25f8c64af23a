"""What callers and operators are told of a limit that nodes share: the whole cluster's use, wherever they ask."""
import hashlib
import time
import unittest

import client
import harness
from cluster import PATIENCE, Cluster
from cluster_limits_test import alias, keyed

KEYS = {"team": "the-team-key", "few": "the-few-key"}
TEAM, FEW, KEY = 60, 5, 600


class Telling(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.rpm = KEY
        self.cluster = Cluster(self.configure).start()
        self.addCleanup(self.cluster.stop)

    def configure(self):
        tenants = {name: {"keys": [{"name": name, "hash": f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"}],
                          "limits": {"rpm": {"team": TEAM, "few": FEW}[name]}} for name, key in KEYS.items()}
        return {"p": keyed(self.up, "one", {"rpm": self.rpm})}, {"smart": alias("p")}, {"tenants": tenants}

    def chat(self, name, tenant="team"):
        return self.cluster[name].chat(headers={"Authorization": f"Bearer {KEYS[tenant]}"})

    def limit(self, name, scope, which):
        """The row of /limits at that node."""
        rows = self.cluster[name].get("/limits").json()["limits"]
        return next(row for row in rows if (row["scope"], row["id"], row["window"]) == (scope, which, "rpm"))

    def spend(self, rounds, tenant="team"):
        """Calls at all nodes in turn; none is refused, although the first finds a node without permits."""
        for _ in range(rounds):
            for name in self.cluster.names:
                answer = self.chat(name, tenant)
                self.assertEqual(answer.status, 200, answer)
        return rounds * len(self.cluster.names)


class Told(Telling):
    def test_every_node_tells_what_all_have_used_and_what_is_left(self):
        spent = self.spend(4)
        for name in self.cluster.names:
            for scope, which in (("tenant", "team"), ("key", "p/one")):
                client.eventually(lambda: self.limit(name, scope, which)["used"] == spent, 10, f"{name} knows all of {which}")
                row = self.limit(name, scope, which)
                self.assertTrue(row["shared"])
                self.assertEqual(row["used_here"], spent / 3)
                self.assertGreater(row["resets_s"], 40)
                self.assertLess(row["age_s"], 5)
        remaining = [int(self.chat(name).headers["x-ratelimit-remaining-requests"]) for name in self.cluster.names]
        for told, at_least in zip(remaining, (1, 2, 3)):  # a word may be a quarter of a second old
            self.assertLessEqual(told, TEAM - spent - 1)
            self.assertGreaterEqual(told, TEAM - spent - 3)
        self.check_inspection(spent + 3)

    def check_inspection(self, spent):
        shares = 0
        for name in self.cluster.names:
            node = self.cluster[name]
            client.eventually(lambda: self.limit(name, "key", "p/one")["used"] == spent, 10, f"{name} knows all")
            window = next(window for window in node.key("p/one")["windows"] if window["name"] == "rpm")
            self.assertEqual((window["limit"], window["used"], window["used_here"]), (KEY, spent, spent / 3))
            self.assertLessEqual(window["share"], KEY - spent)
            labels = {"provider": "p", "key": "one", "window": "rpm"}
            self.assertAlmostEqual(node.metric("troupe_key_window_used_ratio", **labels), spent / KEY, 3)
            self.assertLess(node.metric("troupe_key_window_age_seconds", **labels), 5)
            shares += node.metric("troupe_key_share", **labels)
        self.assertLessEqual(shares, KEY - spent)

    def test_a_caller_whose_limit_is_used_up_elsewhere_is_told_when_some_of_it_is_free_again(self):
        began = time.monotonic()
        for at in range(FEW):
            self.assertEqual(self.chat(self.cluster.names[at % 3], "few").status, 200)
        last = time.monotonic()
        for name in self.cluster.names:
            answer = self.chat(name, "few")
            self.assertEqual(answer.status, 429, answer)
            self.assertEqual(answer.headers["x-ratelimit-limit-requests"], str(FEW))
            self.assertEqual(answer.headers["x-ratelimit-remaining-requests"], "0")
            retry = int(answer.headers["retry-after"])
            passed = time.monotonic() - began
            self.assertGreaterEqual(retry, 60 - passed)
            self.assertLessEqual(retry, 64 - (last - began) + 5)
        self.assertEqual(self.up.count(), FEW)


class Mixed(Telling):
    """While nodes have different revisions in force the smaller limit holds, whoever is in office."""

    def reload(self, rpm, *names):
        self.rpm = rpm
        providers, models, sections = self.configure()
        for name in names:
            self.cluster[name].write(harness.config(providers, models, cluster=self.cluster.section(name),
                                                    store=self.cluster.store(name), **sections))
            self.assertEqual(self.cluster[name].post("/config/reload").status, 200)

    def all_say(self, rpm):
        for name in self.cluster.names:
            client.eventually(lambda: self.limit(name, "key", "p/one")["limit"] == rpm, PATIENCE, f"{name} says {rpm}")

    def test_the_smaller_limit_holds_on_all_nodes_and_is_raised_when_the_last_has_the_larger(self):
        office = self.cluster.allocator()
        one = next(name for name in self.cluster.names if name != office)
        self.spend(1)
        self.reload(12, one)
        self.all_say(12)
        answers = [self.chat(name).status for _ in range(6) for name in self.cluster.names]
        self.assertEqual(self.up.worst("one"), 12)
        self.assertEqual(answers.count(200), 9)
        self.reload(24, *self.cluster.names)
        self.all_say(24)
        self.assertEqual(self.chat(one).status, 200)


if __name__ == "__main__":
    unittest.main()
