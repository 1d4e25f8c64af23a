"""Three nodes that tell one story: every view from every node, one configuration on all or on none."""
import json
import unittest

import client
import harness
from cluster import Cluster

TIMES = {"connect": "2s", "first_token": "4s", "idle": "4s", "total": "4s"}
MODELS = {"smart": {"targets": [{"use": "alpha/gpt-4o"}], "timeout": TIMES}}
TYPES = {"peer", "allocator", "voter", "agent", "member"}


class Views(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.rpm = 60
        self.cluster = Cluster(self.configure).start()
        self.addCleanup(self.cluster.stop)
        for name in self.cluster.names:
            client.eventually(lambda: self.linked(name), 15, "everybody is linked")

    def configure(self):
        key = harness.key("one", limits={"rpm": self.rpm})
        return {"alpha": harness.provider(self.up, key)}, MODELS, {}

    def linked(self, name):
        return sum(member["linked"] for member in self.cluster.view(name)["members"]) == len(self.cluster.names)

    def ask(self, name, path):
        answer = self.cluster[name].get(path)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def rewrite(self, *names):
        providers, models, sections = self.configure()
        for name in names:
            self.cluster[name].write(harness.config(providers, models, cluster=self.cluster.section(name), **sections))

    def configurations(self, name):
        return {member["configuration"] for member in self.cluster.view(name)["members"]}

    def test_any_node_answers_for_all(self):
        first, second, third = self.cluster.names
        self.assertEqual(self.cluster[first].chat().status, 200)
        for path, field, least in (("/keys", "keys", 3), ("/actors", "actors", 30), ("/providers", "providers", 3),
                                   ("/limits", "limits", 3)):
            told = [self.ask(name, f"{path}?node=all") for name in self.cluster.names]
            for one in told:
                self.assertGreaterEqual(len(one[field]), least, path)
                self.assertEqual({row["node"] for row in one[field]}, set(self.cluster.names), path)
                self.assertEqual(one["missing"], [])
        requests = self.ask(third, "/requests?node=all")["requests"]
        self.assertEqual([row["node"] for row in requests], [first])
        self.assertNotIn(harness.SECRET, json.dumps(self.ask(second, "/actors?node=all")))
        shares = self.ask(second, "/cluster/shares?node=all")
        self.assertEqual(shares["allocator"], self.cluster.allocator())
        self.assertEqual([(row["owner"], row["limit"], sorted(row["here"])) for row in shares["limits"]],
                         [("key/alpha/one", "rpm", self.cluster.names)])
        self.assertIn("account", shares["limits"][0])
        self.assertEqual({row["node"] for row in self.ask(first, f"/keys?node={third}")["keys"]}, {third})
        self.assertEqual(self.cluster[first].get("/keys?node=nobody").status, 404)

    def test_the_parts_of_the_cluster_are_among_the_actors(self):
        rows = [row for row in self.ask(self.cluster.names[0], "/actors")["actors"] if row["parent"] == "cluster"]
        self.assertEqual({row["type"] for row in rows}, TYPES)
        self.assertEqual(len({row["id"] for row in rows}), len(rows))
        peers = [row for row in rows if row["type"] == "peer"]
        self.assertEqual([row["name"] for row in peers], self.cluster.names[1:])
        for row in peers:
            self.assertEqual(row["state"], "up")
            self.assertGreater(row["messages"], 0)
            self.assertTrue(row["last_message"])
            self.assertIn("round_trip_ms", self.ask(self.cluster.names[0], f"/actors/{row['id']}")["detail"])

    def test_a_node_that_does_not_answer_is_named(self):
        first, _, third = self.cluster.names
        with self.cluster.paused(third):
            told = self.ask(first, "/keys?node=all")
            self.assertEqual(told["missing"], [third])
            self.assertEqual(len(told["keys"]), 2)

    def test_a_configuration_is_put_in_force_on_all_nodes_or_on_none(self):
        first, second, third = self.cluster.names
        before = self.configurations(first)
        self.assertEqual(len(before), 1)
        self.rpm = 30
        self.rewrite(first, second)
        answer = self.cluster[first].post("/config/reload?scope=cluster")
        self.assertEqual(answer.status, 400, answer)
        self.assertEqual([row["node"] for row in answer.json()["refused"]], [third])
        self.assertEqual(self.configurations(first), before, "nothing has changed anywhere")
        self.rewrite(third)
        answer = self.cluster[first].post("/config/reload?scope=cluster")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["unconfirmed"], [])
        for name in self.cluster.names:
            client.eventually(lambda: self.configurations(name) == {answer.json()["configuration"]}, 5, "one on all")
            self.assertFalse(self.cluster.view(name)["mixed"])
            limits = self.ask(name, "/limits")["limits"]
            self.assertEqual([row["limit"] for row in limits if row["window"] == "rpm"], [30])

    def test_mixed_configurations_are_visible_everywhere(self):
        first = self.cluster.names[0]
        self.rpm = 30
        self.rewrite(first)
        self.assertEqual(self.cluster[first].post("/config/reload").status, 200)
        for name in self.cluster.names:
            client.eventually(lambda: self.cluster.view(name)["mixed"], 5, f"{name} sees it")
            self.assertEqual(self.cluster[name].metric("troupe_config_mixed"), 1)


if __name__ == "__main__":
    unittest.main()
