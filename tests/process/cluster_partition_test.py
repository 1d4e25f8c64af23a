"""Nodes on a network of their own that is cut, one-sided or slow: the limit holds on both sides."""
import time

import answers
import client
import harness
import namespaces
from cluster import PATIENCE, Cluster
from cluster_limits_test import alias, keyed
from cluster_load import Load

LIMITS = {"tight": {"rpm": 60}, "roomy": {"rpm": 6000}, "single": {"concurrency": 1}}


class Spaced(Cluster):
    """Each node in its namespace, the upstream in the hub's; clients reach a node from its inside, cut off or not."""

    def __init__(self, network, configure, **options):
        self.network = network
        super().__init__(configure, **options)

    def place(self):
        return {name: f"{address}:7946" for name, address in self.network.addresses.items()}

    def launch(self, name):
        with self.network.inside(name):
            return super().launch(name)

    def ask(self, name, *arguments, **options):
        with self.network.inside(name):
            return super().ask(name, *arguments, **options)


class Partition(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = namespaces.Network([f"node-{number}" for number in (1, 2, 3)])
        cls.addClassCleanup(cls.network.close)
        cls.network.enter("hub")
        cls.up = harness.Upstream(host=namespaces.HUB).start()
        cls.addClassCleanup(cls.up.stop)
        cls.up.always(answers.ok(after=0.1), key="single")
        cls.cluster = Spaced(cls.network, lambda: (
            {name: keyed(cls.up, name, limits) for name, limits in LIMITS.items()},
            {name: alias(name, "2s" if name == "roomy" else "200ms") for name in LIMITS}, {})).start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.load = {"tight": Load(cls.cluster, "tight", rate=2), "roomy": Load(cls.cluster, "roomy", rate=8, seed=2),
                    "single": Load(cls.cluster, "single", rate=2, seed=3)}
        for load in cls.load.values():
            load.start()
            cls.addClassCleanup(load.stop)

    def setUp(self):
        self.cluster.wait_ready()

    def tearDown(self):
        self.assertLessEqual(self.up.worst("tight"), LIMITS["tight"]["rpm"])
        self.assertLessEqual(self.up.worst("roomy"), LIMITS["roomy"]["rpm"])
        self.assertLessEqual(self.up.most_at_once("single"), 1)

    def others(self, name):
        return [other for other in self.cluster.names if other != name]

    def served(self, since, by=None):
        client.eventually(lambda: sum(by in (None, one.node) for one in self.load["roomy"].since(since, 200)) >= 5,
                          PATIENCE, f"served by {by or 'anybody'}")

    def heals(self, name):
        back = time.monotonic()
        self.cluster.wait_ready()
        self.served(back, by=name)

    def test_a_node_that_is_cut_off_is_missed_by_nobody_and_comes_back(self):
        victim = self.others(self.cluster.wait_allocator())[0]
        with self.network.cut(victim):
            self.check_goes_on_without(victim)
        self.heals(victim)

    def test_an_allocator_that_is_cut_off_is_replaced(self):
        victim = self.cluster.wait_allocator()
        with self.network.cut(victim):
            self.check_goes_on_without(victim)
        self.heals(victim)

    def test_a_node_that_reaches_the_provider_only_does_not_call_it_without_a_lease(self):
        victim = self.cluster.wait_allocator()
        with self.network.apart(victim):
            self.check_goes_on_without(victim)
            before = self.cluster.ask(victim, "admin", "GET", "/metrics").body
            asked = self.cluster.ask(victim, "api", "POST", "/v1/chat/completions", {
                "model": "roomy", "messages": [{"role": "user", "content": "hi"}]})
            self.assertIn(asked.status, (429, 503), asked)
            self.assertEqual(self.attempts(before),
                             self.attempts(self.cluster.ask(victim, "admin", "GET", "/metrics").body))
        self.heals(victim)

    @staticmethod
    def attempts(page):
        return sum(value for name, _, value in harness.parse_metrics(page.decode())
                   if name == "troupe_upstream_attempts_total")

    def check_goes_on_without(self, victim):
        cut = time.monotonic()
        client.eventually(lambda: not self.cluster.ready(victim), PATIENCE, "its lease is over")
        self.cluster.wait_allocator(self.others(victim), 10)
        self.served(cut)

    def test_nodes_that_cannot_hear_the_allocator_or_are_not_heard_cost_no_limit(self):
        for muted in (self.cluster.wait_allocator(), self.others(self.cluster.wait_allocator())[0]):
            with self.subTest(muted):
                with self.network.mute(muted, self.others(muted)):
                    began = time.monotonic()
                    client.eventually(lambda: not self.cluster.ready(muted), PATIENCE, "the lease of the muted is over")
                    self.cluster.wait_allocator(self.others(muted), 15)
                    self.served(began)
                self.heals(muted)

    def test_delay_and_loss_cost_no_limit(self):
        with self.network.disturbed("delay", "20ms", "10ms", "loss", "5%"):
            began = time.monotonic()
            client.eventually(lambda: len(self.load["roomy"].since(began, 200)) >= 60, 60, "served all the same")


class Available(harness.TestCase):
    """With `on_partition: available` a node that is cut off goes on with its floor, and with nothing else."""

    RPM, FLOOR = 60, 6  # 30 % of it, divided among three

    @classmethod
    def setUpClass(cls):
        cls.network = namespaces.Network([f"node-{number}" for number in (1, 2, 3)])
        cls.addClassCleanup(cls.network.close)
        cls.network.enter("hub")
        cls.up = harness.Upstream(host=namespaces.HUB).start()
        cls.addClassCleanup(cls.up.stop)

    def cluster(self, **knobs):
        cluster = Spaced(self.network, lambda: (
            {"tight": keyed(self.up, "tight", {"rpm": self.RPM})}, {"tight": alias("tight", "50ms")}, {}))
        cluster.knobs.update(knobs)
        self.addCleanup(cluster.stop)
        return cluster.start()

    @staticmethod
    def asked(cluster, name, times):
        """How many of so many requests were served."""
        body = {"model": "tight", "messages": [{"role": "user", "content": "hi"}]}
        answers = [cluster.ask(name, "api", "POST", "/v1/chat/completions", body).status for _ in range(times)]
        return answers.count(200)

    @staticmethod
    def own(cluster, name):
        shares = cluster.ask(name, "admin", "GET", "/cluster/shares", headers={"Accept": "application/json"}).json()
        return shares["limits"][0]["here"].get("floor", {}).get("available")

    def test_a_node_that_is_cut_off_serves_its_floor_and_no_more(self):
        cluster = self.cluster(on_partition="available", floor="30%")
        for name in cluster.names:
            client.eventually(lambda: self.own(cluster, name) == self.FLOOR, 30, f"{name} has its floor")
        victim = [name for name in cluster.names if name != cluster.wait_allocator()][0]
        others = [name for name in cluster.names if name != victim]
        with self.network.apart(victim):
            client.eventually(lambda: cluster.view(victim).get("lease_s") == 0, 30, "its lease is over")
            self.assertTrue(cluster.ready(victim), cluster.view(victim).get("obstacle"))
            cluster.wait_allocator(others)
            served = sum(self.asked(cluster, name, 45) for name in others)
            self.assertEqual(self.FLOOR, self.asked(cluster, victim, 20))
            self.assertGreaterEqual(served, self.RPM - self.FLOOR - 4)
        client.eventually(lambda: cluster.view(victim).get("lease_s"), 30, "it is back")
        self.asked(cluster, victim, 10)
        self.assertLessEqual(self.up.worst("tight"), self.RPM)

    def test_with_strict_it_refuses_and_is_not_ready(self):
        cluster = self.cluster(on_partition="strict")
        victim = [name for name in cluster.names if name != cluster.wait_allocator()][0]
        with self.network.apart(victim):
            client.eventually(lambda: not cluster.ready(victim), 30, "its lease is over")
            self.assertEqual(0, self.asked(cluster, victim, 5))


if __name__ == "__main__":
    harness.unittest.main()
