"""The endpoints beside chat completions: each keeps its own dialect, in answers, streams and failures."""
import http.client
import json
import struct
import zlib

import answers
import client
import harness

ASK = {"messages": {"model": "smart", "max_tokens": 50, "messages": [{"role": "user", "content": "hi"}]},
       "responses": {"model": "smart", "input": "hi"}}
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_sequence": None,
           "content": [{"type": "text", "text": "Hi."}], "stop_reason": "end_turn",
           "usage": {"input_tokens": 5, "output_tokens": 2}}


def events(address, path, body, headers=None):
    """The events of a stream by name, until it ends or breaks."""
    seen = []
    with client.Stream(address, path, {**body, "stream": True}, headers) as stream:
        try:
            for name, data in stream:
                seen.append((name, json.loads(data)))
        except (http.client.IncompleteRead, ConnectionError):
            seen.append(("broken", {}))
    return seen


def embed(it, texts, **more):
    return client.request(it.api, "POST", "/v1/embeddings", {"model": "e", "input": texts, **more})


class Dialects(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.up = harness.Upstream().start()
        cls.addClassCleanup(cls.up.stop)
        cls.it = harness.Node(harness.config(
            {"alpha": harness.provider(cls.up, "alpha-1"),
             "beta": harness.provider(cls.up, "beta-1"),
             "claude": harness.provider(cls.up, "claude-1", type="anthropic")},
            {"limited": {"targets": [{"use": "beta/gpt-4o"}], "retry": {"attempts": 1}, "queue": {"max_wait": "0s"}},
             "smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}, "queue": {"max_wait": "0s"}},
             "claude": {"targets": [{"use": "claude/claude-sonnet-4-5"}], "retry": {"attempts": 1}}},
            breaker={"failures": 1000, "min_requests": 100000}))
        cls.addClassCleanup(cls.it.stop)

    def setUp(self):
        self.up.always(answers.ok())

    def post(self, path, body, headers=None):
        return client.request(self.it.api, "POST", path, body, headers)

    def test_messages_and_responses_are_answered_in_their_own_shape(self):
        message = self.post("/v1/messages", ASK["messages"])
        self.assertEqual(message.json()["content"], [{"type": "text", "text": "Hello there."}])
        self.assertEqual(message.json()["usage"]["cache_read_input_tokens"], 4)
        self.assertEqual(message.json()["usage"]["input_tokens"], 7)
        self.assertTrue(message.headers["request-id"])
        response = self.post("/v1/responses", ASK["responses"]).json()
        self.assertEqual(response["output"][0]["content"][0]["text"], "Hello there.")
        self.assertEqual(response["usage"]["total_tokens"], 18)
        self.assertEqual(self.up.last().path, "/v1/chat/completions")

    def test_what_one_shape_cannot_say_is_refused_by_name(self):
        for field in ("previous_response_id", "conversation"):
            answer = self.post("/v1/responses", {**ASK["responses"], field: "x"})
            self.assertError(answer, 400)
        answer = self.post("/v1/messages", {**ASK["messages"], "tools": [{"type": "web_search_20250305", "name": "s"}]})
        self.assertEqual(answer.status, 400)
        self.assertEqual(answer.json()["error"]["type"], "invalid_request_error")

    def test_a_stream_that_breaks_ends_in_the_error_event_of_its_dialect(self):
        self.up.always(answers.broken_stream(["one "], "finish"))
        seen = events(self.it.api, "/v1/messages", ASK["messages"])
        names = [name for name, _ in seen]
        self.assertIn("content_block_delta", names)
        self.assertNotIn("message_stop", names)
        error = [data for name, data in seen if name == "error"]
        self.assertEqual(error[0]["type"], "error")
        seen = events(self.it.api, "/v1/responses", ASK["responses"])
        names = [name for name, _ in seen]
        self.assertIn("response.output_text.delta", names)
        self.assertIn("response.failed", names)
        self.assertNotIn("response.completed", names)

    def test_errors_before_the_first_byte_keep_the_dialect_and_the_time_to_wait(self):
        self.up.always(answers.rate_limited(retry_after=7))
        answer = self.post("/v1/messages", {**ASK["messages"], "model": "limited"})
        self.assertEqual(answer.status, 429)
        self.assertEqual(answer.json()["error"]["type"], "rate_limit_error")
        self.assertTrue(answer.headers["retry-after"])
        self.assertEqual(answer.json()["request_id"], answer.headers["x-request-id"])
        wrong = client.request(self.it.api, "POST", "/v1/messages", b"{oops")
        self.assertEqual(wrong.json()["error"]["type"], "invalid_request_error")

    def test_a_provider_of_the_same_dialect_gets_every_byte(self):
        self.up.always(answers.json_body(MESSAGE))
        body = ('{"max_tokens": 9, "novelty" : {"x": [1.50, 1e3]},"model":"claude","messages":[{"role":"user",'
                '"content":"h\\u00e9"}]}')
        headers = {"anthropic-version": "2024-01-01", "anthropic-beta": "a,b", "x-api-key": "mine"}
        answer = client.request(self.it.api, "POST", "/v1/messages", body.encode(), headers)
        self.assertEqual(answer.json(), MESSAGE)
        call = self.up.last()
        self.assertEqual(call.path, "/v1/messages")
        self.assertEqual(call.body.decode(), body.replace('"claude"', '"claude-sonnet-4-5"'))
        self.assertEqual(call.headers["anthropic-version"], "2024-01-01")
        self.assertEqual(call.headers["anthropic-beta"], "a,b")
        self.assertNotEqual(call.headers.get("x-api-key"), "mine")

    def test_embeddings_and_completions_pass_through(self):
        vectors = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": "AACAPw=="}],
                   "model": "e", "usage": {"prompt_tokens": 2, "total_tokens": 2}}
        self.up.always(answers.json_body(vectors))
        asked = {"model": "smart", "input": [[1, 2]], "encoding_format": "base64"}
        self.assertEqual(self.post("/v1/embeddings", asked).json(), vectors)
        self.assertEqual(self.up.last().path, "/v1/embeddings")
        self.assertEqual(self.up.last().json(), {**asked, "model": "gpt-4o"})
        text = {"id": "c", "object": "text_completion", "choices": [{"index": 0, "text": "x", "finish_reason": "stop"}],
                "model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
        self.up.always(answers.json_body(text))
        self.assertEqual(self.post("/v1/completions", {"model": "smart", "prompt": "p"}).json(), text)
        self.assertEqual(self.post("/v1/embeddings", {"model": "claude", "input": "x"}).status, 400)

    def test_tokens_are_counted_by_anthropic_where_the_prompt_would_go_there(self):
        asked = {"model": "claude", "messages": ASK["messages"]["messages"]}
        self.up.always(answers.json_body({"input_tokens": 2095}))
        counted = self.post("/v1/messages/count_tokens", asked)
        self.assertEqual(counted.json(), {"input_tokens": 2095})
        self.assertNotIn("x-troupe-tokens", counted.headers)
        self.assertEqual(self.up.last().path, "/v1/messages/count_tokens")
        self.assertEqual(self.up.last().json(), {**asked, "model": "claude-sonnet-4-5"})
        direct = self.post("/v1/messages/count_tokens", {**asked, "model": "claude/claude-x"})
        self.assertEqual(direct.json(), {"input_tokens": 2095})
        self.up.always(answers.error(500, "boom"))
        guessed = self.post("/v1/messages/count_tokens", asked)
        self.assertGreater(guessed.json()["input_tokens"], 0)
        self.assertEqual(guessed.headers["x-troupe-tokens"], "estimated")
        self.up.always(answers.error(400, "messages: at least one message is required"))
        self.assertEqual(self.post("/v1/messages/count_tokens", asked).status, 400)

    def test_anthropic_clients_get_the_models_in_their_shape(self):
        listed = client.request(self.it.api, "GET", "/v1/models", headers={"anthropic-version": "2023-06-01"}).json()
        self.assertEqual(listed["has_more"], False)
        self.assertEqual({model["type"] for model in listed["data"]}, {"model"})
        self.assertEqual(client.request(self.it.api, "GET", "/v1/models").json()["object"], "list")

    def test_tokens_are_counted_without_a_call(self):
        before = self.up.count()
        answer = self.post("/v1/messages/count_tokens", {"model": "smart", "messages": ASK["messages"]["messages"]})
        self.assertGreater(answer.json()["input_tokens"], 0)
        self.assertIn(answer.headers["x-troupe-tokens"], ("exact", "estimated"))  # by the vocabulary's presence
        self.assertEqual(self.up.count(), before)


class Vendors(harness.TestCase):
    def call(self, kind, base="", **fields):
        """What a provider of this type is sent."""
        up = self.upstream()
        provider = {"type": kind, "base_url": up.url + base, "keys": [harness.key("only")], **fields}
        it = self.node(harness.config({"p": provider}, {"smart": {"targets": [{"use": "p/the-model"}]}}))
        self.assertText(it.chat(), "Hello there.")
        return up.last()

    def test_azure_is_known_by_its_key_header_and_its_paths(self):
        call = self.call("azure")
        self.assertEqual(call.path, "/openai/v1/chat/completions")
        self.assertTrue(call.headers["api-key"].endswith("only"))
        self.assertNotIn("authorization", call.headers)
        classic = self.call("azure", api_version="2024-10-21")
        self.assertEqual(classic.path, "/openai/deployments/the-model/chat/completions?api-version=2024-10-21")

    def test_others_are_called_where_their_base_url_says(self):
        for kind in ("mistral", "groq", "cerebras", "deepseek", "openrouter", "together", "xai", "vllm", "ollama"):
            with self.subTest(kind):
                call = self.call(kind, "/v1")
                self.assertEqual(call.path, "/v1/chat/completions")
                self.assertTrue(call.headers["authorization"].endswith("only"))

    def clouds(self, kind, reply, stream, headers):
        up = self.upstream()
        provider = {"type": kind, "base_url": up.url, "keys": [harness.key("only")]}
        it = self.node(harness.config({"p": provider}, {"smart": {"targets": [{"use": "p/a:b/c"}]}}))
        up.always(answers.json_body(reply))
        self.assertText(it.chat(), "Hi.")
        whole = up.last()
        up.always(answers.recorded(200, headers, stream, seed=3))
        with it.stream() as told:
            text = "".join(json.loads(data)["choices"][0]["delta"].get("content") or ""
                           for _, data in told if data != "[DONE]")
        self.assertEqual(text, "Hi.")
        return whole, up.last()

    def test_gemini_is_called_and_understood(self):
        reply = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hi."}]}, "finishReason": "STOP"}],
                 "usageMetadata": {"promptTokenCount": 2, "candidatesTokenCount": 1}, "modelVersion": "g"}
        stream = b"data: " + json.dumps(reply).encode() + b"\r\n\r\n"
        whole, streamed = self.clouds("gemini", reply, stream, {"content-type": "text/event-stream"})
        self.assertEqual(whole.path, "/models/a%3Ab%2Fc:generateContent")
        self.assertEqual(streamed.path, "/models/a%3Ab%2Fc:streamGenerateContent?alt=sse")
        self.assertTrue(whole.headers["x-goog-api-key"].endswith("only"))

    def test_cohere_is_called_and_understood(self):
        reply = {"id": "r", "message": {"role": "assistant", "content": [{"type": "text", "text": "Hi."}]},
                 "finish_reason": "COMPLETE", "usage": {"billed_units": {"input_tokens": 2, "output_tokens": 1},
                                                        "tokens": {"input_tokens": 500, "output_tokens": 4}}}
        events = [{"id": "r", "type": "message-start", "delta": {"message": {"role": "assistant"}}},
                  {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Hi."}}}},
                  {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": reply["usage"]}}]
        stream = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events) + b"data: [DONE]\n\n"
        whole, streamed = self.clouds("cohere", reply, stream, {"content-type": "text/event-stream"})
        self.assertEqual((whole.path, streamed.path), ("/v2/chat", "/v2/chat"))
        self.assertTrue(streamed.json()["stream"])
        self.assertTrue(whole.headers["authorization"].endswith("only"))

    def test_ollama_is_called_natively_and_understood(self):
        reply = {"model": "m", "created_at": "2025-06-09T18:55:26Z", "done": True, "done_reason": "stop",
                 "message": {"role": "assistant", "content": "Hi."}, "prompt_eval_count": 2, "eval_count": 1}
        lines = [{**reply, "done": False}, {**reply, "message": {"role": "assistant", "content": ""}}]
        stream = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        whole, streamed = self.clouds("ollama", reply, stream, {"content-type": "application/x-ndjson"})
        self.assertEqual((whole.path, streamed.path), ("/api/chat", "/api/chat"))
        self.assertFalse(whole.json()["stream"])
        self.assertTrue(streamed.json()["stream"])

    def test_embeddings_are_asked_for_in_each_providers_words(self):
        model = "amazon.titan-embed-text-v2"
        told = {"gemini": ({"embeddings": [{"values": [1, -0.5]}]}, f"/models/{model}:batchEmbedContents"),
                "cohere": ({"embeddings": {"float": [[1, -0.5]]}}, "/v2/embed"),
                "ollama": ({"embeddings": [[1, -0.5]]}, "/api/embed"),
                "bedrock": ({"embedding": [1, -0.5], "inputTextTokenCount": 3}, f"/model/{model}/invoke")}
        for kind, (reply, path) in told.items():
            with self.subTest(kind):
                up = self.upstream()
                up.always(answers.json_body(reply))
                provider = {"type": kind, "base_url": up.url, "keys": [harness.key("only")]}
                it = self.node(harness.config({"p": provider}, {"e": {"targets": [{"use": f"p/{model}"}]}}))
                self.assertEqual(embed(it, "a").json()["data"][0]["embedding"], [1, -0.5])
                self.assertEqual(up.last().path, path)
                packed = embed(it, ["some words to embed"], encoding_format="base64").json()
                self.assertEqual(packed["data"][0]["embedding"], "AACAPwAAAL8=")
                self.assertGreater(packed["usage"]["prompt_tokens"], 0)
                refused = embed(it, [[1, 2]])
                self.assertEqual(refused.status, 400)
                self.assertEqual(refused.json()["error"]["param"], "input")

    def test_bedrock_is_called_and_understood(self):
        reply = {"output": {"message": {"role": "assistant", "content": [{"text": "Hi."}]}}, "stopReason": "end_turn",
                 "usage": {"inputTokens": 2, "outputTokens": 1, "totalTokens": 3}}
        events = [("messageStart", {"role": "assistant"}),
                  ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hi."}}),
                  ("contentBlockStop", {"contentBlockIndex": 0}), ("messageStop", {"stopReason": "end_turn"}),
                  ("metadata", {"usage": {"inputTokens": 2, "outputTokens": 1, "totalTokens": 3}})]
        stream = b"".join(aws_frame(name, body) for name, body in events)
        whole, streamed = self.clouds("bedrock", reply, stream,
                                      {"content-type": "application/vnd.amazon.eventstream"})
        self.assertEqual(whole.path, "/model/a%3Ab%2Fc/converse")
        self.assertEqual(streamed.path, "/model/a%3Ab%2Fc/converse-stream")
        self.assertTrue(whole.headers["authorization"].startswith("Bearer "))


def aws_frame(event, body):
    """One frame of an AWS event stream."""
    def header(name, value):
        return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    headers = header(":message-type", "event") + header(":event-type", event) + header(":content-type", "application/json")
    payload = json.dumps(body).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    frame = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return frame + struct.pack(">I", zlib.crc32(frame))
