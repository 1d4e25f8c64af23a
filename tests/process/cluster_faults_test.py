"""What may happen to nodes: killed, paused, drained, left in a minority. One cluster lives through it all, under load."""
import os
import random
import time
import unittest

import answers
import client
import harness
from cluster import PATIENCE, Cluster
from cluster_limits_test import alias, keyed
from cluster_load import Load

ROUNDS = int(os.environ.get("TROUPE_CLUSTER_ROUNDS", "0"))  # random faults on top
SEED = int(os.environ.get("TROUPE_CLUSTER_SEED", "1"))
LIMITS = {"tight": {"rpm": 60}, "roomy": {"rpm": 6000}, "single": {"concurrency": 1}}
ELECTION = 10  # seconds until another is in office


class Shared(harness.TestCase):
    """A cluster and its load, for the tests of a class. `tight` is always asked for more than it may give; `roomy` has
    plenty, so that no error is excused."""

    @classmethod
    def setUpClass(cls):
        cls.up = harness.Upstream().start()
        cls.addClassCleanup(cls.up.stop)
        cls.up.always(answers.ok(after=0.1), key="single")
        cls.cluster = Cluster(lambda: (
            {name: keyed(cls.up, name, limits) for name, limits in LIMITS.items()},
            {name: alias(name, "2s" if name == "roomy" else "200ms") for name in LIMITS},
            {"server": {"drain_timeout": "10s"}})).start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.load = {"tight": Load(cls.cluster, "tight", rate=2), "roomy": Load(cls.cluster, "roomy", rate=8, seed=2),
                    "single": Load(cls.cluster, "single", rate=2, seed=3)}
        for load in cls.load.values():
            load.start()
            cls.addClassCleanup(load.stop)

    def setUp(self):
        for name in self.cluster.names:  # what the test before left behind, if it failed
            if self.cluster[name].process.poll() is not None:
                self.cluster.forget(self.cluster[name])
                self.cluster.launch(name)
        self.cluster.wait_ready()
        self.began = time.monotonic()

    def others(self, *names):
        return [name for name in self.cluster.names if name not in names]

    def served(self, model, since, number=5, seconds=PATIENCE, by=None):
        """Until so many requests that began since then were served (by that node)."""
        client.eventually(lambda: sum(by in (None, one.node) for one in self.load[model].since(since, 200)) >= number,
                          seconds, f"{number} requests of {model} served")

    def assertNoError(self, since, *excused):
        """Nobody who asked for `roomy` was turned away; `excused` are statuses of calls that a node took to its grave."""
        wrong = [one for one in self.load["roomy"].since(since) if one.status not in (200, *excused)]
        self.assertEqual(wrong, [])


class Faults(Shared):
    def tearDown(self):
        self.assertLessEqual(self.up.worst("tight"), LIMITS["tight"]["rpm"])
        self.assertLessEqual(self.up.worst("roomy"), LIMITS["roomy"]["rpm"])
        self.assertLessEqual(self.up.most_at_once("single"), 1)

    def test_a_killed_allocator_is_replaced_and_comes_back(self):
        victim = self.cluster.wait_allocator()
        rest = self.others(victim)
        self.cluster.kill(victim)
        killed = time.monotonic()
        self.cluster.wait_allocator(rest, ELECTION)
        print(f"\ncluster: another allocator {time.monotonic() - killed:.1f} s after kill -9")
        self.served("roomy", time.monotonic())
        self.cluster.restart(victim)
        self.served("roomy", time.monotonic(), by=victim)
        self.assertNoError(self.began, "ConnectionResetError", "RemoteDisconnected")
        cut = [one for one in self.load["roomy"].since(self.began) if one.status != 200]
        self.assertTrue(all(one.node == victim and one.began <= killed + 0.5 for one in cut), cut)

    def test_a_node_that_slept_longer_than_its_lease_sends_nothing_with_what_it_had(self):
        for victim in (self.cluster.wait_allocator(), self.others(self.cluster.wait_allocator())[0]):
            with self.subTest(victim):
                with self.cluster.paused(victim):
                    paused = time.monotonic()
                    self.cluster.wait_allocator(self.others(victim), ELECTION)
                    client.eventually(lambda: time.monotonic() > paused + 5)  # lease and margins
                    self.served("roomy", paused + 4)
                woke = time.monotonic()
                self.cluster.wait_ready(victim)
                self.served("roomy", woke, by=victim)
                self.assertNoError(woke + 1)

    def drained(self):
        """A node that is no allocator, after SIGTERM and its end."""
        victim = self.others(self.cluster.wait_allocator())[0]
        with self.cluster[victim].stream(model="roomy") as stream:
            self.assertEqual(stream.status, 200)
            self.assertEqual([data for _, data in stream][-1], "[DONE]")
        self.cluster.drain(victim)
        self.assertEqual(self.cluster[victim].wait_exit(PATIENCE), 0)
        return victim

    def test_a_drained_node_is_missed_by_nobody(self):
        victim = self.drained()
        self.cluster.restart(victim)
        self.served("roomy", time.monotonic(), by=victim)
        self.assertNoError(self.began)

    def test_a_drained_node_hands_its_permits_back(self):
        before = {name: self.held(name) for name in self.cluster.names}  # what a killed process took with it cools still
        victim = self.drained()
        client.eventually(lambda: self.held(victim) is not None, PATIENCE, "an allocator")
        lost = {owner: of["frozen"] for owner, of in (before[victim] or {}).items()}
        for owner, of in self.held(victim).items():
            self.assertEqual(of["held"], 0, owner)
            self.assertLessEqual(of["frozen"], lost.get(owner, 0), owner)

    def held(self, name):
        """What the allocator believes that this node may still use or has lost, by key; None while nobody says it."""
        office = self.cluster.allocator(self.others(name))
        limits = self.cluster[office].get("/cluster/shares").json()["limits"] if office else []
        accounts = {limit["owner"]: limit["nodes"].get(name) for limit in limits if "nodes" in limit}
        left = {owner: of for owner, of in accounts.items() if of and (of["held"] or of["frozen"])}
        return left if accounts else None

    def test_not_ready_from_the_first_moment_of_a_drain(self):
        victim = self.others(self.cluster.wait_allocator())[0]
        self.up.always(answers.ok(after=2.0), key="roomy")
        self.addCleanup(self.up.always, answers.ok(), key="roomy")
        seen = self.up.count("roomy")
        client.eventually(lambda: self.up.count("roomy") > seen + 20, PATIENCE, "calls under way")
        self.cluster.drain(victim)
        client.eventually(lambda: not self.cluster.ready(victim), 1, "not ready")
        self.up.always(answers.ok(), key="roomy")
        self.assertEqual(self.cluster[victim].wait_exit(PATIENCE), 0)
        self.cluster.restart(victim)
        self.assertNoError(self.began)

    def test_a_rolling_restart_drops_no_request(self):
        for name in self.cluster.names:
            self.cluster.drain(name)
            self.assertEqual(self.cluster[name].wait_exit(PATIENCE), 0)
            self.cluster.restart(name)
        self.served("roomy", time.monotonic())
        self.assertNoError(self.began)

    @unittest.skipUnless(ROUNDS, "skipped: TROUPE_CLUSTER_ROUNDS=60 asks for random faults")
    def test_random_faults(self):
        chance = random.Random(SEED)
        for turn in range(ROUNDS):
            victim, fault = chance.choice(self.cluster.names), chance.choice(["kill", "pause", "drain"])
            began = time.monotonic()
            if fault == "pause":
                with self.cluster.paused(victim):
                    until = began + chance.uniform(0.5, 6)
                    client.eventually(lambda: time.monotonic() > until)
            else:
                self.cluster.kill(victim) if fault == "kill" else self.cluster.drain(victim)
                self.cluster[victim].wait_exit(PATIENCE)
                self.cluster.restart(victim)
            self.cluster.wait_ready()
            self.served("roomy", time.monotonic())
            worst = self.up.worst("tight"), self.up.worst("roomy"), self.up.most_at_once("single")
            print(f"\nround {turn}: {fault} {victim}, well again after {time.monotonic() - began:.1f} s, worst {worst}")
            self.tearDown()


class Minority(Shared):
    """Apart, because the majority's memory is lost here: what is a window's stays away for a window."""

    def test_a_minority_stops_when_its_lease_ends_and_recovers(self):
        survivor = self.cluster.names[1]
        for name in self.others(survivor):
            self.cluster.kill(name)
        client.eventually(lambda: not self.cluster.ready(survivor), PATIENCE, "not ready")
        asked, calls = time.monotonic(), self.up.count()
        answer = self.cluster[survivor].chat(model="roomy")
        self.assertIn(answer.status, (429, 503), answer)
        self.assertTrue(answer.headers.get("retry-after"), answer)
        client.eventually(lambda: len(self.load["tight"].since(asked)) >= 3, PATIENCE, "requests at the survivor")
        self.assertEqual(self.up.count(), calls, "calls without a lease")
        for name in self.others(survivor):
            self.cluster.forget(self.cluster[name])
            self.cluster.launch(name)
        self.cluster.wait_ready()
        self.served("single", time.monotonic())  # whoever held it has no call under way any more
        self.assertLessEqual(self.up.worst("tight"), LIMITS["tight"]["rpm"])
        self.assertLessEqual(self.up.most_at_once("single"), 1)


if __name__ == "__main__":
    unittest.main()
