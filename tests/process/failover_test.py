"""What fails before the first byte is tried elsewhere, and the client sees only the good answer."""
import json
import unittest

import answers
import client
import harness

MODEL = {"strategy": "priority", "targets": [{"use": "alpha/gpt-4o", "tier": 1}, {"use": "beta/gpt-4o", "tier": 2}],
         "retry": {"attempts": 4, "budget": "100%", "backoff": "1ms", "backoff_max": "5ms"},
         "timeout": {"connect": "1s", "first_token": "400ms", "idle": "400ms", "total": "10s"},
         "queue": {"max_wait": "0s", "max_length": 1}}

# The fault's name in the contract, and the provider that shows it.
BOTH = {
    "a 429": (answers.rate_limited(retry_after=30), "provider_rate_limited_requests"),
    "a 401": (answers.unauthorized(), "provider_key_dead"),
    "a 403": (answers.error(403, "no access", "permission_error"), "provider_key_dead"),
    "a 429 for money": (answers.error(429, "You exceeded your current quota", "insufficient_quota",
                                      "insufficient_quota"), "provider_quota_spent"),
    "a 500": (answers.server_error(), "provider_server_error"),
    "a 503": (answers.error(503, "busy"), "provider_overloaded"),
    "a 529": (answers.overloaded(), "provider_overloaded"),
    "a model that is missing": (answers.error(404, "The model `gpt-4o` does not exist", "invalid_request_error",
                                              "model_not_found"), "provider_model_missing"),
    "a close before the head": (answers.close_before_head(), "provider_reset"),
    "a reset before the head": (answers.reset_before_head(), "provider_reset"),
    "a hang before the head": (answers.hang_before_head(), "provider_timeout_first_token"),
    "half a head": (answers.half_a_head(), None),
    "garbage instead of HTTP": (answers.garbage(), None),
    "a huge header": (answers.huge_header(), None),
    "an error in a 200": (answers.error_in_200(), None),
    "HTML in a 200": (answers.not_json(), None),
}
WHOLE = {
    "a body shorter than promised": (answers.short_body(), None),
    "broken chunks": (answers.bad_chunks(), None),
}
STREAM = {
    "a stream that hangs after its head": (answers.broken_stream([], "hang"), "provider_timeout_first_token"),
    "a stream that is closed after its head": (answers.broken_stream([], "finish"), "provider_stream_cut"),
    "a stream that is reset after its head": (answers.broken_stream([], "reset"), None),
    "a stream that ends cleanly without a word": (answers.cleanly_cut([]), "provider_stream_cut"),
    "a stream that is cut after its preamble": (answers.broken_stream([""], "finish"), "provider_stream_cut"),
    "a malformed first frame": (answers.malformed([]), "provider_stream_malformed"),
    "an error as the first event": (answers.error_event([]), "provider_stream_error"),
    "broken chunks": (answers.bad_chunks(), None),
}


class Failover(harness.TestCase):
    def two(self, answer=None, model=None):
        self.alpha, self.beta = self.upstream(), self.upstream()
        if answer:
            self.alpha.always(answer)
        self.it = self.node(harness.config(
            {"alpha": harness.provider(self.alpha, "alpha-1"), "beta": harness.provider(self.beta, "beta-1")},
            {"smart": model or MODEL}, breaker={"failures": 1000, "min_requests": 100000}))

    def check_served_by_beta(self, headers):
        self.assertEqual(headers["x-troupe-provider"], "beta")
        self.assertEqual(int(headers["x-troupe-attempts"]), self.alpha.count() + 1)
        self.assertGreaterEqual(self.alpha.count(), 1)
        self.assertEqual(self.beta.count(), 1)
        self.assertIdle(self.it, "alpha/alpha-1")
        self.assertIdle(self.it, "beta/beta-1")

    def check_fault(self, fault):
        if fault:
            def seen():  # counted as the request ends, a moment after its answer
                return self.it.metric("troupe_upstream_attempts_total", provider="alpha", fault=fault)
            client.eventually(lambda: seen() == self.alpha.count(), what=f"{self.alpha.count()} {fault}")

    def test_a_whole_answer_comes_from_the_next_provider_after(self):
        for name, (answer, fault) in {**BOTH, **WHOLE}.items():
            with self.subTest(name):
                self.two(answer)
                reply = self.it.chat()
                self.assertText(reply, "Hello there.")
                self.check_served_by_beta(reply.headers)
                self.check_fault(fault)

    def test_a_stream_comes_from_the_next_provider_after(self):
        for name, (answer, fault) in {**BOTH, **STREAM}.items():
            with self.subTest(name):
                self.two(answer)
                with self.it.stream() as stream:
                    self.assertEqual(stream.status, 200, stream.headers)
                    events = [data for _, data in stream]
                self.assertEqual(events[-1], "[DONE]")
                self.assertNotIn('"error"', "".join(events))
                self.check_served_by_beta(stream.headers)
                self.check_fault(fault)

    def test_a_provider_that_does_not_listen_is_passed_over(self):
        self.two()
        self.alpha.down()
        answer = self.it.chat()
        self.assertText(answer, "Hello there.")
        self.assertEqual(answer.headers["x-troupe-provider"], "beta")
        client.eventually(  # counted once the answer is out
            lambda: self.it.metric("troupe_upstream_attempts_total", fault="provider_connect") >= 1,
            what="the failed attempt in the metrics")

    def test_another_key_of_the_same_provider_is_tried_first(self):
        self.two()
        self.it = self.node(harness.config({"alpha": harness.provider(self.alpha, "alpha-1", "alpha-2")},
                                           {"smart": {**MODEL, "targets": [{"use": "alpha/gpt-4o"}]}}))
        self.alpha.always(answers.rate_limited(retry_after=30), key="alpha-1")
        for _ in range(4):
            answer = self.it.chat()
            self.assertText(answer, "Hello there.")
            self.assertEqual(answer.headers["x-troupe-key"], "alpha-2")
        self.assertLessEqual(self.alpha.count("alpha-1"), 1)

    def test_a_stale_kept_connection_is_no_failure(self):
        self.two(answers.then_close(answers.ok()))
        for _ in range(6):
            answer = self.it.chat()
            self.assertText(answer, "Hello there.")
            self.assertEqual(answer.headers["x-troupe-provider"], "alpha")
        self.assertEqual(self.beta.count(), 0)

    def test_a_callers_mistake_is_not_tried_elsewhere(self):
        self.two(answers.bad_request())
        answer = self.it.chat()
        error = self.assertError(answer, 400, param="messages[0].role", code="invalid_value")
        self.assertIn("Invalid value: 'x'.", error["message"])
        self.assertEqual(self.beta.count(), 0)

    def test_when_all_fail_the_error_tells_of_every_attempt(self):
        self.two(answers.server_error())
        self.beta.always(answers.overloaded())
        answer = self.it.chat()
        self.assertIn(answer.status, (500, 529), "the last provider's own status")
        error = self.assertError(answer, answer.status)
        attempts = error["troupe"]["attempts"]
        self.assertEqual(len(attempts), self.alpha.count() + self.beta.count())
        self.assertEqual({(one["provider"], one["key"], one["status"], one["fault"]) for one in attempts},
                         {("alpha", "alpha-1", 500, "provider_server_error"),
                          ("beta", "beta-1", 529, "provider_overloaded")})
        self.assertEqual(error["troupe"]["request_id"], answer.headers["x-request-id"])
        self.assertEqual(error["troupe"]["node"], answer.headers["x-troupe-node"])
        self.assertEqual(answer.headers.get("x-should-retry"), "false")
        self.assertEqual(int(answer.headers["x-troupe-attempts"]), len(attempts))

    def test_a_fallback_alias_serves_when_the_first_cannot(self):
        alpha, beta = self.upstream(default=answers.server_error()), self.upstream()
        self.it = self.node(harness.config(
            {"alpha": harness.provider(alpha, "alpha-1"), "beta": harness.provider(beta, "beta-1")},
            {"smart": {**MODEL, "targets": [{"use": "alpha/gpt-4o"}], "fallbacks": ["cheap"]},
             "cheap": {"targets": [{"use": "beta/gpt-4o-mini"}]}}))
        answer = self.it.chat()
        self.assertText(answer, "Hello there.")
        self.assertEqual((answer.headers["x-troupe-route"], answer.headers["x-troupe-model"]),
                         ("fallback:1", "gpt-4o-mini"))
        refused = self.it.chat(headers={"x-troupe-fallback": "off"})
        self.assertError(refused, 500)
        self.assertEqual(beta.count(), 1)

    def test_a_pinned_provider_or_key_is_not_left(self):
        self.two()
        for _ in range(3):
            self.assertEqual(self.it.chat(headers={"x-troupe-provider": "beta"}).headers["x-troupe-provider"], "beta")
            self.assertEqual(self.it.chat(headers={"x-troupe-key": "beta-1"}).headers["x-troupe-key"], "beta-1")
        self.beta.always(answers.server_error())
        pinned = self.it.chat(headers={"x-troupe-provider": "beta"})
        self.assertError(pinned, 500)
        self.assertEqual(self.alpha.count(), 0)
        unknown = self.it.chat(headers={"x-troupe-provider": "nobody"})
        self.assertError(unknown, 400)

    def test_the_total_deadline_holds_over_all_attempts(self):
        self.two(answers.hang_before_head(), {**MODEL, "timeout": {"connect": "600ms", "first_token": "600ms",
                                                                    "idle": "600ms", "total": "600ms"}})
        answer = self.it.chat()
        self.assertError(answer, 504)
        self.assertFaults(answer, "provider_timeout_total")
        self.assertIdle(self.it, "alpha/alpha-1")

    def test_a_caller_may_shorten_the_deadline(self):
        self.two(answers.hang_before_head(), {**MODEL, "timeout": {"connect": "1s", "first_token": "20s", "idle": "20s",
                                                                    "total": "20s"}})
        answer = self.it.chat(headers={"x-troupe-timeout-ms": "300"})
        self.assertError(answer, 504)

    def test_odd_but_legal_framing_is_understood(self):
        self.two()
        for answer in (answers.odd_chunks(), answers.until_close(), answers.ok()):
            self.alpha.script(answer)
            self.assertText(self.it.chat(), "Hello there.")
        self.assertEqual(self.beta.count(), 0)

    def test_a_slow_answer_within_its_deadlines_is_waited_for(self):
        self.two()
        body = json.dumps(answers.completion({"model": "gpt-4o"})).encode()
        head = answers.head(200, {"Content-Type": "application/json", "Content-Length": len(body)})
        self.alpha.script(answers.slowly(head + body, 0.0005))
        self.assertText(self.it.chat(), "Hello there.")


if __name__ == "__main__":
    unittest.main()
