"""Nobody ever sees a secret or a prompt who should not."""
import hashlib
import unittest

import answers
import client
import harness

VIRTUAL = "vk-this-must-not-be-printed-either"
OTHER = "vk-of-the-other-team-not-printed"
PROMPT = "my-private-prompt-8d1f"
TOKEN = "admin-token-never-shown"
PAGES = ("/config", "/config?format=text", "/actors", "/metrics", "/keys", "/providers", "/requests", "/models",
         "/limits", "/tenants", "/version", "/costs")


def hash_of(key):
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


class Secrets(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        tenants = {"search": {"keys": [{"name": "search-prod", "hash": hash_of(VIRTUAL)}], "models": ["smart"],
                              "limits": {"rpm": 5}},
                   "other": {"keys": [{"name": "other-prod", "hash": hash_of(OTHER)}]}}
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1")},
                                           {"smart": {"targets": [{"use": "alpha/gpt-4o"}]},
                                            "dear": {"targets": [{"use": "alpha/gpt-4"}]}}, tenants=tenants))

    def ask(self, key=VIRTUAL, name="Authorization", **options):
        value = f"Bearer {key}" if name == "Authorization" else key
        return self.it.chat(headers={name: value}, text=PROMPT, **options)

    def everything(self, *seen):
        """All that the node has said, to anyone."""
        pages = [repr(self.it.get(page)) + self.it.get(page).body.decode() for page in PAGES]
        return "\n".join([*pages, *map(repr, seen), "\n".join(self.it.text)])

    def test_a_key_is_asked_for_and_checked(self):
        missing = self.it.chat()
        self.assertError(missing, 401, code="invalid_api_key")
        self.assertError(self.ask("vk-wrong"), 401, code="invalid_api_key")
        self.assertError(self.it.chat(headers={"Authorization": "Basic abc"}), 401)
        self.assertEqual(self.ask().status, 200)
        self.assertEqual(self.ask(name="x-api-key").status, 200)
        self.assertEqual(self.up.count(), 2)
        self.assertError(client.request(self.it.api, "GET", "/v1/models"), 401)

    def test_a_tenant_gets_its_own_models_and_no_others(self):
        self.assertIn(self.ask(model="dear").status, (403, 404))
        self.assertEqual(self.ask(OTHER, model="dear").status, 200)
        listed = client.request(self.it.api, "GET", "/v1/models", headers={"Authorization": f"Bearer {VIRTUAL}"})
        self.assertEqual([model["id"] for model in listed.json()["data"]], ["smart"])

    def test_a_tenants_own_limit_holds_and_is_told(self):
        replies = [self.ask() for _ in range(7)]
        self.assertEqual([reply.status for reply in replies], [200] * 5 + [429] * 2)
        self.assertEqual(replies[0].headers["x-ratelimit-limit-requests"], "5")
        self.assertEqual(replies[0].headers["x-ratelimit-remaining-requests"], "4")
        self.assertTrue(50 <= int(replies[-1].headers["retry-after"]) <= 61)
        self.assertEqual(self.up.count(), 5)
        self.assertEqual(self.ask(OTHER).status, 200)

    def test_a_tenants_limit_is_told_to_anthropics_clients_in_their_words(self):
        told = client.request(self.it.api, "POST", "/v1/messages",
                              {"model": "smart", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]},
                              {"x-api-key": VIRTUAL}).headers
        self.assertEqual(told["anthropic-ratelimit-requests-limit"], "5")
        self.assertEqual(told["anthropic-ratelimit-requests-remaining"], "4")
        self.assertRegex(told["anthropic-ratelimit-requests-reset"], r"^20..-..-..T..:..:..Z$")
        self.assertNotIn("anthropic-ratelimit-requests-limit", self.ask().headers)

    def test_no_secret_and_no_prompt_is_in_any_output(self):
        leak = harness.SECRET + "alpha-1"
        seen = [self.ask(), self.ask("vk-wrong")]
        self.up.script(answers.bad_request(f"Your key {leak} may not say {PROMPT}"))
        seen.append(self.ask())
        self.up.script(answers.unauthorized(f"Incorrect API key provided: {leak}"))
        seen += [self.ask(), self.ask()]
        self.it.signal(1)
        text = self.everything(*seen[:2], *seen[3:])
        for word in (harness.SECRET, VIRTUAL, OTHER, PROMPT):
            self.assertNotIn(word, text)
        self.assertNotIn(harness.SECRET, repr(seen[2]), "a provider's words must not carry our key")

    def test_a_made_keys_secret_is_in_its_answer_and_nowhere_else(self):
        with harness.tempfile.TemporaryDirectory(prefix="troupe-secrets-") as folder:
            it = self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1")},
                                                    tenants={"search": {}}, store={"path": folder}))
            made = it.post("/virtual-keys", {"tenant": "search", "name": "prod"}).json()
            turned = it.post(f"/virtual-keys/{made['key']['id']}/rotate", {"grace": "1h"}).json()
            secrets = [made["secret"], turned["secret"]]
            self.assertEqual([self.ask(secret).status for secret in secrets], [200, 200])
            it.post(f"/virtual-keys/{made['key']['id']}/revoke")
            pages = [it.get(page) for page in ("/virtual-keys", f"/virtual-keys/{made['key']['id']}")]
            text = self.everything(*pages, *[page.body for page in pages], *[self.ask(secret) for secret in secrets])
            kept = b"".join(file.read_bytes() for file in harness.pathlib.Path(folder).rglob("*") if file.is_file())
        for secret in secrets:
            self.assertNotIn(secret, text)
            self.assertNotIn(secret.encode(), kept)
            self.assertNotIn(hash_of(secret), text)
        self.assertIn(hash_of(secrets[1]).encode(), kept)

    def test_the_configuration_shows_stars_for_secrets(self):
        self.assertIn("***", self.it.get("/config").body.decode())

    def test_check_config_prints_no_secret(self):
        code, out, err = harness.run("check-config", str(self.it.path), "--explain", env=harness.clean_env())
        self.assertEqual(code, 0, out + err)
        self.assertNotIn(harness.SECRET, out + err)

    def test_an_admin_token_is_asked_for_on_every_page_but_health(self):
        it = self.node(harness.config({"mock": {"type": "mock"}}, {}, server={"admin_token": TOKEN}))
        for page in PAGES:
            self.assertEqual(it.get(page).status, 401, page)
        self.assertEqual(it.post("/config/reload").status, 401)
        self.assertEqual(it.get("/livez").status, 200)
        for value in (f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ", TOKEN):
            answer = client.request(it.admin, "GET", "/actors", headers={"Authorization": value})
            self.assertEqual(answer.status, 401, value)
        answer = client.request(it.admin, "GET", "/actors", headers={"Authorization": f"Bearer {TOKEN}"})
        self.assertEqual(answer.status, 200)
        self.assertNotIn(TOKEN, "\n".join(it.text))

    def test_a_node_without_client_keys_binds_loopback_only(self):
        code, out, err = self.check({"listen": "0.0.0.0:0"})
        self.assertEqual(code, 3, out + err)
        code, out, err = self.check({"admin": "0.0.0.0:0"})
        self.assertEqual(code, 3, out + err)

    def check(self, server):
        text = harness.json.dumps(harness.config({"mock": {"type": "mock"}}, {}, server=server))
        with harness.tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            return harness.run("check-config", file.name, env=harness.clean_env())


if __name__ == "__main__":
    unittest.main()
