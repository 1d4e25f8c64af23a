"""Three nodes, any of which may be asked: a file and a batch are on one, and all answer for them."""
import unittest

import answers
import batches
import client
import harness
from cluster import Cluster


class ClusterBatch(harness.TestCase):
    def configure(self):
        models = {"smart": {"targets": [{"use": "p/gpt-4o"}],
                            "timeout": {"connect": "2s", "first_token": "4s", "idle": "4s", "total": "4s"}}}
        return {"p": harness.provider(self.up, "a")}, models, {}

    def begin(self):
        self.up = self.upstream()
        cluster = Cluster(self.configure).start()
        self.addCleanup(cluster.stop)
        return cluster, [batches.Api(cluster[name].api) for name in cluster.names]

    def test_what_one_node_keeps_every_node_answers_for(self):
        cluster, (one, two, three) = self.begin()
        text = batches.lines(20) + batches.line("long", text="x" * 1_500_000)
        file = one.upload(text)
        self.assertEqual(three.request("GET", f"/v1/files/{file}/content").body.decode(), text)
        made = two.ask("POST", "/v1/batches", {"input_file_id": file, "endpoint": "/v1/chat/completions",
                                               "completion_window": "24h"})
        done = three.wait(made["id"])
        self.assertEqual(done["request_counts"], {"total": 21, "completed": 21, "failed": 0})
        self.assertEqual([line["custom_id"] for line in two.content(done["output_file_id"])],
                         [f"r{i}" for i in range(20)] + ["long"])
        other = two.upload(batches.lines(1))
        for api in (one, two, three):
            names = {entry["id"] for entry in api.ask("GET", "/v1/files")["data"]}
            self.assertEqual(names, {file, other, done["output_file_id"]})
        page = one.ask("GET", "/v1/files?limit=2")
        rest = three.ask("GET", f"/v1/files?limit=2&after={page['last_id']}")
        self.assertTrue(page["has_more"])
        self.assertEqual(len({entry["id"] for entry in page["data"] + rest["data"]}), 3)
        self.assertEqual(two.ask("DELETE", f"/v1/files/{file}")["deleted"], True)
        self.assertError(one.request("GET", f"/v1/files/{file}"), 404)

    def test_while_its_node_is_gone_a_batch_is_not_there_and_then_it_goes_on(self):
        cluster, (one, two, _) = self.begin()
        self.up.always(answers.ok(after=0.05))
        name = one.begin(batches.lines(300))
        two.wait_counts(name, 10)
        cluster.kill("node-1")
        error = client.eventually(lambda: two.request("GET", f"/v1/batches/{name}"), what="an answer")
        self.assertError(error, 503, code="node_unreachable")
        self.assertEqual(two.ask("GET", "/v1/batches")["data"], [])
        cluster.restart("node-1")
        done = two.wait(name, seconds=60)
        self.assertEqual(done["request_counts"], {"total": 300, "completed": 300, "failed": 0})
        called = batches.names_called(self.up)
        self.assertEqual(len(called), 300)
        self.assertLessEqual(sum(called.values()), 364, "at most those under way at the kill twice")


if __name__ == "__main__":
    unittest.main()
