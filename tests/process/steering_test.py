"""Where requests go beside the rules: who stays with one key, what a shadow sees, a classifier elsewhere."""
import time

import answers
import client
import harness


class Sticky(harness.TestCase):
    def start(self, **limits):
        self.up = self.upstream()
        names = [harness.key(f"alpha-{n}", **({"limits": limits} if limits else {})) for n in range(1, 5)]
        models = {"smart": {"strategy": "sticky", "sticky_by": "conversation", "targets": [{"use": "alpha/gpt-4o"}],
                            "queue": {"max_wait": "0s"}}}
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, *names)}, models))

    def talk(self, first, *more, **fields):
        messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": first}]
        for text in more:
            messages += [{"role": "assistant", "content": "Yes."}, {"role": "user", "content": text}]
        body = {"model": "smart", "messages": messages, **fields}
        answer = client.request(self.it.api, "POST", "/v1/chat/completions", body)
        self.assertEqual(answer.status, 200, answer)
        return answer.headers["x-troupe-key"]

    def test_a_conversation_stays_with_its_key_and_others_spread(self):
        self.start()
        home = self.talk("What is a fjord?")
        self.assertEqual({self.talk("What is a fjord?", *["And then?"] * turns) for turns in range(6)}, {home})
        self.assertGreater(len({self.talk(f"Question {number}") for number in range(16)}), 1)

    def test_a_conversation_spills_while_its_key_is_full_and_comes_back(self):
        self.start(concurrency=1)
        home = self.talk("What is a fjord?")
        self.up.always(answers.ok(pieces=["a "] * 8, gap=0.5), key=home)
        body = {"model": "smart", "stream": True, "messages": [{"role": "system", "content": "Be brief."},
                                                              {"role": "user", "content": "What is a fjord?"}]}
        stream = client.Stream(self.it.api, "/v1/chat/completions", body)
        client.eventually(lambda: self.it.key(f"alpha/{home}")["in_flight"] == 1, what="the key is busy")
        away = {self.talk("What is a fjord?", "More?") for _ in range(3)}
        self.assertEqual(len(away), 1)
        self.assertNotIn(home, away)
        list(stream)
        self.assertIdle(self.it, f"alpha/{home}")
        self.assertEqual(self.talk("What is a fjord?"), home)


class Mirror(harness.TestCase):
    def start(self, share="100%"):
        self.up, self.shadow = self.upstream(), self.upstream()
        models = {"smart": {"targets": [{"use": "alpha/gpt-4o"}], "mirror": {"to": "shadow", "share": share}},
                  "shadow": {"targets": [{"use": "beta/gpt-4o-mini"}]}}
        providers = {"alpha": harness.provider(self.up, "alpha-1"), "beta": harness.provider(self.shadow, "beta-1")}
        self.it = self.node(harness.config(providers, models))

    def test_a_shadow_sees_the_request_and_the_caller_never_waits_for_it(self):
        self.start()
        self.shadow.always(answers.ok(after=2.0))
        for stream in (False, True):
            began = time.monotonic()
            if stream:
                events = list(self.it.stream(text="hello"))
                self.assertTrue(events)
            else:
                self.assertText(self.it.chat(text="hello"), "Hello there.")
            self.assertLess(time.monotonic() - began, 1.5)
        call = self.shadow.wait_calls(2)
        self.assertEqual(call.json()["model"], "gpt-4o-mini")
        self.assertEqual(call.json()["messages"], [{"role": "user", "content": "hello"}])

        def counted():
            return self.it.metric("troupe_requests_total", model="shadow", route="mirror", code="200") == 2
        client.eventually(counted, what="two mirrored requests")
        self.assertEqual(self.it.metric("troupe_upstream_attempts_total", provider="beta", route="mirror"), 2)
        self.assertEqual(self.it.metric("troupe_cost_unknown_total", tenant="(mirror)", provider="beta"), 2)  # no price
        self.assertEqual(self.it.metric("troupe_inflight"), 0)

    def test_a_shadow_that_is_down_is_nobodys_trouble(self):
        self.start()
        self.shadow.down()
        for _ in range(3):
            self.assertText(self.it.chat(), "Hello there.")
        client.eventually(lambda: self.it.metric("troupe_requests_total", route="mirror") == 3, what="three copies")

    def test_a_node_ends_while_a_copy_is_under_way(self):
        self.start()
        self.shadow.always(answers.ok(after=30.0))
        self.assertEqual(self.it.chat().status, 200)
        self.shadow.wait_calls(1)
        began = time.monotonic()
        self.it.stop()
        self.assertLess(time.monotonic() - began, 10)


class Classifier(harness.TestCase):
    def start(self, answer):
        self.up, self.service = self.upstream(), self.upstream()
        self.service.always(answer)
        models = {name: {"targets": [{"use": f"alpha/model-{name}"}]} for name in ("plain", "coder")}
        self.it = self.node(harness.config(
            {"alpha": harness.provider(self.up, "alpha-1")}, models,
            routing=[{"when": 'task == "code"', "to": "coder"}],
            server={"threads": 1}, classifier={"url": self.service.url + "/task", "timeout": "300ms", "token": "word"}))

    def model(self, text, **headers):
        self.assertEqual(self.it.chat("plain", headers, text=text).status, 200)
        return self.up.last().json()["model"]

    def test_another_service_says_the_task_once_for_each_text(self):
        self.start(answers.json_body({"task": "code"}))
        self.assertEqual([self.model("good day"), self.model("good day")], ["model-coder"] * 2)
        self.assertEqual(self.service.count(), 1)
        call = self.service.last()
        self.assertEqual((call.path, call.json()), ("/task", {"model": "plain", "text": "good day"}))
        self.assertEqual(call.headers["authorization"], "Bearer word")
        self.assertEqual(self.it.metric("troupe_classifier_requests_total", result="cached"), 1)
        self.model("bad day", **{"x-troupe-task": "chat"})
        self.assertEqual(self.service.count(), 1)

    def test_a_service_that_hangs_costs_its_timeout_three_times_and_then_nothing(self):
        async def hang(peer):
            await peer.hang()
        self.start(hang)
        for number in range(3):
            self.assertEqual(self.model(f"refactor this function {number}"), "model-coder")  # the built-in one
        began = time.monotonic()
        self.assertEqual(self.model("good day"), "model-plain")
        self.assertLess(time.monotonic() - began, 0.25)
        self.assertEqual(self.it.metric("troupe_classifier_requests_total", result="failed"), 3)
        self.assertEqual(self.it.metric("troupe_classifier_requests_total", result="paused"), 1)
