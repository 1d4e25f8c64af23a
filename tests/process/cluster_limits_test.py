"""Three nodes, one limit: it is never passed, it is used, and every node has its part."""
import os
import time
import unittest

import answers
import client
import harness
from cluster import Cluster
from cluster_load import Load, ideal

SECONDS = float(os.environ.get("TROUPE_CLUSTER_SECONDS", "75"))
RPM, TINY = 180, 5
GUARDED = 61  # seconds: a window and the guard, after which a permit is free again


def keyed(upstream, name, limits):
    """A provider of its own for one key with these limits."""
    return harness.provider(upstream, harness.key(name, limits=limits))


def alias(provider, wait="1s"):
    return {"targets": [{"use": f"{provider}/gpt-4o"}], "retry": {"attempts": 2},
            "timeout": {"connect": "2s", "first_token": "4s", "idle": "4s", "total": "4s"},
            "queue": {"max_wait": wait, "max_length": 200}}


class Steady(harness.TestCase):
    """Twice the demand that the limits allow, most of it at one node, and that node changes."""

    def configure(self):
        limits = {"wide": {"rpm": RPM}, "tiny": {"rpm": TINY}, "single": {"concurrency": 1}}
        providers = {name: keyed(self.up, name, limit) for name, limit in limits.items()}
        return providers, {name: alias(name) for name in limits}, {}

    def test_three_nodes_use_what_the_limits_allow_and_not_one_more(self):
        self.up = self.upstream()
        self.up.always(answers.ok(after=0.2), key="single")
        cluster = Cluster(self.configure).start()
        self.addCleanup(cluster.stop)
        load = {"wide": Load(cluster, "wide", rate=RPM * 2 / 60), "tiny": Load(cluster, "tiny", rate=1, seed=2),
                "single": Load(cluster, "single", rate=6, seed=3)}
        for one in load.values():
            one.start()
        end = time.monotonic() + SECONDS
        client.eventually(lambda: time.monotonic() > end, SECONDS + 5)
        for one in load.values():
            one.stop()
        self.report(load)
        self.check_never_over()
        self.check_used(load, cluster)

    def report(self, load):
        print(f"\ncluster: worst rolling minute: wide {self.up.worst('wide')} of {RPM}, tiny {self.up.worst('tiny')} of "
              f"{TINY}; single: {self.up.most_at_once('single')} at once")
        for name, one in load.items():
            print(f"  {name}: {dict(one.count())} {dict(one.served_by())}")

    def check_never_over(self):
        self.assertLessEqual(self.up.worst("wide"), RPM)
        self.assertLessEqual(self.up.worst("tiny"), TINY)
        self.assertLessEqual(self.up.most_at_once("single"), 1)

    def check_used(self, load, cluster):
        """In the second half, against one node that had all of it to itself."""
        half = load["wide"].began + SECONDS / 2
        for name, limit, share in (("wide", RPM, 0.95), ("tiny", TINY, 0.95)):
            best = sum(at >= half for at in ideal(load[name].offered, limit, GUARDED))
            used = sum(call.at >= half for call in self.up.calls if call.key == name)
            print(f"  {name}: {used} of {best} that were possible in the second half")
            self.assertGreaterEqual(used, int(share * best))
        self.assertEqual(self.up.worst("tiny"), TINY)
        self.assertGreaterEqual(self.up.busy("single", half), 0.6, "one at a time, all the time")
        for name in cluster.names:
            self.assertGreater(load["wide"].served_by()[name], 0)
            self.assertGreater(load["single"].served_by()[name], 0)
        for one in load.values():
            self.assertLessEqual(set(one.count()), {200, 429}, one.since(0))
            for refused in one.since(0, 429):
                self.assertTrue(refused.retry_after, refused)


if __name__ == "__main__":
    unittest.main()
