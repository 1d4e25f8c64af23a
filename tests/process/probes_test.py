"""Active probes: small calls of the node's own that find out that a key works again, before any caller has to."""
import unittest

import answers
import client
import harness

MODELS = {"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}}}
NEVER = {"failures": 1, "cooldown": "600s", "cooldown_max": "600s", "half_open_probes": 2}


class Probes(harness.TestCase):
    def start(self, *keys, **probes):
        self.up = self.upstream()
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, *keys)}, MODELS, breaker=NEVER,
                                           probes={"every": "1s", **probes}))

    def probes(self, **labels):
        return self.it.metric("troupe_upstream_attempts_total", route="probe", **labels)

    def state(self, key="alpha/alpha-1"):
        return self.it.key(key)["breaker"]["state"]

    def prober(self):
        for actor in self.it.actors():
            if actor["type"] == "prober":
                return self.it.get(f"/actors/{actor['id']}?format=json").json()["detail"]
        raise AssertionError("no prober")

    def test_a_revoked_key_comes_back_by_itself_when_the_provider_takes_it_again(self):
        self.start("alpha-1", prompt="are you there")
        self.up.always(answers.unauthorized())
        self.assertEqual(self.it.chat().status, 401)
        self.assertEqual(self.state(), "dead")
        self.assertError(self.it.chat(), 503)
        client.eventually(lambda: self.probes(fault="provider_key_dead") >= 1, what="a probe that failed")
        self.assertEqual(self.state(), "dead")
        asked = self.up.last().json()
        self.assertEqual(asked["messages"], [{"role": "user", "content": "are you there"}])
        self.assertEqual((asked["max_tokens"], asked["model"]), (1, "gpt-4o"))
        self.up.always(answers.ok())
        client.eventually(lambda: self.state() == "closed", what="probes closed the breaker")
        self.assertGreaterEqual(self.probes(fault="none"), 2)
        self.assertEqual(self.it.chat().status, 200)
        history = str(self.it.key("alpha/alpha-1")["breaker"]["history"])
        self.assertIn("revived", history)
        detail = self.prober()
        self.assertGreaterEqual(detail["passed"], 2)
        self.assertEqual((detail["keys"][0]["key"], detail["keys"][0]["last"]), ("alpha/alpha-1", "passed"))
        self.assertTrue(any(event.get("event") == "probe" for event in self.it.log))
        self.assertEqual(self.it.metric("troupe_requests_total", route="probe"), 0, "no caller's request")

    def test_an_open_breaker_is_closed_by_probes_long_before_its_cooldown(self):
        self.start("alpha-1")
        self.up.script(answers.server_error())
        self.assertEqual(self.it.chat().status, 500)
        self.assertEqual(self.state(), "open")
        client.eventually(lambda: self.state() == "closed", what="closed")
        self.assertEqual(self.it.chat().status, 200)

    def test_probes_count_in_the_keys_own_minute(self):
        self.start(harness.key("alpha-1", limits={"rpm": 2}))
        self.up.script(answers.unauthorized())
        self.assertEqual(self.it.chat().status, 401)
        client.eventually(lambda: self.prober()["skipped"] >= 1, what="no room for a third call")
        self.assertEqual(self.up.worst("alpha-1"), 2)

    def test_idle_keys_are_probed_where_the_operator_wants_it(self):
        self.start("alpha-1", idle=True)
        client.eventually(lambda: self.up.count() >= 2, what="probes without any request")
        self.assertEqual(self.state(), "closed")

    def test_a_node_that_is_told_to_end_gives_up_a_probe_that_hangs(self):
        self.start("alpha-1", idle=True)
        self.up.always(answers.hang_before_head())
        self.up.wait_calls(1)
        self.it.stop(seconds=15)


if __name__ == "__main__":
    unittest.main()
