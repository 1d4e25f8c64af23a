"""The scripted upstream itself: what the other tests lean on."""
import http.client
import unittest

import answers
import client
import harness
from upstream import Call

BODY = {"model": "m", "messages": []}


class ScriptedUpstream(harness.TestCase):
    def setUp(self):
        self.up = self.upstream(limits={"alpha-1": 2})
        self.address = f"127.0.0.1:{self.up.port}"

    def ask(self, key="alpha-2", **fields):
        headers = {"Authorization": f"Bearer {harness.SECRET}{key}"}
        return client.request(self.address, "POST", "/v1/chat/completions", {**BODY, **fields}, headers)

    def test_it_answers_what_was_asked_for(self):
        self.assertText(self.ask(), "Hello there.")
        streamed = self.ask(stream=True, stream_options={"include_usage": True})
        self.assertEqual(streamed.events()[-1][1], "[DONE]")
        self.assertEqual(streamed.chunks()[-1]["usage"], answers.USAGE)
        self.assertEqual([call.key for call in self.up.calls], ["alpha-2"] * 2)

    def test_it_enforces_limits_and_the_oracle_counts_what_arrived(self):
        self.assertEqual([self.ask("alpha-1").status for _ in range(3)], [200, 200, 429])
        self.assertEqual(self.up.worst("alpha-1"), 3)
        self.assertEqual([call.refused for call in self.up.calls], [False, False, True])

    def test_the_oracle_looks_at_every_rolling_minute(self):
        for at in (0, 50, 59, 61, 70, 109, 111, 500):
            call = Call("k", "POST", "/", {}, b"", 1)
            call.at = float(at)
            self.up.calls.append(call)
        self.assertEqual(self.up.worst("k"), 5)
        self.up.calls.clear()

    def test_a_script_goes_before_the_standing_answer(self):
        self.up.always(answers.ok("standing"), key="alpha-2")
        self.up.script(answers.server_error(), answers.overloaded())
        self.up.script(answers.unauthorized(), key="alpha-2")
        self.assertEqual([self.ask().status for _ in range(4)], [401, 500, 529, 200])

    def test_every_broken_transport_is_really_broken(self):
        for name in ("reset_before_head", "close_before_head", "garbage", "short_body"):
            self.up.script(getattr(answers, name)())
            with self.subTest(name), self.assertRaises((OSError, http.client.HTTPException)):
                self.ask()

    def test_a_stream_is_cut_by_fin_by_reset_and_by_its_last_chunk(self):
        for answer in (answers.broken_stream(["a"], "finish"), answers.broken_stream(["a"], "reset")):
            self.up.script(answer)
            with self.assertRaises((OSError, http.client.HTTPException)):
                self.ask(stream=True)
        self.up.script(answers.cleanly_cut(["a"]))
        self.assertEqual(len(self.ask(stream=True).events()), 2)

    def test_it_notices_who_hangs_up(self):
        self.up.script(answers.hang_before_head())
        with client.connect(self.address) as sock:
            sock.sendall(client.head("POST", "/v1/chat/completions", {}, 2) + b"{}")
            call = self.up.wait_calls(1)
        self.up.wait_gone(call)

    def test_it_dies_and_comes_back_on_its_port(self):
        self.up.down()
        with self.assertRaises(OSError):
            self.ask()
        self.up.up()
        self.assertEqual(self.ask().status, 200)

    def test_odd_chunks_are_legal(self):
        self.up.script(answers.odd_chunks(), answers.until_close())
        self.assertText(self.ask(), "Hello there.")
        self.assertText(self.ask(), "Hello there.")

    def test_metrics_are_read(self):
        page = '# HELP a b\na_total{x="1",y="q\\"z"} 3\na_total{x="2"} 4\nb 0.5\n'
        self.assertEqual(harness.parse_metrics(page), [("a_total", {("x", "1"), ("y", 'q\\"z')}, 3.0),
                                                       ("a_total", {("x", "2")}, 4.0), ("b", set(), 0.5)])


if __name__ == "__main__":
    unittest.main()
