"""Keys that are more than a secret: calls to Bedrock signed with an AWS key, calls to Vertex AI with a token of Google."""
import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import tempfile
import urllib.parse

import answers
import harness

BEDROCK_REPLY = {"output": {"message": {"role": "assistant", "content": [{"text": "Hi."}]}}, "stopReason": "end_turn",
                 "usage": {"inputTokens": 2, "outputTokens": 1, "totalTokens": 3}}
GEMINI_REPLY = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hi."}]}, "finishReason": "STOP"}],
                "usageMetadata": {"promptTokenCount": 2, "candidatesTokenCount": 1}, "modelVersion": "g"}
CLAUDE_REPLY = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_sequence": None,
                "content": [{"type": "text", "text": "Hi."}], "stop_reason": "end_turn",
                "usage": {"input_tokens": 5, "output_tokens": 2}}
EXPIRED = answers.json_body({"__type": "ExpiredTokenException", "message": "The security token is expired"}, 403)


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def expected_signature(call, secret):
    """What AWS computes for a call that it got: the signature by its own rules."""
    authorization = call.headers["authorization"]
    scope = authorization.split("Credential=")[1].split(",")[0].split("/", 1)[1]
    names = authorization.split("SignedHeaders=")[1].split(",")[0]
    path = urllib.parse.quote(call.path.split("?")[0], safe="/-_.~")  # encoded once more
    canonical = "\n".join(["POST", path, "", *(f"{name}:{call.headers[name]}" for name in names.split(";")), "", names,
                           hashlib.sha256(call.body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", call.headers["x-amz-date"], scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = digest(key, part)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signature(call):
    return call.headers["authorization"].split("Signature=")[1]


class Bedrock(harness.TestCase):
    def start(self, keys=None, env=None):
        self.up = self.upstream(default=answers.json_body(BEDROCK_REPLY))
        provider = {"type": "bedrock", "region": "eu-central-1", "base_url": self.up.url}
        if keys:
            provider["keys"] = keys
        models = {"smart": {"targets": [{"use": "p/eu.anthropic.claude-x:0"}], "retry": {"attempts": 2}}}
        return self.node(harness.config({"p": provider}, models),
                         env={"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nowhere", **(env or {})})

    def test_an_access_key_of_the_configuration_signs_every_call(self):
        it = self.start([{"name": "k", "access_key_id": "AKID", "secret": harness.SECRET + "aws"}])
        self.assertText(it.chat(), "Hi.")
        call = self.up.last()
        self.assertEqual(call.path, "/model/eu.anthropic.claude-x%3A0/converse")
        self.assertIn("/eu-central-1/bedrock/aws4_request", call.headers["authorization"])
        self.assertEqual(signature(call), expected_signature(call, harness.SECRET + "aws"))
        self.assertNotIn("x-amz-security-token", call.headers)

    def test_without_keys_the_usual_chain_is_asked(self):
        it = self.start(env={"AWS_ACCESS_KEY_ID": "ENVID", "AWS_SECRET_ACCESS_KEY": "env-secret",
                             "AWS_SESSION_TOKEN": "env-session"})
        self.assertText(it.chat(), "Hi.")
        call = self.up.last()
        self.assertIn("Credential=ENVID/", call.headers["authorization"])
        self.assertEqual(call.headers["x-amz-security-token"], "env-session")
        self.assertEqual(signature(call), expected_signature(call, "env-secret"))

    def test_where_nothing_is_found_the_answer_says_where_it_was_looked_and_no_call_is_made(self):
        it = self.start()
        answer = it.chat()
        self.assertGreaterEqual(answer.status, 500)
        self.assertIn("AWS", answer.json()["error"]["message"])
        self.assertEqual(self.up.count(), 0)

    def test_a_credential_that_ended_early_is_renewed_and_the_call_made_again(self):
        metadata = self.upstream()
        number = iter(range(1, 100))

        async def credentials(peer):
            now = next(number)
            await answers.json_body({"AccessKeyId": f"ID{now}", "SecretAccessKey": f"secret{now}", "Token": "t",
                                     "Expiration": "2099-01-01T00:00:00Z"})(peer)

        metadata.always(credentials)
        it = self.start(env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.url + "/creds"})
        self.assertText(it.chat(), "Hi.")
        used = self.up.last().headers["authorization"].split("Credential=")[1].split("/")[0]
        self.up.script(EXPIRED)
        answer = it.chat()
        self.assertText(answer, "Hi.")
        self.assertEqual(answer.headers["x-troupe-attempts"], "1")
        again = self.up.last()
        renewed = again.headers["authorization"].split("Credential=")[1].split("/")[0]
        self.assertNotEqual(renewed, used)
        self.assertEqual(signature(again), expected_signature(again, "secret" + renewed.removeprefix("ID")))
        self.assertIdle(it, "p/p")

    def test_a_refusal_that_a_new_credential_does_not_help_is_no_endless_loop(self):
        it = self.start([{"name": "k", "access_key_id": "AKID", "secret": "s"}])
        self.up.always(EXPIRED)
        self.assertGreaterEqual(it.chat().status, 400)
        self.assertLessEqual(self.up.count(), 2)


class Vertex(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="troupe-google-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
                        cls.folder / "key.pem"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", cls.folder / "key.pem", "-pubout", "-out", cls.folder / "public.pem"],
                       check=True, capture_output=True)

    def start(self, reply, in_secret=True):
        self.up = self.upstream()
        self.tokens = []

        async def google(peer):
            if peer.call.path == "/token":
                self.tokens.append(peer.call)
                body = {"access_token": f"token-{len(self.tokens)}", "expires_in": 3600, "token_type": "Bearer"}
                return await answers.json_body(body)(peer)
            await answers.json_body(reply)(peer)

        self.up.always(google)
        file = json.dumps({"type": "service_account", "client_email": "me@p.iam", "private_key_id": "k1",
                           "project_id": "p-1", "token_uri": self.up.url + "/token",
                           "private_key": (self.folder / "key.pem").read_text()})
        path = self.folder / "login.json"
        path.write_text(file)
        provider = {"type": "vertex", "project": "p-1", "region": "europe-west4", "base_url": self.up.url}
        env = {"GOOGLE_APPLICATION_CREDENTIALS": str(path)}
        if in_secret:
            provider["keys"], env = [{"name": "k", "secret": f"${{file:{path}}}"}], {"NO_GCE_CHECK": "true"}
        models = {"smart": {"targets": [{"use": "p/gemini-2.5-flash"}]},
                  "claude": {"targets": [{"use": "p/claude-x@1"}]}}
        return self.node(harness.config({"p": provider}, models), env=env)

    def last_call(self):
        return [call for call in self.up.calls if call.path != "/token"][-1]

    def check_assertion(self, call):
        assertion = urllib.parse.parse_qs(call.body.decode())["assertion"][0]
        signed, _, proof = assertion.rpartition(".")
        claims = json.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "=="))
        self.assertEqual(claims["iss"], "me@p.iam")
        self.assertEqual(claims["aud"], self.up.url + "/token")
        (self.folder / "proof").write_bytes(base64.urlsafe_b64decode(proof + "=="))
        subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.folder / "public.pem", "-signature",
                        self.folder / "proof"], input=signed.encode(), check=True, capture_output=True)

    def test_a_service_account_gets_one_token_and_every_call_presents_it(self):
        for in_secret in (True, False):
            with self.subTest(in_secret=in_secret):
                it = self.start(GEMINI_REPLY, in_secret)
                self.assertText(it.chat(), "Hi.")
                self.check_assertion(self.tokens[0])
                call = self.last_call()
                self.assertEqual(call.path, "/v1/projects/p-1/locations/europe-west4/publishers/google/models/"
                                            "gemini-2.5-flash:generateContent")
                self.assertRegex(call.headers["authorization"], r"^Bearer token-\d+$")
                fetched = len(self.tokens)
                self.assertText(it.chat(), "Hi.")
                self.assertLessEqual(len(self.tokens), fetched + 1)  # at most one for each I/O thread

    def test_claude_is_called_in_its_own_words(self):
        it = self.start(CLAUDE_REPLY)
        self.assertText(it.chat("claude"), "Hi.")
        call = self.last_call()
        self.assertEqual(call.path, "/v1/projects/p-1/locations/europe-west4/publishers/anthropic/models/"
                                    "claude-x@1:rawPredict")
        self.assertEqual(call.json()["anthropic_version"], "vertex-2023-10-16")
        self.assertNotIn("model", call.json())

    def test_no_secret_is_shown_anywhere(self):
        it = self.start(GEMINI_REPLY)
        self.assertText(it.chat(), "Hi.")
        shown = it.stderr() + it.get("/config").body.decode() + it.get("/actors").body.decode() + it.get("/metrics").body.decode()
        for secret in ("PRIVATE KEY", "token-1"):
            self.assertNotIn(secret, shown)
