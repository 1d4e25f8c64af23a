"""Limits, queues, breakers and dead keys, as a client and a provider see them."""
import concurrent.futures
import time
import unittest

import answers
import client
import harness

ONE = {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}}


def model(max_wait="0s", max_length=1000, **fields):
    return {"smart": {**ONE, "queue": {"max_wait": max_wait, "max_length": max_length}, **fields}}


class Limits(harness.TestCase):
    def start(self, models, *keys, upstream=None, **sections):
        self.up = upstream or self.upstream()
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, *keys)}, models, **sections))

    def burst(self, number, **options):
        with concurrent.futures.ThreadPoolExecutor(number) as pool:
            return [job.result() for job in [pool.submit(self.it.chat, **options) for _ in range(number)]]

    def test_a_burst_never_passes_requests_per_minute(self):
        self.start(model(), harness.key("alpha-1", limits={"rpm": 10}), harness.key("alpha-2", limits={"rpm": 5}))
        replies = self.burst(40)
        self.assertEqual(sorted({reply.status for reply in replies}), [200, 429])
        self.assertEqual((self.up.worst("alpha-1"), self.up.worst("alpha-2")), (10, 5))
        self.assertEqual(sum(reply.status == 200 for reply in replies), 15)

    def test_a_burst_never_passes_concurrency(self):
        self.start(model("20s"), harness.key("alpha-1", limits={"concurrency": 3}))
        inside, most = [0], [0]

        async def counted(peer):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            await answers.ok(after=0.05)(peer)
            inside[0] -= 1
        self.up.always(counted)
        self.assertEqual({reply.status for reply in self.burst(20)}, {200})
        self.assertEqual(most[0], 3)

    def test_a_burst_never_passes_tokens_per_minute(self):
        self.start(model(), harness.key("alpha-1", limits={"tpm": 1000}))
        big = {"prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200}
        self.up.always(answers.ok(usage=big))
        replies = [self.it.chat(text="word " * 80, max_tokens=100) for _ in range(12)]
        served = [reply for reply in replies if reply.status == 200]
        self.assertLessEqual(len(served) * 200, 1000)
        self.assertGreaterEqual(len(served), 3)
        self.assertError(replies[-1], 429)

    def test_a_spent_key_says_exactly_when_to_come_back(self):
        self.start(model(), harness.key("alpha-1", limits={"rpm": 1}))
        began = time.monotonic()
        self.assertEqual(self.it.chat().status, 200)
        answer = self.it.chat()
        self.assertError(answer, 429)
        left = 60_000 - (time.monotonic() - began) * 1000
        waiting = int(answer.headers["retry-after-ms"])
        self.assertTrue(left - 500 < waiting < 63_000, answer)
        self.assertEqual(int(answer.headers["retry-after"]), -(-waiting // 1000))
        self.assertEqual(self.up.count(), 1)

    def test_a_request_waits_in_line_and_is_served(self):
        self.start(model("10s"), harness.key("alpha-1", limits={"concurrency": 1}))
        self.up.always(answers.ok(after=0.2))
        began = time.monotonic()
        self.assertEqual({reply.status for reply in self.burst(4)}, {200})
        self.assertGreater(time.monotonic() - began, 0.75)
        self.assertIdle(self.it, "alpha/alpha-1")

    def test_a_request_waits_out_the_providers_own_pause(self):
        self.start(model("10s"), "alpha-1")
        self.up.script(answers.rate_limited(retry_after=1))
        self.assertEqual(self.it.chat().status, 429)
        began = time.monotonic()
        self.assertEqual(self.it.chat().status, 200)
        self.assertGreater(time.monotonic() - began, 0.8)
        self.assertEqual(self.up.count(), 2)

    def test_a_wait_that_is_too_long_ends_in_a_429_with_retry_after(self):
        self.start(model("400ms"), harness.key("alpha-1", limits={"concurrency": 1}))
        self.up.always(answers.hang_before_head())
        with self.it_busy():
            began = time.monotonic()
            answer = self.it.chat()
            took = time.monotonic() - began
        self.assertError(answer, 429)
        self.assertTrue(0.35 < took < 3, took)
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)

    def it_busy(self):
        """A request that is inside the provider until the `with` ends."""
        payload = b'{"model":"smart","messages":[{"role":"user","content":"hi"}]}'
        before = self.up.count()
        sock = client.connect(self.it.api)
        sock.sendall(client.head("POST", "/v1/chat/completions", {}, len(payload)) + payload)
        self.up.wait_calls(before + 1)
        return sock

    def test_a_full_line_is_refused_at_once(self):
        self.start(model("10s", max_length=2), harness.key("alpha-1", limits={"concurrency": 1}))
        self.up.always(answers.ok(after=0.5))
        replies = self.burst(8)
        statuses = [reply.status for reply in replies]
        self.assertEqual((statuses.count(200), statuses.count(429)), (3, 5), statuses)

    def test_a_client_that_leaves_the_line_makes_room(self):
        self.start(model("10s"), harness.key("alpha-1", limits={"concurrency": 1}))
        self.up.script(answers.hang_before_head())
        payload = b'{"model":"smart","messages":[{"role":"user","content":"hi"}]}'
        with self.it_busy():
            for _ in range(5):
                with client.connect(self.it.api) as sock:
                    sock.sendall(client.head("POST", "/v1/chat/completions", {}, len(payload)) + payload)
                    client.eventually(lambda: self.it.metric("troupe_queue_depth", model="smart") >= 1,
                                      what="one waits")
                client.eventually(lambda: self.it.metric("troupe_queue_depth", model="smart") == 0,
                                  what="nobody waits")
        self.assertEqual(self.it.chat().status, 200)
        self.assertLessEqual(self.up.count(), 2)


class Breakers(harness.TestCase):
    BREAKER = {"failures": 3, "cooldown": "500ms", "cooldown_max": "2s", "half_open_probes": 1, "ramp": "1s"}

    def setUp(self):
        self.up = self.upstream()

    def start(self, **sections):
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1")}, model(),
                                           **{"breaker": self.BREAKER, **sections}))

    def state(self):
        return self.it.key("alpha/alpha-1")["breaker"]["state"]

    def test_a_failing_key_opens_is_left_alone_is_tried_and_closes(self):
        self.start()
        self.assertEqual(self.state(), "closed")
        self.up.always(answers.server_error())
        for _ in range(3):
            self.assertEqual(self.it.chat().status, 500)
        self.assertEqual(self.state(), "open")
        answer = self.it.chat()
        self.assertError(answer, 503)
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
        self.assertEqual(self.up.count(), 3, "an open key is not called")
        self.up.always(answers.ok())
        client.eventually(lambda: self.it.chat().status == 200, what="served again after the cooldown")
        self.assertEqual(self.up.count(), 4, "one probe was enough")
        client.eventually(lambda: self.state() == "closed", what="closed")
        history = str(self.it.key("alpha/alpha-1")["breaker"]["history"])
        for word in ("open", "half_open", "closed"):
            self.assertIn(word, history)

    def test_a_failed_probe_opens_it_again_for_longer(self):
        self.start()
        self.up.always(answers.server_error())
        for _ in range(3):
            self.it.chat()
        client.eventually(lambda: self.it.chat().status == 500, what="a probe reaches the provider")
        self.assertEqual(self.it.chat().status, 503)
        self.assertEqual(self.up.count(), 4)

    def test_try_least_bad_calls_even_when_every_breaker_is_open(self):
        self.start(breaker={**self.BREAKER, "cooldown": "60s", "cooldown_max": "60s",
                            "when_all_open": "try_least_bad"})
        self.up.always(answers.server_error())
        for _ in range(6):
            self.assertEqual(self.it.chat().status, 500)
        self.assertEqual(self.up.count(), 6)

    def test_a_callers_mistakes_open_nothing(self):
        self.start()
        self.up.always(answers.bad_request())
        for _ in range(8):
            self.assertEqual(self.it.chat().status, 400)
        self.assertEqual(self.state(), "closed")

    def test_a_revoked_key_is_parked_until_it_gets_a_new_secret(self):
        self.start()
        self.up.always(answers.unauthorized(), key="alpha-1")
        self.assertEqual(self.it.chat().status, 401, "the provider's own status")
        for _ in range(3):
            self.assertError(self.it.chat(), 503)
        self.assertEqual(self.up.count(), 1, "a dead key is not called again")
        self.assertIn("dead", str(self.it.key("alpha/alpha-1")["breaker"]))
        fresh = {"name": "alpha-1", "secret": harness.SECRET + "alpha-1@2"}
        self.it.write(harness.config({"alpha": harness.provider(self.up, fresh)}, model(), breaker=self.BREAKER))
        self.assertEqual(self.it.post("/config/reload").status, 200)
        client.eventually(lambda: self.it.chat().status == 200, what="the new secret is used")
        self.assertEqual(self.up.last().key, "alpha-1@2")

    def test_windows_survive_a_reload(self):
        self.it = self.node(harness.config(
            {"alpha": harness.provider(self.up, harness.key("alpha-1", limits={"rpm": 2}))}, model()))
        self.assertEqual([self.it.chat().status for _ in range(3)], [200, 200, 429])
        self.it.write(harness.config(
            {"alpha": harness.provider(self.up, harness.key("alpha-1", limits={"rpm": 3}))}, model()))
        self.assertEqual(self.it.post("/config/reload").status, 200)
        client.eventually(lambda: self.it.chat().status == 200, seconds=1, what="one more fits")
        self.assertEqual(self.it.chat().status, 429)
        self.assertEqual(self.up.worst("alpha-1"), 3)


if __name__ == "__main__":
    unittest.main()
