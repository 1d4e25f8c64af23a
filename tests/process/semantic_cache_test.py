"""Answers to questions that mean the same: by the built-in embedder and by a provider's, within what must be equal."""
import unittest

import answers
import client
import harness
from cache_test import PRICES, USAGE, bearer, how, tenants

ASKED = "How do I reset my password?"
AGAIN = "How can I reset my password"
OTHER = "What is the tallest mountain on earth?"


def vector_of(text):
    """What the tests' embedding model thinks: one direction for each subject."""
    return [1.0, 0.05 * len(text) / 100, 0.0] if "password" in text else [0.0, 0.0, 2.0]


def embed(peer):
    """Answers embeddings, or the standing answer of the test."""
    request = answers.request_of(peer)
    if not peer.call.path.endswith("/embeddings"):
        return answers.ok("an answer", usage=USAGE)(peer)
    text = request["input"]
    return answers.json_body({"object": "list", "model": "e", "usage": {"prompt_tokens": 3, "total_tokens": 3},
                              "data": [{"object": "embedding", "index": 0, "embedding": vector_of(text)}]})(peer)


class Semantic(harness.TestCase):
    def start(self, semantic, exact=None, **sections):
        self.up = self.upstream()
        self.up.always(answers.ok("an answer", usage=USAGE))
        models = {"smart": {"targets": [{"use": "alpha/gpt-4o", **PRICES}]}}
        cache = {"semantic": semantic, **({} if exact is None else {"exact": exact})}
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "a-1")}, models, cache=cache, **sections))

    def kept(self, number=1):
        client.eventually(lambda: self.it.get("/cache").json()["semantic"]["entries"] >= number, 5, "kept answers")

    def test_a_question_in_other_words_gets_the_answer_and_its_score(self):
        self.start({"threshold": 0.9})
        first = self.it.chat(text=ASKED)
        self.assertEqual(how(first), "miss")
        self.kept()
        second = self.it.chat(text=AGAIN)
        self.assertRegex(how(second), r"^semantic;score=0\.9\d;by=lexical$")
        self.assertEqual(second.body, first.body)
        self.assertEqual(second.headers["x-troupe-cost-usd"], "0.000000")
        self.assertEqual(how(self.it.chat(text=OTHER)), "miss")
        self.assertEqual(self.up.count(), 2)

    def test_everything_else_must_be_equal(self):
        self.start({"threshold": 0.9})
        self.it.chat(text=ASKED)
        self.kept()
        for other in ({"temperature": 0.1}, {"max_tokens": 5}, {"tools": [{"type": "function", "function": {"name": "f"}}]}):
            self.assertEqual(how(self.it.chat(text=ASKED, **other)), "miss", other)
        system = {"model": "smart", "messages": [{"role": "system", "content": "be brief"},
                                                 {"role": "user", "content": ASKED}]}
        self.assertEqual(how(client.request(self.it.api, "POST", "/v1/chat/completions", system)), "miss")
        self.assertIn("semantic", how(self.it.chat(text=AGAIN, user="u")))

    def test_the_guard_forbids_what_differs_in_one_number(self):
        self.start({"threshold": 0.6})
        self.it.chat(text="How many days has a year with 365 days?")
        self.kept()
        self.assertEqual(how(self.it.chat(text="How many days has a year with 366 days?")), "miss")
        self.assertIn("semantic", how(self.it.chat(text="How many days does a year with 365 days have?")))

    def test_without_the_guard_it_is_answered(self):
        self.start({"threshold": 0.6, "guard": False})
        self.it.chat(text="How many days has a year with 365 days?")
        self.kept()
        self.assertIn("semantic", how(self.it.chat(text="How many days has a year with 366 days?")))

    def test_streams_are_replayed_and_whole_answers_are_others(self):
        self.start({"threshold": 0.9})

        def ask(text):
            body = {"model": "smart", "messages": [{"role": "user", "content": text}], "stream": True}
            return client.request(self.it.api, "POST", "/v1/chat/completions", body)
        first = ask(ASKED)
        self.kept()
        second = ask(AGAIN)
        self.assertIn("semantic", how(second))
        self.assertEqual(first.body, second.body)
        self.assertEqual(how(self.it.chat(text=AGAIN)), "miss")

    def test_callers_can_refuse_and_tenants_are_apart(self):
        self.start({"threshold": 0.9}, tenants=tenants())
        self.it.chat(text=ASKED, headers=bearer("red"))
        self.kept()
        self.assertEqual(how(self.it.chat(text=AGAIN, headers=bearer("blue"))), "miss")
        for wish in ("no-store", "no-cache"):
            self.assertEqual(how(self.it.chat(text=AGAIN, headers={**bearer("red"), "x-troupe-cache": wish})), "miss")
        self.assertIn("semantic", how(self.it.chat(text=AGAIN, headers=bearer("red"))))

    def test_it_stands_behind_the_exact_cache(self):
        self.start({"threshold": 0.9}, exact={})
        self.it.chat(text=ASKED)
        self.kept()
        self.assertEqual(how(self.it.chat(text=ASKED)), "hit")
        self.assertIn("semantic", how(self.it.chat(text=AGAIN)))
        self.assertEqual(self.it.metric("troupe_cache_requests_total", kind="semantic", result="hit"), 1)
        self.assertEqual(self.it.metric("troupe_cache_requests_total", kind="semantic", result="miss"), 1)
        self.assertEqual(self.it.metric("troupe_cache_requests_total", kind="exact", result="hit"), 1)
        self.it.post("/cache/flush")
        client.eventually(lambda: self.it.get("/cache").json()["semantic"]["entries"] == 0, 5, "nothing left")
        self.assertEqual(how(self.it.chat(text=AGAIN)), "miss")

    def test_a_providers_model_makes_the_vectors(self):
        self.start({"threshold": 0.9, "embed": "alpha/e", "guard": False})
        self.up.always(embed)
        self.assertEqual(how(self.it.chat(text="lost my password, what now")), "miss")
        self.kept()
        self.assertRegex(how(self.it.chat(text="please help, the password is gone")), r"^semantic;score=(1\.00|0\.99)$")
        self.assertEqual(how(self.it.chat(text=OTHER)), "miss")
        embeddings = [call for call in self.up.calls if call.path.endswith("/embeddings")]
        self.assertEqual((len(embeddings), self.up.count()), (3, 5))

    def test_a_provider_without_vectors_is_a_miss(self):
        self.start({"threshold": 0.9, "embed": "alpha/e"})

        async def broken(peer):
            bad = peer.call.path.endswith("/embeddings")
            await (answers.error(500, "no") if bad else answers.ok("an answer", usage=USAGE))(peer)
        self.up.always(broken)
        for _ in range(2):
            answer = self.it.chat(text=ASKED)
            self.assertEqual((answer.status, how(answer)), (200, "miss"))


if __name__ == "__main__":
    unittest.main()
