"""Virtual keys by command: made, used, limited, turned, revoked, kept."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import client
import harness


def models():
    priced = {"use": "alpha/gpt-4o", "input_price": "2.50/Mtok", "output_price": "10/Mtok"}
    return {"smart": {"targets": [priced]}, "dear": {"targets": [{"use": "beta/gpt-4"}]},
            "both": {"strategy": "priority", "targets": [{"use": "alpha/gpt-4o"}, {"use": "beta/gpt-4", "tier": 2}]}}


class Keys(harness.TestCase):
    """A node with a store; `troupe keys …` speaks to it."""

    store = None

    def setUp(self):
        self.alpha, self.beta = self.upstream(), self.upstream()
        folder = tempfile.TemporaryDirectory(prefix="troupe-keys-")
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)
        self.it = harness.Node(self.configuration())
        self.addCleanup(lambda: self.it.stop())

    def configuration(self, **tenants):
        tenants = {"search": {"tags": {"team": "search"}}, "other": {}, **tenants}
        return harness.config({"alpha": harness.provider(self.alpha, "alpha-1"),
                               "beta": harness.provider(self.beta, "beta-1")}, models(), tenants=tenants,
                              store=self.store or {"path": str(self.place / "store")})

    def again(self):
        """The same node after a kill -9."""
        old = self.it
        old.kill()
        self.it = harness.Node(old.path.read_text())
        old.process.stderr.close()
        old.folder.cleanup()
        client.eventually(lambda: client.request(self.it.api, "GET", "/readyz").status == 200, what="ready again")

    def cli(self, *words, code=0):
        done = subprocess.run([harness.binary(), "keys", *words, "--admin", f"http://{self.it.admin}", "--no-color"],
                              capture_output=True, text=True, timeout=30, env=harness.clean_env())
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def make(self, name="prod", *words, tenant="search"):
        return json.loads(self.cli("create", "--tenant", tenant, "--name", name, *words, "--json"))

    def ask(self, secret, model="smart", **headers):
        return self.it.chat(model=model, headers={"Authorization": f"Bearer {secret}", **headers})


class Life(Keys):
    def test_a_made_key_opens_for_its_tenant_at_once(self):
        self.assertError(self.it.chat(), 401, code="invalid_api_key")
        made, other = self.make(), self.make("batch", tenant="other")
        self.assertRegex(made["secret"], r"^tr-[0-9A-Za-z]{43}$")
        self.assertEqual(made["known_by"], ["node-1"])
        self.assertEqual(made["missing"], [])
        answers = [self.ask(made["secret"]), self.ask(other["secret"])]
        self.assertEqual([answer.status for answer in answers], [200, 200])
        records = [self.it.request_record(answer.headers["x-request-id"]) for answer in answers]
        self.assertEqual([(record["tenant"], record["virtual_key"]) for record in records],
                         [("search", "prod"), ("other", "batch")])

    def test_the_secret_is_shown_once_and_quietly_when_asked(self):
        secret = self.cli("create", "--tenant", "search", "--name", "prod", "-q").strip()
        self.assertEqual(self.ask(secret).status, 200)
        row = json.loads(self.cli("list", "--json"))["virtual_keys"][0]
        for shown in (self.cli("list"), self.cli("info", row["id"]), json.dumps(row)):
            self.assertIn(secret[:7], shown)
            self.assertNotIn(secret, shown)
        self.assertEqual(self.it.get("/virtual-keys?tenant=other").json()["virtual_keys"], [])

    def test_what_cannot_be_made_is_said(self):
        self.make()
        self.assertIn("has a key with that name", self.cli("create", "--tenant", "search", "--name", "prod", code=1))
        self.assertIn("no tenant", self.cli("create", "--tenant", "nobody", "--name", "x", code=1))
        self.assertIn("no model", self.cli("create", "--tenant", "search", "--name", "x", "--models", "y", code=1))
        self.assertIn("no virtual key", self.cli("revoke", "vk_none", code=1))
        self.cli("create", "--tenant", "search", code=2)

    def test_a_rotated_key_opens_with_both_secrets_and_after_the_grace_with_one(self):
        made = self.make()
        turned = json.loads(self.cli("rotate", made["key"]["id"], "--grace", "2s", "--json"))
        self.assertEqual(self.ask(made["secret"]).status, 200)
        self.assertEqual(self.ask(turned["secret"]).status, 200)
        client.eventually(lambda: self.ask(made["secret"]).status == 401, what="the old secret's end")
        self.assertError(self.ask(made["secret"]), 401, code="expired_api_key")
        self.assertEqual(self.ask(turned["secret"]).status, 200)
        self.cli("rotate", made["key"]["id"])
        self.assertError(self.ask(turned["secret"]), 401, code="invalid_api_key")

    def test_an_expired_key_is_refused(self):
        made = self.make("short", "--expires", "2s")
        self.assertEqual(self.ask(made["secret"]).status, 200)
        client.eventually(lambda: self.ask(made["secret"]).status == 401, what="its end")
        self.assertEqual(json.loads(self.cli("list", "--json"))["virtual_keys"][0]["state"], "expired")

    def test_a_revoked_key_is_refused_on_a_connection_that_used_it(self):
        made = self.make()
        sock = client.connect(self.it.api)
        self.addCleanup(sock.close)
        body = json.dumps({"model": "smart", "messages": [{"role": "user", "content": "hi"}]}).encode()
        request = client.head("POST", "/v1/chat/completions", {"Authorization": f"Bearer {made['secret']}"}, len(body))
        sock.sendall(request + body)
        self.assertEqual(client.receive(sock).status, 200)
        self.cli("revoke", made["key"]["id"])
        sock.sendall(request + body)
        self.assertEqual(client.receive(sock).status, 401)
        self.assertError(self.it.chat(), 401)  # and nobody is let in for want of keys

    def test_keys_outlive_a_kill(self):
        kept, gone = self.make("kept"), self.make("gone")
        self.cli("revoke", gone["key"]["id"])
        self.again()
        self.assertEqual(self.ask(kept["secret"]).status, 200)
        self.assertError(self.ask(gone["secret"]), 401)

    def test_a_key_whose_tenant_leaves_the_file_is_refused_and_kept(self):
        made = self.make()
        configuration = self.configuration()
        tenant = configuration["tenants"].pop("search")
        self.it.write(configuration)
        self.assertEqual(self.it.post("/config/reload").status, 200)
        client.eventually(lambda: self.ask(made["secret"]).status == 401, what="refusal")
        self.assertEqual(self.it.get("/virtual-keys").json()["virtual_keys"][0]["state"], "orphaned")
        configuration["tenants"]["search"] = tenant
        self.it.write(configuration)
        self.assertEqual(self.it.post("/config/reload").status, 200)
        client.eventually(lambda: self.ask(made["secret"]).status == 200, what="its return")


class Policies(Keys):
    def test_a_key_has_a_budget_of_its_own(self):
        poor, rich = self.make("poor", "--budget", "0.001", "--period", "day"), self.make("rich", "--budget", "100")
        turned = json.loads(self.cli("rotate", poor["key"]["id"], "--grace", "1h", "--json"))
        for secret in (poor["secret"], turned["secret"]):
            refused = self.ask(secret)
            self.assertError(refused, 429, code="budget_exhausted")
            self.assertIn("The key 'poor' of the tenant 'search'", refused.json()["error"]["message"])
        self.assertEqual(self.ask(rich["secret"]).status, 200)
        self.assertIn("$100 a month", self.cli("list"))
        self.assertIn("$0.001 a day", self.cli("info", poor["key"]["id"]))
        owners = {row["owner"]: row["usd"] for row in self.it.get("/budgets").json()["budgets"]}
        self.assertEqual(owners, {"key/search/poor": 0.001, "key/search/rich": 100})
        self.again()
        self.assertError(self.ask(turned["secret"]), 429, code="budget_exhausted")

    def test_a_key_gets_its_own_models_within_its_tenants(self):
        made = self.make("narrow", "--models", "smart")["secret"]
        self.assertEqual(self.ask(made).status, 200)
        self.assertError(self.ask(made, "dear"), 404, code="model_not_found")
        listed = client.request(self.it.api, "GET", "/v1/models", headers={"Authorization": f"Bearer {made}"})
        self.assertEqual([model["id"] for model in listed.json()["data"]], ["smart"])

    def test_a_key_is_never_served_by_other_providers(self):
        made = self.make("one", "--providers", "beta")["secret"]
        for _ in range(4):
            self.assertEqual(self.ask(made, "both").headers["x-troupe-provider"], "beta")
        self.assertIn("provider_not_allowed", repr(self.ask(made, "smart").body))
        self.assertError(self.ask(made, "smart"), 403, code="provider_not_allowed")
        self.assertError(self.ask(made, "alpha/gpt-4o"), 403, code="provider_not_allowed")
        self.assertEqual(self.alpha.count(), 0)

    def test_a_key_is_refused_from_an_address_that_it_may_not_come_from(self):
        here, there = self.make("here", "--ip", "127.0.0.0/8,::1"), self.make("there", "--ip", "10.1.0.0/16")
        self.assertEqual(self.ask(here["secret"]).status, 200)
        error = self.assertError(self.ask(there["secret"]), 403, code="ip_not_allowed")
        self.assertIn("127.0.0.1", error["message"])

    def test_a_keys_limit_holds_beside_its_tenants_and_the_tighter_one_is_told(self):
        made, free = self.make("slow", "--rpm", "3")["secret"], self.make("free")["secret"]
        replies = [self.ask(made) for _ in range(4)]
        self.assertEqual([reply.status for reply in replies], [200, 200, 200, 429])
        self.assertEqual(replies[0].headers["x-ratelimit-limit-requests"], "3")
        self.assertEqual(replies[0].headers["x-ratelimit-remaining-requests"], "2")
        self.assertIn("The key 'slow' of the tenant 'search'", replies[3].json()["error"]["message"])
        self.assertEqual(self.ask(free).status, 200)


class Stores(harness.TestCase):
    def test_without_a_store_it_is_said_what_to_configure(self):
        it = self.node(harness.config({"mock": {"type": "mock"}}, {}))
        answer = it.post("/virtual-keys", {"tenant": "search", "name": "prod"})
        self.assertEqual(answer.status, 409, answer)
        self.assertIn("store: { path:", answer.json()["error"]["message"])
        self.assertIn("store: { path:", it.get("/virtual-keys").json()["hint"])


if __name__ == "__main__":
    unittest.main()
