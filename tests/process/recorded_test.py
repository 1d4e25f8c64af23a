"""Every recorded chat answer of real providers reaches the client complete, through the real server."""
import concurrent.futures
import json
import re
import unittest

import answers
import client
import harness
import recordings


class Recorded(harness.TestCase):
    """One provider, key and alias per recording, so that nobody's 401 or 429 touches another."""

    @classmethod
    def setUpClass(cls):
        harness.binary()
        cls.all = recordings.load()
        cls.up = harness.Upstream().start()
        cls.addClassCleanup(cls.up.stop)
        for seed, one in enumerate(cls.all):
            cls.up.always(answers.recorded(one.status, one.headers, one.body, seed), key=one.name)
        providers = {one.name: harness.provider(cls.up, one.name, type=one.kind) for one in cls.all}
        models = {one.name: {"targets": [{"use": f"{one.name}/recorded"}], "retry": {"attempts": 1},
                             "queue": {"max_wait": "0s"}} for one in cls.all}
        cls.it = harness.Node(harness.config(providers, models, server={"limits": {"body": "64MiB"}}))
        cls.addClassCleanup(cls.it.stop)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            cls.answers = dict(zip([one.name for one in cls.all], pool.map(cls.ask, cls.all)))

    @classmethod
    def ask(cls, one):
        try:
            return client.request(cls.it.api, "POST", "/v1/chat/completions", one.request(), may_be_cut=True)
        except (OSError, client.http.client.HTTPException) as error:
            return error

    def each(self, wanted, check):
        """`check(recording, answer)` for every recording that `wanted` takes, each in a subtest."""
        chosen = [one for one in self.all if wanted(one)]
        self.assertGreater(len(chosen), 0)
        for one in chosen:
            with self.subTest(one.place):
                answer = self.answers[one.name]
                self.assertIsInstance(answer, client.Answer, answer)
                check(one, answer)

    def test_whole_answers_are_equal_to_the_last_byte_of_meaning(self):
        def check(one, answer):
            self.assertEqual(answer.status, 200, answer)
            want, got = one.whole(), answer.json()
            self.assertEqual(recordings.see_whole(got), recordings.see_whole(want))
            self.assertEqual(got["usage"], want["usage"])
            self.assertEqual([name for name in want if got.get(name) != want[name]], [])
        self.each(lambda r: r.status == 200 and r.kind == "openai" and not r.streamed, check)

    def test_streams_give_every_text_tool_call_reasoning_and_finish(self):
        def check(one, answer):
            self.assertEqual(answer.status, 200, answer)
            want, got = one.frames(), answer.chunks()
            self.assertEqual(recordings.see_stream(got), recordings.see_stream(want))
            failed = [frame["error"] for frame in want if frame.get("error")]
            self.assertEqual([frame["error"]["message"] for frame in got if frame.get("error")],
                             [error["message"] for error in failed])
            self.assertEqual((answer.events()[-1][1] == "[DONE]", answer.cut), (not failed, bool(failed)))
            self.check_stream_usage(one, got)
        self.each(lambda r: r.status == 200 and r.kind == "openai" and r.streamed, check)

    def check_stream_usage(self, one, chunks):
        want = recordings.usage_of(one)
        if want:
            told = [chunk["usage"] for chunk in chunks if chunk.get("usage")]
            told = told or [chunk["x_groq"]["usage"] for chunk in chunks if (chunk.get("x_groq") or {}).get("usage")]
            self.assertTrue(told, "the client asked for usage")
            self.assertEqual(recordings.openai_usage(told[-1])[:2], want[:2])

    def test_anthropic_answers_are_complete_in_openais_words(self):
        def check(one, answer):
            self.assertEqual(answer.status, 200, answer)
            seen = (recordings.see_stream(answer.chunks()) if one.streamed else recordings.see_whole(answer.json()))[0]
            text, thinking, calls, finish = recordings.see_anthropic(one)
            self.assertEqual(seen["content"], text)
            self.assertEqual(seen["reasoning_content"] or seen["reasoning"], thinking)
            self.assertEqual([(call[0], call[1], json.loads(call[2])) for call in seen["tool_calls"]], calls)
            self.assertEqual(seen["finish"], finish or seen["finish"])
            if one.streamed:
                self.assertEqual(answer.events()[-1][1], "[DONE]")
                self.check_stream_usage(one, answer.chunks())
            else:
                self.assertEqual(recordings.openai_usage(answer.json()["usage"])[:3], recordings.usage_of(one)[:3])
        self.each(lambda r: r.status == 200 and r.kind == "anthropic", check)

    def test_anthropic_gets_a_request_that_it_would_accept(self):
        calls = {call.key: call for call in self.up.calls}

        def check(one, _):
            call = calls[one.name]
            self.assertEqual(call.path, "/v1/messages")
            self.assertIn("anthropic-version", call.headers)
            self.assertEqual(call.headers["x-api-key"], harness.SECRET + one.name)
            body = call.json()
            self.assertEqual(body["max_tokens"], one.asked["max_tokens"])
            roles = [message["role"] for message in body["messages"]]
            self.assertEqual(roles[0], "user")
            self.assertTrue(all(a != b for a, b in zip(roles, roles[1:])), roles)
            self.assertEqual(recordings.plain(body.get("system")), recordings.plain(one.asked.get("system")))
            self.assertEqual([tool["name"] for tool in body.get("tools", [])],
                             [tool["name"] for tool in one.asked.get("tools", []) if "input_schema" in tool])
        self.each(lambda r: r.kind == "anthropic" and r.status != 400, check)

    def test_errors_keep_status_and_message(self):
        def check(one, answer):
            said = one.whole()["error"]
            words = said if isinstance(said, str) else said["message"]
            error = self.assertError(answer, one.status)
            if one.status == 401:
                words = re.split(r"provided|api key", words)[0]  # what looks like a key is starred out
            if one.asked.get("messages"):
                self.assertIn(words, error["message"])
        self.each(lambda r: r.status >= 400, check)

    def test_usage_is_what_the_recording_says(self):
        by_id = {event.get("id"): event for event in self.it.log if event.get("event") == "request"}

        def check(one, answer):
            want = recordings.usage_of(one)
            if not want:
                return
            event = by_id[answer.headers["x-request-id"]]
            got = (event["tokens_in"], event["tokens_out"], event.get("tokens_cached", 0),
                   event.get("tokens_reasoning", 0))
            self.assertEqual(got, want, event)
        self.each(lambda r: r.status == 200, check)


if __name__ == "__main__":
    unittest.main()
