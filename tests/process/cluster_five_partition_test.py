"""Five nodes on a network of their own, two of them cut from three, or one that is heard by some: tiny limits hold."""
import time

import answers
import client
import harness
import namespaces
from cluster import PATIENCE
from cluster_five_test import Fives
from cluster_limits_test import alias, keyed
from cluster_load import Load
from cluster_partition_test import Spaced

LIMITS = {"tiny": {"rpm": 5}, "roomy": {"rpm": 6000}, "single": {"concurrency": 1}}


class SpacedFives(Spaced, Fives):
    """Three voters and two others, each in its namespace."""


class FivePartition(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = namespaces.Network([f"node-{number}" for number in range(1, 6)])
        cls.addClassCleanup(cls.network.close)
        cls.network.enter("hub")
        cls.up = harness.Upstream(host=namespaces.HUB).start()
        cls.addClassCleanup(cls.up.stop)
        cls.up.always(answers.ok(after=0.1), key="single")
        cls.cluster = SpacedFives(cls.network, lambda: (
            {name: keyed(cls.up, name, limits) for name, limits in LIMITS.items()},
            {name: alias(name, "2s" if name == "roomy" else "200ms") for name in LIMITS}, {}), size=5).start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.load = {"tiny": Load(cls.cluster, "tiny", rate=1), "roomy": Load(cls.cluster, "roomy", rate=8, seed=2),
                    "single": Load(cls.cluster, "single", rate=3, seed=3)}
        for load in cls.load.values():
            load.start()
            cls.addClassCleanup(load.stop)

    def setUp(self):
        self.cluster.wait_ready()

    def tearDown(self):
        worst = self.up.worst("tiny"), self.up.worst("roomy"), self.up.most_at_once("single")
        print(f"\nfive nodes, cut: worst {worst}")
        for seen, limit in zip(worst, (5, 6000, 1)):
            self.assertLessEqual(seen, limit)

    def served(self, names, model="roomy", number=5):
        """Until each of these has served so many requests that begin from now on."""
        since = time.monotonic()
        for name in names:
            client.eventually(lambda: sum(one.node == name for one in self.load[model].since(since, 200)) >= number,
                              PATIENCE, f"{model} served by {name}")

    def check_goes_on(self, away, rest):
        """Those without a majority stop when their lease ends, the rest go on: every one of them, on every limit."""
        for name in away:
            client.eventually(lambda: not self.cluster.ready(name), PATIENCE, f"the lease of {name} is over")
        self.cluster.wait_allocator(rest, 15)
        self.served(rest)
        since = time.monotonic()
        client.eventually(lambda: len(self.load["single"].since(since, 200)) >= 5, PATIENCE, "one at a time, still")

    def test_two_are_cut_from_three(self):
        """The allocator and one that is no voter are away; two voters and another are left."""
        office = self.cluster.wait_allocator()
        away = [office, "node-5"]
        rest = [name for name in self.cluster.names if name not in away]
        with self.network.split(away, rest):
            self.check_goes_on(away, rest)
        self.cluster.wait_ready()
        self.served(away)

    def test_three_without_a_majority_of_voters_stop_and_two_go_on(self):
        """What counts are voters: two of them go on, one and two others do not."""
        office = self.cluster.wait_allocator()
        voter = next(name for name in self.cluster.names[:3] if name != office)
        rest = [name for name in self.cluster.names[:3] if name != voter]
        away = [voter, "node-4", "node-5"]
        with self.network.split(away, rest):
            self.check_goes_on(away, rest)
        self.cluster.wait_ready()
        self.served(away)

    def test_an_allocator_that_is_heard_by_nobody_but_hears_all_is_replaced(self):
        office = self.cluster.wait_allocator()
        rest = [name for name in self.cluster.names if name != office]
        with self.network.mute(office, rest):
            self.check_goes_on([office], rest)
        self.cluster.wait_ready()
        self.served([office])

    def test_a_node_that_the_allocator_does_not_hear_stops_alone(self):
        """One way, and to one: it reaches all others, and hears everybody."""
        office = self.cluster.wait_allocator()
        victim = "node-4"
        rest = [name for name in self.cluster.names if name != victim]
        with self.network.mute(victim, [office]):
            self.check_goes_on([victim], rest)
            self.assertEqual(self.cluster.wait_allocator(rest), office)
        self.cluster.wait_ready()
        self.served([victim])


if __name__ == "__main__":
    harness.unittest.main()
