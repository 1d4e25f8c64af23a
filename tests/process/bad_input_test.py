"""Bad input: each ends in a clear 4xx in OpenAI's shape, and the node goes on."""
import contextlib
import json
import re
import select
import unittest

import client
import harness

CHAT = "/v1/chat/completions"
GOOD = b'{"model":"smart","messages":[{"role":"user","content":"hi"}]}'

BODIES = {
    "nothing": (b"", None),
    "no JSON": (b"hello", None),
    "half of a JSON object": (b'{"model": "smart", "messages": [', None),
    "two objects": (GOOD + GOOD, None),
    "an array": (b"[1, 2]", None),
    "a string": (b'"model"', None),
    "null": (b"null", None),
    "invalid UTF-8": (b'{"model":"smart","messages":[{"role":"user","content":"\xff\xfe"}]}', None),
    "an unescaped control character": (b'{"model":"smart","messages":[{"role":"user","content":"a\x01b"}]}', None),
    "a lone comma": (b'{"model":"smart",,"messages":[]}', None),
    "no model": (b'{"messages":[{"role":"user","content":"hi"}]}', "model"),
    "a number as model": (b'{"model":7,"messages":[{"role":"user","content":"hi"}]}', "model"),
    "no messages": (b'{"model":"smart"}', "messages"),
    "a string as messages": (b'{"model":"smart","messages":"hi"}', "messages"),
    "a string among the messages": (b'{"model":"smart","messages":["hi"]}', "messages[0]"),
    "a string as stream": (b'{"model":"smart","stream":"yes","messages":[{"role":"user","content":"hi"}]}', "stream"),
    "nesting without end": (b'{"model":"smart","messages":' + b"[" * 100000 + b"]" * 100000 + b"}", None),
    "a number as max_tokens text": (b'{"model":"smart","max_tokens":"many","messages":[{"role":"user",'
                                    b'"content":"hi"}]}', "max_tokens"),
}


def post(headers, body=b""):
    return client.head("POST", CHAT, headers) + body


class BadInput(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.up = harness.Upstream().start()
        cls.addClassCleanup(cls.up.stop)
        limits = {"body": "1MiB", "header": "64KiB", "header_timeout": "700ms", "body_timeout": "700ms"}
        cls.it = harness.Node(harness.config({"alpha": harness.provider(cls.up, "alpha-1")},
                                             server={"limits": limits}))
        cls.addClassCleanup(cls.it.stop)

    def tearDown(self):
        self.assertEqual(self.it.chat().status, 200, "the node goes on")

    def test_a_body_that_is_wrong_is_a_400_that_names_the_field(self):
        for name, (body, param) in BODIES.items():
            with self.subTest(name):
                before = self.up.count()
                answer = client.request(self.it.api, "POST", CHAT, body)
                error = self.assertError(answer, 400, type="invalid_request_error")
                if param:
                    self.assertTrue((error["param"] or "").startswith(param.split("[")[0]), error)
                self.assertEqual(self.up.count(), before)

    def test_an_unknown_model_is_a_404(self):
        error = self.assertError(self.it.chat(model="nobody"), 404, code="model_not_found")
        self.assertIn("nobody", error["message"])
        self.assertError(self.it.chat(model="nobody/gpt-4o"), 404)

    def test_wrong_paths_and_methods_are_404_and_405(self):
        for path in ("/", "/v1", "/v1/nope", "/v1/chat/completions/x", "/V1/CHAT/COMPLETIONS"):
            self.assertError(client.request(self.it.api, "GET", path), 404)
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            answer = client.request(self.it.api, method, CHAT)
            self.assertError(answer, 405)
            self.assertIn("POST", answer.headers["allow"])
        self.assertError(client.request(self.it.api, "POST", "/v1/models", {}), 405)

    def test_a_query_on_the_path_does_no_harm(self):
        self.assertEqual(client.request(self.it.api, "POST", CHAT + "?api-version=1", GOOD).status, 200)

    def test_a_huge_body_is_refused_by_its_length_alone(self):
        answer = client.raw(self.it.api, post({"Content-Length": 100 << 20}, b"x" * 1000))
        self.assertError(answer, 413)

    def test_a_huge_chunked_body_is_refused_before_it_is_read(self):
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        before = self.it.rss()
        with client.connect(self.it.api) as sock:
            sock.sendall(post({"Transfer-Encoding": "chunked"}))
            sent = 0
            while sent < 1600 and not select.select([sock], [], [], 0)[0]:
                sock.sendall(piece)
                sent += 1
            self.assertLess(sent, 800, "the answer did not wait for 100 MB")
            self.assertError(client.receive(sock), 413)
        self.assertLess(self.it.rss() - before, 30 << 20)

    def test_a_body_just_within_the_limit_is_served(self):
        self.assertEqual(self.it.chat(text="x" * ((1 << 20) - 500)).status, 200)
        self.assertError(self.it.chat(text="x" * (1 << 20)), 413)

    def test_ten_thousand_headers_are_a_431(self):
        headers = {f"x-h-{number}": "1" for number in range(10000)}
        self.assertError(client.raw(self.it.api, post({**headers, "Content-Length": 0})), 431)

    def test_one_huge_header_is_a_431(self):
        self.assertError(client.raw(self.it.api, post({"x-big": "a" * (1 << 20)})[:200_000]), 431)

    def test_slow_headers_are_a_408(self):
        with client.connect(self.it.api) as sock:
            sock.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            answer = client.receive(sock)
        self.assertError(answer, 408)

    def test_headers_that_drip_are_a_408_all_the_same(self):
        with client.connect(self.it.api) as sock:
            sock.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            for _ in range(100):
                if select.select([sock], [], [], 0.05)[0]:
                    break
                sock.sendall(b"a")
            else:
                self.fail("still waiting after 5 s")
            self.assertError(client.receive(sock), 408)

    def test_a_body_that_stops_coming_is_a_408(self):
        self.assertError(client.raw(self.it.api, post({"Content-Length": 500}, GOOD)), 408)

    def test_a_body_cut_short_is_a_400_or_ends_in_silence(self):
        with contextlib.suppress(ConnectionError, client.http.client.HTTPException):
            answer = client.raw(self.it.api, post({"Content-Length": 500}, GOOD), finish=True)
            self.assertError(answer, 400)

    def test_what_is_no_http_is_a_400(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"HELLO\r\n\r\n", b"GET\r\n\r\n",
                     b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
                     b"GET /livez HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n"):
            with self.subTest(data):
                answer = client.raw(self.it.api, data)
                self.assertIn(answer.status, (400, 505), answer)
                self.assertError(answer, answer.status)

    def test_two_lengths_that_disagree_are_a_400(self):
        for headers in ("Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked",
                        "Content-Length: -1", "Content-Length: 5x", "Content-Length: 99999999999999999999",
                        "Transfer-Encoding: gzip"):
            with self.subTest(headers):
                data = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n".encode() + b"0\r\n\r\n"
                answer = client.raw(self.it.api, data)
                self.assertIn(answer.status, (400, 411, 413, 501), answer)
                self.assertError(answer, answer.status)

    def test_broken_chunks_are_a_400(self):
        for body in (b"zz\r\nhello\r\n0\r\n\r\n", b"5\r\nhelloX\r\n0\r\n\r\n", b"ffffffffffffffffff\r\nx\r\n"):
            with self.subTest(body):
                answer = client.raw(self.it.api, post({"Transfer-Encoding": "chunked"}, body))
                self.assertIn(answer.status, (400, 413))
                self.assertError(answer, answer.status)

    def test_a_chunked_request_is_served(self):
        pieces = [GOOD[:1], GOOD[1:20], GOOD[20:]]
        body = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nX-T: 1\r\n\r\n"
        answer = client.raw(self.it.api, post({"Transfer-Encoding": "chunked"}, body))
        self.assertText(answer, "Hello there.")

    def test_a_request_that_comes_byte_by_byte_is_served(self):
        data = post({"Content-Length": len(GOOD)}, GOOD)
        with client.connect(self.it.api) as sock:
            for index in range(len(data)):
                sock.sendall(data[index:index + 1])
            self.assertText(client.receive(sock), "Hello there.")

    def test_pipelined_requests_are_answered_in_order(self):
        ids = [f"pipelined-{number}" for number in range(6)]
        data = b"".join(post({"Content-Length": len(GOOD), "x-request-id": one}, GOOD) for one in ids)
        with client.connect(self.it.api) as sock:
            sock.sendall(data)
            reader = sock.makefile("rb")
            seen = [self.read_one(reader) for _ in ids]
        self.assertEqual(seen, ids)

    def read_one(self, reader):
        """The request id of the next whole answer on a connection with several."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = reader.readline()
            self.assertTrue(line, "the connection ended early")
            head += line
        text = head.decode().lower()
        self.assertIn(" 200 ", text.splitlines()[0])
        length = re.search(r"content-length: (\d+)", text)
        json.loads(reader.read(int(length[1])) if length else self.read_chunks(reader))
        return re.search(r"x-request-id: (\S+)", text)[1]

    @staticmethod
    def read_chunks(reader):
        body = b""
        while size := int(reader.readline(), 16):
            body += reader.read(size)
            reader.readline()
        reader.readline()
        return body

    def test_who_expects_100_continue_gets_it(self):
        with client.connect(self.it.api) as sock:
            sock.sendall(post({"Content-Length": len(GOOD), "Expect": "100-continue"}))
            interim = sock.recv(1000)
            self.assertTrue(interim.startswith(b"HTTP/1.1 100 "), interim)
            sock.sendall(GOOD)
            self.assertText(client.receive(sock), "Hello there.")

    def test_who_expects_100_continue_with_too_much_gets_413_instead(self):
        answer = client.raw(self.it.api, post({"Content-Length": 100 << 20, "Expect": "100-continue"}))
        self.assertError(answer, 413)

    def test_http_1_0_is_answered_and_closed(self):
        data = f"POST {CHAT} HTTP/1.0\r\nContent-Length: {len(GOOD)}\r\n\r\n".encode() + GOOD
        with client.connect(self.it.api) as sock:
            sock.sendall(data)
            answer = client.receive(sock)
            self.assertText(answer, "Hello there.")
            self.assertEqual(sock.recv(1), b"")

    def test_http_1_0_gets_a_stream_without_chunks(self):
        body = GOOD.replace(b'"model"', b'"stream":true,"model"')
        data = f"POST {CHAT} HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        answer = client.raw(self.it.api, data)
        self.assertNotIn("transfer-encoding", answer.headers)
        self.assertEqual(answer.events()[-1][1], "[DONE]")

    def test_connection_close_is_obeyed(self):
        with client.connect(self.it.api) as sock:
            sock.sendall(post({"Content-Length": len(GOOD), "Connection": "close"}, GOOD))
            self.assertText(client.receive(sock), "Hello there.")
            self.assertEqual(sock.recv(1), b"")


if __name__ == "__main__":
    unittest.main()
