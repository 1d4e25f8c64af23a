"""Virtual keys in a PostgreSQL database that nodes share, without a link between them."""
import pathlib
import subprocess
import time
import unittest

import client
import harness

PASSWORD = "postgres-secret"


class Server:
    """tests/support/postgres_server, for one test."""

    def __init__(self):
        script = pathlib.Path(__file__).resolve().parents[1] / "support/postgres_server"
        self.process = subprocess.Popen([str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        self.uri = self.process.stdout.readline().strip()

    def tell(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


class Shared(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.server = Server()
        self.addCleanup(self.server.close)
        if not self.server.uri.startswith("postgresql://"):
            self.skipTest(self.server.uri)
        self.one, self.two = self.ready(self.launch()), self.ready(self.launch())

    def launch(self):
        return self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1")}, tenants={"search": {}},
                                        store={"postgres": self.server.uri}))

    @staticmethod
    def is_ready(node):
        return client.request(node.api, "GET", "/readyz").status == 200

    def ready(self, node):
        client.eventually(lambda: self.is_ready(node), what="ready")
        return node

    @staticmethod
    def make(node, name="prod"):
        return node.post("/virtual-keys", {"tenant": "search", "name": name})

    @staticmethod
    def ask(node, secret):
        return node.chat(headers={"Authorization": f"Bearer {secret}"}).status

    def until(self, node, secret, status):
        """Seconds until the node answers with that status."""
        began = time.monotonic()
        client.eventually(lambda: self.ask(node, secret) == status, what=f"status {status}")
        return time.monotonic() - began

    def test_what_one_node_changes_the_other_knows_within_a_second(self):
        worst = 0
        for number in range(4):
            made = self.make(self.one, f"k{number}").json()
            self.assertEqual(self.ask(self.one, made["secret"]), 200)
            worst = max(worst, self.until(self.two, made["secret"], 200))
            revoked = self.two.post(f"/virtual-keys/{made['key']['id']}/revoke")
            self.assertEqual(revoked.status, 200, revoked)
            self.assertEqual(self.ask(self.two, made["secret"]), 401)
            worst = max(worst, self.until(self.one, made["secret"], 401))
        print(f"known to the other node after at most {1000 * worst:.0f} ms", flush=True)
        self.assertLess(worst, 1)

    def test_without_the_database_keys_stay_in_force_and_changes_are_refused(self):
        made = self.make(self.one).json()
        self.until(self.two, made["secret"], 200)
        self.server.tell("stop")
        refused = [self.make(self.one, "more"), self.one.post(f"/virtual-keys/{made['key']['id']}/revoke")]
        self.assertEqual([answer.status for answer in refused], [503, 503])
        self.assertIn("store.postgres: ", refused[0].json()["error"]["message"])
        self.assertEqual([self.ask(node, made["secret"]) for node in (self.one, self.two)], [200, 200])
        late = self.launch()
        self.assertFalse(self.is_ready(late))
        self.assertEqual(self.ask(late, made["secret"]), 503)
        self.server.tell("start")
        self.ready(late)
        self.assertEqual(self.ask(late, made["secret"]), 200)
        client.eventually(lambda: self.make(self.one, "after").status == 200, what="changes again")
        for node in (self.one, self.two, late):
            self.assertNotIn(PASSWORD, "\n".join(node.text) + repr(refused) + node.get("/config").body.decode())


if __name__ == "__main__":
    unittest.main()
