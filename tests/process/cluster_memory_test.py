"""All voters are killed at once and come back: with `store.path` the account is there again, and nothing is waited out."""
import time
import unittest

import client
import harness
from cluster import PATIENCE, Cluster
from cluster_limits_test import alias, keyed
from cluster_load import Load

LIMITS = {"tight": {"rpm": 60}, "single": {"concurrency": 1}}
BEFORE = 30  # calls of `tight` before the end of everything
REST = 24    # of the other thirty are in the pool then


class AllAtOnce(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.cluster = Cluster(lambda: ({name: keyed(self.up, name, limits) for name, limits in LIMITS.items()},
                                        {name: alias(name, "200ms") for name in LIMITS}, {})).start()
        self.addCleanup(self.cluster.stop)

    def account(self):
        """The allocator's account of `tight`; None while nobody is in office."""
        office = self.cluster.allocator()
        rows = self.cluster[office].get("/cluster/shares").json()["limits"] if office else []
        return next((row["account"] for row in rows if row["owner"] == "key/tight/tight" and "account" in row), None)

    def kill_all(self):
        for name in self.cluster.names:
            self.cluster.kill(name)
        for name in self.cluster.names:
            self.cluster.forget(self.cluster[name])
            self.cluster.launch(name)
        self.cluster.wait_ready()

    def test_limits_hold_the_account_is_there_and_serving_goes_on(self):
        first = time.monotonic()
        for at in range(BEFORE):
            self.assertEqual(self.cluster[self.cluster.names[at % 3]].chat(model="tight").status, 200)
        client.eventually(lambda: (self.account() or {}).get("cooling") == BEFORE, PATIENCE, "all of it is reported")
        # What nodes hold when they die waits out a window: two seconds of use, soon nothing for nodes at rest.
        client.eventually(lambda: (self.account() or {}).get("pool", 0) >= REST, PATIENCE, "nodes at rest give back")
        self.kill_all()
        back = client.eventually(self.account, PATIENCE, "an account")
        self.assertEqual(back["unknown"], 0, "a warm start")
        self.assertGreaterEqual(back["cooling"], BEFORE)
        loads = [Load(self.cluster, name, rate=rate, seed=rate).start() for name, rate in (("tight", 8), ("single", 3))]
        for load in loads:
            self.addCleanup(load.stop)
        client.eventually(lambda: self.up.count("tight") >= BEFORE + REST, PATIENCE, "what was left is used")
        took = time.monotonic() - first
        self.assertLess(took, 60, "the window was not waited out")
        end = first + 75  # the first calls have left the window
        client.eventually(lambda: time.monotonic() > end, 80)
        for load in loads:
            load.stop()
        worst = self.up.worst("tight")
        print(f"\nmemory: {BEFORE} calls, kill -9 of all, {REST} more within {took:.1f} s; worst rolling minute {worst} of 60")
        self.assertLessEqual(worst, LIMITS["tight"]["rpm"])
        self.assertGreater(self.up.count("tight"), LIMITS["tight"]["rpm"])
        self.assertLessEqual(self.up.most_at_once("single"), 1)
        self.assertGreater(self.up.count("single"), 5)


if __name__ == "__main__":
    unittest.main()
