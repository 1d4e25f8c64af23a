"""Answers that are given twice: one call for many callers, streams as streams, and never an error, on one node."""
import concurrent.futures
import hashlib
import unittest

import answers
import client
import harness

PRICES = {"input_price": "100/Mtok", "output_price": "1000/Mtok"}
USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
KEYS = {"red": "tr-red-caller", "blue": "tr-blue-caller"}


def tenants(**fields):
    return {name: {"keys": [{"name": name, "hash": f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"}], **fields}
            for name, key in KEYS.items()}


def bearer(name):
    return {"Authorization": f"Bearer {KEYS[name]}"}


def how(answer):
    """What the answer says of the cache."""
    return answer.headers["x-troupe-cache"]


class Caching(harness.TestCase):
    def start(self, exact=None, models=None, **sections):
        models = models or {"smart": {"targets": [{"use": "alpha/gpt-4o", **PRICES}]}}
        self.up = self.upstream()
        self.up.always(answers.ok("cached words", after=0.05, usage=USAGE))
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "a-1")}, models,
                                           cache={"exact": exact or {}}, **sections))

    def many(self, number, call):
        with concurrent.futures.ThreadPoolExecutor(number) as pool:
            return [job.result() for job in [pool.submit(call, index) for index in range(number)]]

    def stream_bytes(self, headers=None, **fields):
        body = {"model": "smart", "messages": [{"role": "user", "content": "hi"}], "stream": True, **fields}
        answer = client.request(self.it.api, "POST", "/v1/chat/completions", body, headers)
        self.assertEqual(answer.status, 200, answer)
        return answer


class Exact(Caching):
    def test_the_same_request_gets_the_same_bytes_and_says_so(self):
        self.start()
        first, second = self.it.chat(), self.it.chat(user="somebody else")
        self.assertEqual((how(first), how(second)), ("miss", "hit"))
        self.assertEqual(first.body, second.body)
        self.assertEqual(second.headers["x-troupe-provider"], "alpha")
        self.assertEqual(second.headers["x-troupe-attempts"], "0")
        self.assertEqual(second.headers["x-troupe-cost-usd"], "0.000000")
        self.assertIn(second.headers["age"], ("0", "1"))
        self.assertNotEqual(first.headers["x-request-id"], second.headers["x-request-id"])
        self.assertEqual(self.up.count(), 1)
        for other in ({"temperature": 0.3}, {"text": "hi "}, {"n": 2}):
            self.assertEqual(how(self.it.chat(**other)), "miss", other)

    def test_a_hundred_identical_callers_make_one_call(self):
        self.start()
        self.up.always(answers.ok("once", after=0.3))
        replies = self.many(100, lambda _: self.it.chat())
        self.assertEqual({reply.status for reply in replies}, {200})
        self.assertEqual(self.up.count(), 1)
        self.assertEqual(len({reply.body for reply in replies}), 1)
        self.assertEqual(sorted(map(how, replies)), ["hit"] * 99 + ["miss"])

    def test_a_hundred_identical_streams_make_one_call(self):
        self.start()
        self.up.always(answers.ok_stream(["a", "b", "c"], gap=0.05))
        replies = self.many(100, lambda _: self.stream_bytes())
        self.assertEqual(self.up.count(), 1)
        self.assertEqual(len({reply.body for reply in replies}), 1)

    def test_a_stream_is_replayed_as_a_stream_byte_for_byte(self):
        self.start()
        first = self.stream_bytes()
        second = self.stream_bytes()
        self.assertEqual((how(first), how(second)), ("miss", "hit"))
        self.assertEqual(first.body, second.body)
        self.assertIn("text/event-stream", second.headers["content-type"])
        self.assertTrue(second.body.endswith(b"data: [DONE]\n\n"))
        self.assertEqual(how(self.it.chat()), "miss")  # whole answers are others
        self.assertEqual(how(self.stream_bytes(stream_options={"include_usage": True})), "miss")
        self.assertEqual(self.up.count(), 3)

    def test_anthropics_clients_get_their_own_answers(self):
        self.start()
        body = {"model": "smart", "max_tokens": 50, "messages": [{"role": "user", "content": "hi"}]}
        for wanted in ("miss", "hit"):
            answer = client.request(self.it.api, "POST", "/v1/messages", body)
            self.assertEqual((answer.status, how(answer)), (200, wanted), answer)
            self.assertEqual(answer.json()["type"], "message")
        body["stream"] = True
        streams = [client.request(self.it.api, "POST", "/v1/messages", body) for _ in range(2)]
        self.assertEqual([how(one) for one in streams], ["miss", "hit"])
        self.assertEqual(streams[0].body, streams[1].body)
        self.assertIn(b"message_stop", streams[1].body)

    def test_an_error_is_never_kept_and_the_next_caller_tries(self):
        self.start(models={"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}}})
        self.up.script(answers.error(500, "no"), answers.error(400, "bad", "invalid_request_error"))
        self.assertEqual([self.it.chat().status for _ in range(4)], [500, 400, 200, 200])
        self.assertEqual(self.up.count(), 3)

    def test_when_the_leader_fails_the_next_leads_and_the_rest_wait(self):
        self.start(models={"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}}})
        self.up.script(answers.error(400, "bad", "invalid_request_error"))
        self.up.always(answers.ok("at last", after=0.2))
        replies = self.many(20, lambda _: self.it.chat())
        self.assertEqual(sorted(reply.status for reply in replies), [200] * 19 + [400])
        self.assertEqual(self.up.count(), 2)

    def test_a_stream_that_was_cut_is_not_kept(self):
        self.start(models={"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}}})

        async def cut(peer):
            await peer.send(answers.head(200, answers.STREAM_HEADERS))
            await peer.send(answers.chunk(answers.sse(answers.delta({}, {"content": "half"}))))
            peer.finish()
        self.up.script(cut)
        body = {"model": "smart", "messages": [{"role": "user", "content": "hi"}], "stream": True}
        client.request(self.it.api, "POST", "/v1/chat/completions", body, may_be_cut=True)
        self.assertEqual(how(self.stream_bytes()), "miss")
        self.assertEqual(how(self.stream_bytes()), "hit")

    def test_an_answer_whose_caller_left_is_not_kept_and_a_waiting_one_leads(self):
        self.start()
        self.up.script(answers.ok_stream(["word "] * 200, gap=0.05))
        leaving = self.it.stream()
        self.assertEqual(leaving.headers["x-troupe-cache"], "miss")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.stream_bytes)
            client.eventually(lambda: self.it.get("/cache").json()["exact"]["waiting"] == 1, what="one who waits")
            leaving.close()
            self.assertEqual(how(waiting.result()), "miss")
        self.assertEqual(self.up.count(), 2)

    def test_what_a_caller_says_of_caching_is_obeyed(self):
        self.start()
        ask = lambda text: self.it.chat(headers={"x-troupe-cache": text})
        self.assertEqual([how(ask("no-store")) for _ in range(2)], ["miss", "miss"])
        self.assertEqual(how(self.it.chat()), "miss")  # nothing had been stored
        self.assertEqual(how(ask("no-store")), "miss")  # nor is anything taken
        self.assertEqual(how(self.it.chat()), "hit")
        self.up.always(answers.ok("newer words"))
        self.assertText(ask("no-cache"), "newer words")
        self.assertText(self.it.chat(), "newer words")  # it had been kept
        self.assertError(ask("sometimes"), 400, param="x-troupe-cache")

    def test_an_answer_lives_as_long_as_its_caller_or_the_settings_say(self):
        self.start({"ttl": "1s"})
        self.assertEqual(how(self.it.chat()), "miss")
        self.assertEqual(how(self.it.chat()), "hit")
        client.eventually(lambda: how(self.it.chat()) == "miss", what="the end of a second")
        long = {"x-troupe-cache": "ttl=60"}
        self.assertEqual(how(self.it.chat(text="long", headers=long)), "miss")
        short = {"x-troupe-cache": "ttl=1"}
        client.eventually(lambda: how(self.it.chat(text="long", headers=short)) == "miss", what="too old for this one")

    def test_tenants_do_not_see_each_others_answers(self):
        self.start(tenants=tenants())
        self.assertEqual([how(self.it.chat(headers=bearer(who))) for who in ("red", "blue", "red", "blue")],
                         ["miss", "miss", "hit", "hit"])

    def test_tenants_share_answers_where_the_operator_says_so_but_never_across_policies(self):
        both = tenants()
        both["green"] = {"keys": [{"name": "green", "hash": "sha256:" + hashlib.sha256(b"tr-green").hexdigest()}],
                         "models": ["smart"]}
        self.start({"shared": True}, tenants=both)
        self.assertEqual([how(self.it.chat(headers=bearer(who))) for who in ("red", "blue")], ["miss", "hit"])
        self.assertEqual(how(self.it.chat(headers={"Authorization": "Bearer tr-green"})), "miss")

    def test_a_hit_takes_nothing_of_limits(self):
        self.start(tenants=tenants(limits={"rpm": 1}))
        self.assertEqual([self.it.chat(headers=bearer("red")).status for _ in range(5)], [200] * 5)
        self.assertError(self.it.chat(headers=bearer("red"), text="another"), 429)

    def test_a_model_can_be_left_out(self):
        targets = [{"use": "alpha/gpt-4o"}]
        self.start(models={"smart": {"targets": targets}, "fresh": {"targets": targets, "cache": False}})
        self.assertEqual([how(self.it.chat("fresh")) for _ in range(2)], ["miss", "miss"])
        self.assertEqual([how(self.it.chat("smart")) for _ in range(2)], ["miss", "hit"])

    def test_what_is_too_long_is_not_kept_and_holds_nobody_up(self):
        self.start({"max_entry": "1KiB"})
        self.up.always(answers.ok("long " * 1000, after=0.3))
        replies = self.many(10, lambda _: self.it.chat())
        self.assertEqual({how(reply) for reply in replies}, {"miss"})
        self.assertEqual(self.up.count(), 10)
        self.assertLess(max(call.at for call in self.up.calls) - min(call.at for call in self.up.calls), 2)

    def test_embeddings_are_cached(self):
        self.start()
        self.up.always(answers.json_body({"object": "list", "model": "e", "usage": {"prompt_tokens": 1, "total_tokens": 1},
                                          "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}]}))
        ask = lambda: client.request(self.it.api, "POST", "/v1/embeddings", {"model": "alpha/e", "input": "hi"})
        self.assertEqual([how(ask()) for _ in range(2)], ["miss", "hit"])

    def test_operators_see_what_it_holds_and_can_empty_it(self):
        self.start(tenants=tenants())
        for who in ("red", "red", "blue"):
            last = self.it.chat(headers=bearer(who))
        hit = self.it.chat(headers=bearer("red"))
        view = self.it.get("/cache").json()
        self.assertEqual((view["exact"]["entries"], view["exact"]["hits"] + view["exact"]["joined"]), (2, 2))
        self.assertGreaterEqual(view["exact"]["saved_usd"], 0)
        self.assertEqual({row["tenant"]: row["entries"] for row in view["tenants"]}, {"red": 1, "blue": 1})
        self.assertEqual(self.it.metric("troupe_cache_requests_total", kind="exact", result="hit"), 2)
        self.assertEqual(self.it.metric("troupe_cache_requests_total", kind="exact", result="miss"), 2)
        self.assertGreater(self.it.metric("troupe_cache_saved_usd_total"), 0)
        record = self.it.request_record(hit.headers["x-request-id"])
        self.assertEqual((record["cache"], record["route"], record["tokens_in"]), ("hit", "cache", 0))
        self.assertEqual(self.it.request_record(last.headers["x-request-id"])["cache"], "miss")
        self.assertEqual(sorted(actor["type"] for actor in self.it.actors()).count("cache"),
                         sum(actor["type"] == "router" for actor in self.it.actors()))
        self.it.post("/cache/flush?tenant=red")
        self.assertEqual([how(self.it.chat(headers=bearer(who))) for who in ("red", "blue")], ["miss", "hit"])
        self.it.post("/cache/flush")
        self.assertEqual(how(self.it.chat(headers=bearer("blue"))), "miss")

    def test_without_the_section_nothing_is_cached_but_a_bad_wish_is_still_told(self):
        up = self.upstream()
        it = self.node(harness.config({"alpha": harness.provider(up, "a-1")}))
        self.assertEqual([how(it.chat()) for _ in range(2)], ["miss", "miss"])
        self.assertError(it.chat(headers={"x-troupe-cache": "maybe"}), 400)
        self.assertFalse(it.get("/cache").json()["exact"]["on"])


if __name__ == "__main__":
    unittest.main()
