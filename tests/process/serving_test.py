"""What a client gets when all goes well."""
import json
import unittest

import answers
import client
import harness

TOOL = {"type": "function", "function": {"name": "weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
CALLS = [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}}]


class Serving(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1")}))

    def test_a_whole_answer_arrives_as_the_provider_gave_it(self):
        answer = self.it.chat()
        self.assertText(answer, "Hello there.")
        self.assertEqual(answer.json()["usage"], answers.USAGE)
        self.assertEqual(self.up.last().json()["model"], "gpt-4o")
        self.assertEqual(self.up.last().path, "/v1/chat/completions")

    def test_a_stream_arrives_piece_by_piece_and_ends_in_done(self):
        with self.it.stream() as stream:
            self.assertEqual(stream.status, 200)
            self.assertTrue(stream.headers["content-type"].startswith("text/event-stream"))
            events = [data for _, data in stream]
        self.assertEqual(events[-1], "[DONE]")
        self.assertEqual(text_of(events), "Hello there.")

    def test_a_streams_first_piece_does_not_wait_for_the_last(self):
        self.up.always(answers.broken_stream(["first"], "hang"))
        with self.it.stream() as stream:
            self.assertEqual(first_text(stream), "first")

    def test_usage_is_always_asked_for_and_shown_only_to_who_asked(self):
        with self.it.stream() as stream:
            plain = [data for _, data in stream]
        self.assertTrue(self.up.last().json()["stream_options"]["include_usage"])
        self.assertFalse([data for data in plain if '"prompt_tokens"' in data])
        with self.it.stream(stream_options={"include_usage": True}) as stream:
            asked = [data for _, data in stream]
        self.assertEqual(len([data for data in asked if '"prompt_tokens"' in data]), 1)

    def test_a_stream_cut_at_arbitrary_bytes_arrives_whole(self):
        text = "Größe \U0001f600 ∑ " * 40
        for seed in range(8):
            self.up.script(answers.ok_stream(answers.words(text), seed=seed))
            with self.it.stream() as stream:
                events = [data for _, data in stream]
            self.assertEqual(text_of(events), text)
            self.assertEqual(events[-1], "[DONE]")

    def test_the_answer_says_who_gave_it(self):
        answer = self.it.chat(headers={"x-request-id": "my-request-7"})
        expected = {"x-request-id": "my-request-7", "x-troupe-provider": "alpha", "x-troupe-model": "gpt-4o",
                    "x-troupe-key": "alpha-1", "x-troupe-attempts": "1", "x-troupe-route": "primary",
                    "x-troupe-cache": "miss"}
        self.assertEqual({name: answer.headers.get(name) for name in expected}, expected)
        self.assertTrue(answer.headers["x-troupe-node"])
        self.assertLess(float(answer.headers["x-troupe-overhead-ms"]), 1000)

    def test_a_stream_says_who_gives_it_in_its_head(self):
        with self.it.stream() as stream:
            self.assertEqual(stream.headers["x-troupe-key"], "alpha-1")
            self.assertEqual(stream.headers["x-troupe-attempts"], "1")
            self.assertTrue(stream.headers["x-request-id"])

    def test_a_request_without_an_id_gets_one_and_a_bad_one_is_replaced(self):
        first, second = self.it.chat(), self.it.chat(headers={"x-request-id": 'not "allowed" here'})
        self.assertTrue(first.headers["x-request-id"].startswith("req_"))
        self.assertTrue(second.headers["x-request-id"].startswith("req_"))
        self.assertNotEqual(first.headers["x-request-id"], second.headers["x-request-id"])

    def test_the_provider_sees_its_own_key_and_none_of_our_headers(self):
        self.it.chat(headers={"Authorization": "Bearer what-the-client-has", "x-troupe-tags": "team=search",
                              "Cookie": "session=1"})
        seen = self.up.last().headers
        self.assertEqual(seen["authorization"], "Bearer " + harness.SECRET + "alpha-1")
        self.assertFalse([name for name in seen if name.startswith("x-troupe") or name == "cookie"])

    def test_every_field_that_is_not_ours_reaches_the_provider_unchanged(self):
        fields = {"temperature": 0.25, "seed": 12345678901234567, "tools": [TOOL], "tool_choice": "auto",
                  "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
                  "logit_bias": {"50256": -100}, "unknown_new_field": {"a": [1, 2.50, None, "ü"]}}
        self.it.chat(**fields)
        seen = self.up.last().json()
        self.assertEqual({name: seen[name] for name in fields}, fields)

    def test_fields_of_ours_in_the_body_do_not_reach_the_provider(self):
        self.it = self.node(harness.config({"openai": harness.provider(self.up, "openai-1")}))  # its price is known
        answer = self.it.chat(max_cost=1.0, max_latency_ms=60000, fallback="off")
        self.assertEqual(answer.status, 200, answer)
        self.assertFalse({"max_cost", "max_latency_ms", "fallback"} & set(self.up.last().json()))

    def test_tool_calls_arrive_whole(self):
        self.up.always(answers.ok(text=None, message={"tool_calls": CALLS}, finish="tool_calls"))
        choice = self.it.chat(tools=[TOOL]).json()["choices"][0]
        self.assertEqual(choice["message"]["tool_calls"], CALLS)
        self.assertEqual(choice["finish_reason"], "tool_calls")

    def test_the_models_are_listed_and_found_by_name(self):
        listed = client.request(self.it.api, "GET", "/v1/models")
        self.assertEqual(listed.json()["object"], "list")
        self.assertIn("smart", [model["id"] for model in listed.json()["data"]])
        one = client.request(self.it.api, "GET", "/v1/models/smart")
        self.assertEqual((one.status, one.json()["id"], one.json()["object"]), (200, "smart", "model"))
        self.assertError(client.request(self.it.api, "GET", "/v1/models/nobody"), 404, code="model_not_found")

    def test_a_provider_and_its_model_can_be_named_directly(self):
        answer = self.it.chat(model="alpha/gpt-4o-mini")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.up.last().json()["model"], "gpt-4o-mini")

    def test_the_node_is_alive_and_ready_on_both_ports(self):
        for address in (self.it.api, self.it.admin):
            for path in ("/livez", "/readyz"):
                self.assertEqual(client.request(address, "GET", path).status, 200, (address, path))

    def test_connections_are_kept_on_both_sides(self):
        payload = b'{"model":"smart","messages":[{"role":"user","content":"hi"}]}'
        with client.connect(self.it.api) as sock:
            for _ in range(5):
                sock.sendall(client.head("POST", "/v1/chat/completions", {}, len(payload)) + payload)
                self.assertEqual(client.receive(sock).status, 200)
        self.assertEqual(self.up.count(), 5)
        self.assertEqual(self.up.connections, 1)


def text_of(events):
    """The content of all data events of a chat stream."""
    chunks = [json.loads(data) for data in events if data != "[DONE]"]
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk.get("choices", []))


def first_text(stream):
    """The first text that is not empty."""
    while (chunk := stream.next_chunk()) is not None:
        for choice in chunk.get("choices", []):
            if choice["delta"].get("content"):
                return choice["delta"]["content"]
    return None


if __name__ == "__main__":
    unittest.main()
