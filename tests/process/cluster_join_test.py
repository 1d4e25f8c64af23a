"""Who may join: a certificate of the cluster's own authority that says the node's own name, and nobody else."""
import unittest

import client
import harness
from certificates import Authority
from cluster import PATIENCE, Cluster, free_ports
from cluster_limits_test import alias, keyed


class Joining(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.cluster = Cluster(self.configure).start()
        self.addCleanup(self.cluster.stop)

    def configure(self):
        return {"roomy": keyed(self.up, "roomy", {"rpm": 600})}, {"roomy": alias("roomy", "2s")}, {}

    def newcomer(self, name, files):
        """A node that is no voter and asks all of them to be let in."""
        section = self.cluster.section(name, files, listen=f"127.0.0.1:{free_ports(1)[0]}",
                                       join=list(self.cluster.addresses.values()))
        providers, models, sections = self.configure()
        return self.node(harness.config(providers, models, cluster=section, **sections))

    def members(self, view):
        return {member["name"]: member["state"] for member in view.get("members", [])}

    def test_a_certificate_of_the_cluster_lets_in(self):
        it = self.newcomer("node-9", self.cluster.authority.make("node-9", "DNS:node-9"))
        client.eventually(lambda: client.request(it.api, "GET", "/readyz").status == 200, PATIENCE, "ready")
        self.assertEqual(it.chat(model="roomy").status, 200)
        for voter in self.cluster.names:
            client.eventually(lambda: self.members(self.cluster.view(voter)).get("node-9") == "alive", PATIENCE,
                              f"a member at {voter}")

    def test_a_certificate_of_another_authority_does_not(self):
        stranger = Authority()
        self.addCleanup(stranger.close)
        it = self.newcomer("node-9", stranger.make("node-9", "DNS:node-9"))

        for voter in self.cluster.names:
            client.eventually(lambda: "link_refused" in [event["event"] for event in self.cluster[voter].log], PATIENCE,
                              f"refused by {voter}")
        view = it.get("/cluster").json()
        self.assertFalse(view["joined"], view)
        self.assertEqual(set(self.members(view)), {"node-9"})
        answer = it.chat(model="roomy")
        self.assertIn(answer.status, (429, 503), answer)
        self.assertTrue(answer.headers.get("retry-after"), answer)
        self.assertEqual(client.request(it.api, "GET", "/readyz").status, 503)
        for voter in self.cluster.names:
            self.assertNotIn("node-9", self.members(self.cluster.view(voter)))
        self.assertEqual(self.up.count("roomy"), 0)
        self.assertEqual(self.cluster[self.cluster.names[0]].chat(model="roomy").status, 200)

    def test_a_certificate_with_another_name_is_refused_before_anybody_is_asked(self):
        self.assertRaisesRegex(AssertionError, "no DNS name 'node-9'", self.newcomer, "node-9",
                               self.cluster.authority.make("node-8", "DNS:node-8"))


if __name__ == "__main__":
    unittest.main()
