"""Five nodes share limits as small as five a minute and one at once: never passed, and used. Faults in the long mode."""
import os
import random
import time
import unittest

import answers
import client
import harness
from cluster import PATIENCE, Cluster, free_ports
from cluster_limits_test import GUARDED, alias, keyed
from cluster_load import Load, ideal

SECONDS = float(os.environ.get("TROUPE_CLUSTER_SECONDS", "75"))
ROUNDS = int(os.environ.get("TROUPE_CLUSTER_ROUNDS", "0"))
SEED = int(os.environ.get("TROUPE_CLUSTER_SEED", "1"))
LIMITS = {"wide": {"rpm": 300}, "tiny": {"rpm": 5}, "single": {"concurrency": 1}}
VOTERS = 3


class Fives(Cluster):
    """Three voters, and two nodes that know a member's address only by its DNS name."""

    def section(self, name, files=None, **fields):
        out = super().section(name, files, **fields)
        out["voters"] = {voter: self.addresses[voter] for voter in self.names[:VOTERS]}
        if name not in out["voters"]:
            port = self.addresses[self.names[0]].rsplit(":", 1)[1]
            out["join"] = [f"localhost:{port}"]
        return out


class FiveNodes(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.up.always(answers.ok(after=0.2), key="single")
        self.cluster = Fives(self.configure, size=5).start()
        self.addCleanup(self.cluster.stop)
        self.load = {"wide": Load(self.cluster, "wide", rate=8, moves=7), "tiny": Load(self.cluster, "tiny", rate=1, seed=2),
                     "single": Load(self.cluster, "single", rate=6, seed=3, moves=5)}
        for load in self.load.values():
            load.start()
            self.addCleanup(load.stop)

    def configure(self):
        return {name: keyed(self.up, name, of) for name, of in LIMITS.items()}, {name: alias(name) for name in LIMITS}, {}

    def check_never_over(self):
        worst = {"wide": self.up.worst("wide"), "tiny": self.up.worst("tiny"), "single": self.up.most_at_once("single")}
        self.assertLessEqual(worst["wide"], LIMITS["wide"]["rpm"])
        self.assertLessEqual(worst["tiny"], LIMITS["tiny"]["rpm"])
        self.assertLessEqual(worst["single"], 1)
        return worst

    def let_pass(self, seconds):
        end = time.monotonic() + seconds
        client.eventually(lambda: time.monotonic() > end, seconds + 5)

    def test_small_limits_are_used_by_five_nodes_and_never_passed(self):
        self.let_pass(SECONDS)
        for load in self.load.values():
            load.stop()
        print(f"\nfive nodes: worst {self.check_never_over()}")
        half = self.load["wide"].began + SECONDS / 2
        for name in ("wide", "tiny"):
            best = sum(at >= half for at in ideal(self.load[name].offered, LIMITS[name]["rpm"], GUARDED))
            used = sum(call.at >= half for call in self.up.calls if call.key == name)
            print(f"  {name}: {used} of {best} that were possible in the second half")
            self.assertGreaterEqual(used, int(0.95 * best))
        print(f"  single: under way {self.up.busy('single', half):.0%} of the time")
        self.assertEqual(self.up.worst("tiny"), LIMITS["tiny"]["rpm"])
        self.assertGreaterEqual(self.up.busy("single", half), 0.5)
        self.check_told_alike()

    def check_told_alike(self):
        """Every node knows all five, watches the conditions, and sees them hold."""
        for name in self.cluster.names:
            view = self.cluster.view(name)
            self.assertEqual({member["name"] for member in view["members"]}, set(self.cluster.names))
            self.assertTrue(view["ready"], view["obstacle"])
            self.assertEqual([one["condition"] for one in view["conditions"] if not one["holds"]], [])
            self.assertEqual(view["copy"] is not None, name in self.cluster.names[:VOTERS])
            node = self.cluster[name]
            self.assertEqual(node.metric("troupe_cluster_condition_holds"), 3)
            self.assertLess(node.metric("troupe_cluster_send_delay_seconds"), 1)
        self.assertGreater(max(self.cluster[name].metric("troupe_cluster_send_delay_seconds")
                               for name in self.cluster.names), 0)

    @unittest.skipUnless(ROUNDS, "skipped: TROUPE_CLUSTER_ROUNDS=60 asks for random faults")
    def test_random_faults_of_any_two(self):
        chance = random.Random(SEED)
        for turn in range(ROUNDS):
            began, victim = time.monotonic(), chance.choice(self.cluster.names)
            fault = chance.choice(["kill", "pause", "drain", "nothing"])
            if fault == "pause":
                with self.cluster.paused(victim):
                    self.let_pass(chance.uniform(0.5, 6))
            elif fault != "nothing":
                self.cluster.kill(victim) if fault == "kill" else self.cluster.drain(victim)
                self.cluster[victim].wait_exit(PATIENCE)
                self.cluster.restart(victim)
            self.cluster.wait_ready()
            self.let_pass(1)
            print(f"\nround {turn}: {fault} {victim}, {time.monotonic() - began:.1f} s, worst {self.check_never_over()}")


class TakenName(harness.TestCase):
    """Two processes with one name: the later one has it, the earlier one says so and stops."""

    def configure(self):
        return {"roomy": keyed(self.up, "roomy", {"rpm": 600})}, {"roomy": alias("roomy")}, {}

    def test_the_earlier_process_says_so_and_admits_nothing_more(self):
        self.up = self.upstream()
        cluster = Cluster(self.configure).start()
        self.addCleanup(cluster.stop)
        guest = cluster.authority.make("node-9", "DNS:node-9")
        first, second = (self.node(self.guest(cluster, guest)) for _ in range(2))
        client.eventually(lambda: client.request(second.api, "GET", "/readyz").status == 200, PATIENCE, "the later one is ready")
        client.eventually(lambda: client.request(first.api, "GET", "/readyz").status == 503, PATIENCE, "the earlier one is not")
        client.eventually(lambda: {"name_taken", "link_failed"} & {event["event"] for event in first.log}, PATIENCE, "said")
        self.assertIn(first.chat(model="roomy").status, (429, 503))
        self.assertEqual(second.chat(model="roomy").status, 200)

    def guest(self, cluster, files):
        section = cluster.section("node-9", files, listen=f"127.0.0.1:{free_ports(1)[0]}",
                                  join=list(cluster.addresses.values()))
        providers, models, sections = self.configure()
        return harness.config(providers, models, cluster=section, **sections)


if __name__ == "__main__":
    unittest.main()
