"""The mock provider: embedded in the node, and on its own as `troupe mock`."""
import unittest

import client
import harness
from serving_test import text_of

FAST = {"type": "mock", "ttft": "1ms", "tokens_per_second": 10000}
ASK = [{"role": "user", "content": "hi"}]


class Embedded(harness.TestCase):
    def start(self, **behaviour):
        self.it = self.node(harness.config({"mock": {**FAST, **behaviour}}, {
            "smart": {"targets": [{"use": "mock/any"}], "retry": {"attempts": 1}}}))

    def test_it_answers_whole_and_streamed_without_any_key(self):
        self.start()
        answer = self.it.chat()
        self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.json()["choices"][0]["message"]["content"])
        self.assertGreater(answer.json()["usage"]["completion_tokens"], 0)
        self.assertEqual(answer.headers["x-troupe-provider"], "mock")
        with self.it.stream() as stream:
            events = [data for _, data in stream]
        self.assertEqual(events[-1], "[DONE]")
        self.assertTrue(text_of(events))

    def test_its_faults_reach_the_client_as_from_any_provider(self):
        for rate, status in (("error_rate", 500), ("overload_rate", 503), ("rate_limit_rate", 429)):
            with self.subTest(rate):
                self.start(**{rate: 1})
                self.assertError(self.it.chat(), status)

    def test_its_broken_streams_end_in_an_error_event(self):
        for rate in ("cut_rate", "malformed_rate"):
            with self.subTest(rate):
                self.start(**{rate: 1})
                with self.it.stream() as stream:
                    events = [data for _, data in stream]
                self.assertNotIn("[DONE]", events)
                if stream.status == 200:
                    self.assertIn('"error"', events[-1])


class Alone(harness.TestCase):
    def start(self, *arguments):
        it = harness.Node(arguments=["mock", "--listen", "127.0.0.1:0", "--ttft", "1ms", "--tps", "10000", *arguments])
        self.addCleanup(it.stop)
        return it.api

    def test_it_speaks_openais_shape(self):
        api = self.start()
        answer = client.request(api, "POST", "/v1/chat/completions", {"model": "m", "messages": ASK})
        self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.json()["choices"][0]["message"]["content"])
        body = {"model": "m", "messages": ASK, "stream": True, "stream_options": {"include_usage": True}}
        streamed = client.request(api, "POST", "/v1/chat/completions", body)
        self.assertEqual(streamed.events()[-1][1], "[DONE]")
        self.assertGreater(streamed.chunks()[-1]["usage"]["completion_tokens"], 0)

    def test_it_speaks_anthropics_shape(self):
        api = self.start()
        body = {"model": "m", "max_tokens": 50, "messages": ASK}
        answer = client.request(api, "POST", "/v1/messages", body, {"x-api-key": "k"})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual((answer.json()["type"], answer.json()["content"][0]["type"]), ("message", "text"))
        streamed = client.request(api, "POST", "/v1/messages", {**body, "stream": True}, {"x-api-key": "k"})
        names = [name for name, _ in streamed.events()]
        self.assertEqual((names[0], names[-1]), ("message_start", "message_stop"))

    def test_a_node_routes_to_it_in_both_shapes(self):
        api = self.start()
        providers = {"one": {"type": "openai", "base_url": f"http://{api}/v1", "keys": [harness.key("a")]},
                     "two": {"type": "anthropic", "base_url": f"http://{api}", "keys": [harness.key("b")]}}
        it = self.node(harness.config(providers, {}))
        for model in ("one/m", "two/m"):
            answer = it.chat(model=model, max_tokens=50)
            self.assertEqual(answer.status, 200, answer)
            self.assertTrue(answer.json()["choices"][0]["message"]["content"])
            with it.stream(model=model, max_tokens=50) as stream:
                events = [data for _, data in stream]
            self.assertEqual(events[-1], "[DONE]")
            self.assertTrue(text_of(events))

    def test_it_misbehaves_on_demand(self):
        api = self.start("--error-rate", "1")
        answer = client.request(api, "POST", "/v1/chat/completions", {"model": "m", "messages": ASK})
        self.assertEqual(answer.status, 500)


if __name__ == "__main__":
    unittest.main()
