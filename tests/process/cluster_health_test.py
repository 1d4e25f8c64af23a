"""Three nodes and what one of them finds out about a provider key: the others act on it without asking the provider."""
import time
import unittest

import answers
import client
import harness
from cluster import Cluster

TIMES = {"connect": "2s", "first_token": "4s", "idle": "4s", "total": "4s"}
MODELS = {"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 3}, "timeout": TIMES},
          "only-bad": {"targets": [{"use": "alpha/gpt-4o", "key": "bad"}], "retry": {"attempts": 1}, "timeout": TIMES,
                       "queue": {"max_wait": "0s"}}}
SOON = 1.0  # seconds: what the promise says


class Health(harness.TestCase):
    def start(self, **sections):
        self.up = self.upstream()
        providers = {"alpha": harness.provider(self.up, harness.key("bad"), harness.key("good"))}
        self.cluster = Cluster(lambda: (providers, MODELS, sections)).start()
        self.addCleanup(self.cluster.stop)
        first = self.cluster.names[0]
        client.eventually(lambda: self.linked(first), 15, "everybody is linked")

    def linked(self, name):
        return sum(member["linked"] for member in self.cluster.view(name)["members"]) == len(self.cluster.names)

    def state(self, name):
        return self.cluster[name].key("alpha/bad")["breaker"]["state"]

    def hearsay(self, name, about):
        return [word for word in self.cluster[name].key("alpha/bad")["hearsay"] if word["about"] == about]

    def others(self):
        return self.cluster.names[1:]

    def test_a_key_that_is_refused_at_one_node_is_asked_by_no_other(self):
        self.start()
        self.up.always(answers.unauthorized(), key="bad")
        first = self.cluster.names[0]
        self.assertEqual(self.cluster[first].chat("only-bad").status, 401)
        for name in self.others():
            client.eventually(lambda: self.state(name) == "dead", SOON, f"{name} knows")
            self.assertEqual(self.hearsay(name, "verdict")[0]["from"], first)
        for name in self.cluster.names:
            for _ in range(6):
                self.assertEqual(self.cluster[name].chat().status, 200)
            self.assertEqual(self.cluster[name].chat("only-bad").status, 503)
        self.assertEqual(self.up.count("bad"), 1, "the provider was asked once, by one node")
        facts = self.cluster.view(self.others()[0])["health"]
        self.assertEqual([(fact["key"], fact["about"], fact["from"]) for fact in facts],
                         [("alpha/bad", "verdict", first)])

    def test_a_429_with_a_time_keeps_all_nodes_away_until_then(self):
        self.start()
        self.up.script(answers.rate_limited(retry_after=5), key="bad")
        self.assertEqual(self.cluster[self.cluster.names[0]].chat("only-bad").status, 429)
        begun = self.up.calls[0].at
        for name in self.others():
            client.eventually(lambda: self.hearsay(name, "pause"), SOON, f"{name} knows")
        served = {}
        def all_serve():
            for name in self.cluster.names:
                if name not in served and self.cluster[name].chat("only-bad").status == 200:
                    served[name] = time.monotonic()
            return len(served) == len(self.cluster.names)
        client.eventually(all_serve, 15, "served again everywhere")
        calls = [call.at for call in self.up.calls if call.key == "bad"]
        self.assertEqual(len(calls), 1 + len(self.cluster.names))
        self.assertGreaterEqual(min(calls[1:]) - begun, 5.0)
        self.assertLess(max(calls) - begun, 8.0, "and not much longer")

    def test_one_node_finds_out_for_all_that_a_refused_key_works_again(self):
        self.start(probes={"every": "1s"}, breaker={"half_open_probes": 1})
        self.up.always(answers.unauthorized(), key="bad")
        self.assertEqual(self.cluster[self.cluster.names[0]].chat("only-bad").status, 401)
        client.eventually(lambda: self.up.count("bad") >= 3, 15, "probes")
        self.up.always(answers.ok(), key="bad")
        for name in self.cluster.names:
            client.eventually(lambda: self.state(name) != "dead", 10, f"{name} knows that it works")
            self.assertEqual(self.hearsay(name, "verdict"), [])
        probes = {name: self.cluster[name].metric("troupe_upstream_attempts_total", route="probe")
                  for name in self.cluster.names}
        self.assertEqual(sum(count > 0 for count in probes.values()), 1, probes)
        self.assertEqual(sum(probes.values()), self.up.count("bad") - 1, "all but the first were probes")
        for name in self.cluster.names:
            self.assertEqual(self.cluster[name].chat("only-bad").status, 200)

    def test_one_nodes_open_breaker_closes_the_key_for_nobody_else(self):
        self.start(breaker={"failures": 1, "cooldown": "60s"})
        self.up.script(answers.server_error(), key="bad")
        first = self.cluster.names[0]
        self.assertEqual(self.cluster[first].chat("only-bad").status, 500)
        self.assertEqual(self.state(first), "open")
        for name in self.others():
            client.eventually(lambda: self.hearsay(name, "breaker"), SOON, f"{name} knows")
            self.assertEqual(self.state(name), "closed")
            self.assertEqual(self.cluster[name].chat("only-bad").status, 200)


if __name__ == "__main__":
    unittest.main()
