"""What happens to a stream after its first byte, and to one whose reader is slow or gone."""
import json
import socket
import unittest

import answers
import client
import harness
from serving_test import first_text, text_of

MODEL = {"targets": [{"use": "alpha/gpt-4o"}], "timeout": {"first_token": "2s", "idle": "500ms", "total": "30s"},
         "retry": {"attempts": 3, "budget": "100%"}}
PATIENT = {**MODEL, "timeout": {"first_token": "20s", "idle": "20s", "total": "2m"}}  # where the machine may be the slow one
MEGABYTE = 1 << 20

BROKEN = {
    "closed": (answers.broken_stream(["Hel", "lo"], "finish"), "provider_stream_cut"),
    "reset": (answers.broken_stream(["Hel", "lo"], "reset"), "provider_stream_cut"),
    "ended cleanly without its last event": (answers.cleanly_cut(["Hel", "lo"]), "provider_stream_cut"),
    "stalled": (answers.broken_stream(["Hel", "lo"], "hang"), "provider_timeout_idle"),
    "garbled": (answers.malformed(["Hel", "lo"]), "provider_stream_malformed"),
    "ended by an error event": (answers.error_event(["Hel", "lo"]), "provider_stream_error"),
    "broken in its chunks": (answers.bad_chunk_after("Hello"), None),
}


class Streams(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1", "alpha-2")},
                                           {"smart": MODEL, "patient": PATIENT},
                                           breaker={"failures": 1000, "min_requests": 100000}))

    def assertAllIdle(self):
        self.assertIdle(self.it, "alpha/alpha-1")
        self.assertIdle(self.it, "alpha/alpha-2")

    def check_broken(self, answer, fault):
        self.up.script(answer)
        before = self.up.count()
        with self.it.stream() as stream:
            self.assertEqual(stream.status, 200)
            request_id = stream.headers["x-request-id"]
            events = [data for _, data in stream]
        self.assertNotIn("[DONE]", events)
        self.assertEqual(text_of(events), "Hello")
        errors = [json.loads(data)["error"] for data in events if json.loads(data).get("error")]
        self.assertEqual(len(errors), 1, events)
        self.assertIn('"error"', events[-1])
        self.assertTrue(errors[0]["message"] and errors[0]["type"])
        self.assertEqual(self.up.count(), before + 1, "no second call after the first byte")
        if fault:
            wanted = self.expect(fault)
            client.eventually(  # counted once the stream has ended
                lambda: self.it.metric("troupe_upstream_attempts_total", fault=fault) == wanted, what=f"{wanted} {fault}")
            self.assertEqual(self.it.request_record(request_id)["fault"], fault)
        self.assertAllIdle()

    def expect(self, fault):
        self.seen = getattr(self, "seen", {})
        self.seen[fault] = self.seen.get(fault, 0) + 1
        return self.seen[fault]

    def test_a_broken_stream_ends_in_one_error_and_not_in_done_when_it_is(self):
        for name, (answer, fault) in BROKEN.items():
            with self.subTest(name):
                self.check_broken(answer, fault)

    def test_a_client_that_goes_away_cancels_the_call(self):
        self.up.always(answers.broken_stream(["one"], "hang"))
        with self.it.stream() as stream:
            first_text(stream)
            call = self.up.last()
        self.up.wait_gone(call, seconds=2)
        self.assertAllIdle()

    def test_a_client_that_goes_away_before_the_head_cancels_the_call(self):
        self.up.always(answers.hang_before_head())
        payload = b'{"model":"smart","messages":[{"role":"user","content":"hi"}]}'
        with client.connect(self.it.api) as sock:
            sock.sendall(client.head("POST", "/v1/chat/completions", {}, len(payload)) + payload)
            call = self.up.wait_calls(1)
        self.up.wait_gone(call, seconds=1.5)
        self.assertAllIdle()

    def test_a_gone_client_is_not_the_keys_fault(self):
        self.up.always(answers.broken_stream(["one"], "hang"))
        for _ in range(3):
            with self.it.stream() as stream:
                first_text(stream)
        self.assertAllIdle()
        faults = [labels for name, labels, value in self.it.metrics()
                  if name == "troupe_upstream_attempts_total" and value > 0]
        self.assertFalse([labels for labels in faults if "provider_" in str(labels)])

    def test_a_client_that_reads_nothing_stops_the_upstream_read(self):
        self.up.always(answers.flood(50 * MEGABYTE))
        before = self.it.rss()
        stream = SlowStream(self.it.api)
        self.addCleanup(stream.sock.close)
        call = self.up.wait_calls(1)
        sent = self.settled(lambda: call.sent)
        self.assertLess(sent, 24 * MEGABYTE, "the upstream was read although nobody reads")
        self.assertGrown(before, 24 * MEGABYTE)
        tail, total = stream.drain()
        self.assertGreater(total, 50 * MEGABYTE * 0.99)
        self.assertIn(b"[DONE]", tail)
        self.assertGrown(before, 32 * MEGABYTE)
        self.assertAllIdle()

    def assertGrown(self, before, limit):
        """No more than `limit` bytes; a sanitizer keeps what was freed, and is not asked."""
        if not harness.SANITIZER:
            self.assertLess(self.it.rss() - before, limit)

    def settled(self, value):
        """`value()` once it has not changed for ten looks."""
        seen = []

        def still():
            seen.append(value())
            return len(seen) > 10 and seen[-1] > 0 and len(set(seen[-10:])) == 1
        client.eventually(still, what="the upstream's progress stops")
        return seen[-1]

    def test_many_streams_at_once_all_end_well(self):
        self.up.always(answers.ok(text="a b c d e f g h", gap=0.01))
        streams = [self.it.stream() for _ in range(64)]
        for stream in streams:
            with stream:
                events = [data for _, data in stream]
            self.assertEqual((text_of(events), events[-1]), ("a b c d e f g h", "[DONE]"))
        self.assertAllIdle()
        client.eventually(lambda: self.it.metric("troupe_streams_active") == 0, what="troupe_streams_active 0")

    def test_nothing_is_left_after_a_day_of_trouble(self):
        for answer, _ in BROKEN.values():
            self.up.script(answer)
            with self.it.stream() as stream:
                list(stream)
        self.assertAllIdle()
        client.eventually(lambda: self.it.metric("troupe_inflight") == 0, what="troupe_inflight 0")


class SlowStream:
    """A streamed request whose answer nobody reads until drain()."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.sock.settimeout(30)
        self.sock.connect((host, int(port)))
        payload = b'{"model":"patient","stream":true,"messages":[{"role":"user","content":"hi"}]}'
        self.sock.sendall(client.head("POST", "/v1/chat/completions", {"Connection": "close"}, len(payload)) + payload)

    def drain(self):
        """(the last bytes, how many there were)"""
        tail, total = b"", 0
        while data := self.sock.recv(1 << 18):
            total += len(data)
            tail = (tail + data)[-400:]
        return tail, total


if __name__ == "__main__":
    unittest.main()
