"""TLS on both legs, and the way out through a proxy."""
import socket
import ssl
import threading
import unittest

import answers
import client
import harness
from certificates import Authority
from proxy import Proxy

MODEL = {"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1}, "timeout": {"connect": "2s"}}}
BODY = {"model": "smart", "messages": [{"role": "user", "content": "hi"}]}


class Transport(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.addClassCleanup(cls.authority.close)
        cls.good = cls.authority.server("good", "DNS:localhost,IP:127.0.0.1")
        cls.wrong = cls.authority.server("wrong", "DNS:wrong.example")

    def start(self, tls=None, env=None, server=None, **fields):
        self.up = self.upstream(tls=tls)
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1", **fields)}, MODEL,
                                           server=server or {}), env=env)

    def proxy(self):
        proxy = Proxy()
        self.addCleanup(proxy.stop)
        return proxy

    def trusted(self):
        return {"ca_file": str(self.authority.ca)}

    def test_an_upstream_over_tls_is_called_and_its_connection_kept(self):
        self.start(self.good, server={"threads": 1}, **self.trusted())
        for _ in range(4):
            self.assertText(self.it.chat(), "Hello there.")
        with self.it.stream() as stream:
            self.assertEqual([data for _, data in stream][-1], "[DONE]")
        self.assertEqual(self.up.connections, 1)

    def test_an_upstream_with_a_wrong_name_is_refused(self):
        self.start(self.wrong, **self.trusted())
        answer = self.it.chat()
        self.assertError(answer, 502)
        self.assertFaults(answer, "provider_tls")
        self.assertEqual(self.up.count(), 0)

    def test_an_upstream_of_an_unknown_authority_is_refused(self):
        self.start(self.good)
        answer = self.it.chat()
        self.assertError(answer, 502)
        self.assertFaults(answer, "provider_tls")
        self.assertEqual(self.up.count(), 0)

    def test_an_upstream_that_speaks_no_tls_is_refused(self):
        for greeting in (b"220 hello there\r\n" * 20, b""):
            talker = socket.create_server(("127.0.0.1", 0))
            self.addCleanup(talker.close)
            threading.Thread(target=self.talk, args=(talker, greeting), daemon=True).start()
            base = f"https://localhost:{talker.getsockname()[1]}/v1"
            it = self.node(harness.config({"alpha": {"type": "openai", "base_url": base, "keys": [harness.key("a")]}},
                                          {"smart": {**MODEL["smart"], "timeout": {"connect": "500ms"}}}))
            answer = it.chat()
            self.assertIn(answer.status, (502, 504), answer)
            self.assertError(answer, answer.status)

    @staticmethod
    def talk(server, greeting):
        sock = server.accept()[0]
        sock.sendall(greeting)
        while sock.recv(1000):
            pass

    def test_the_api_port_speaks_tls(self):
        certificate, key = self.authority.make("api", "DNS:localhost,IP:127.0.0.1")
        self.start(server={"tls": {"cert": certificate, "key": key}})
        trust = client.trust(self.authority.ca)
        for _ in range(2):
            answer = client.request(self.it.api, "POST", "/v1/chat/completions", BODY, tls=trust)
            self.assertText(answer, "Hello there.")
        with client.Stream(self.it.api, "/v1/chat/completions", {**BODY, "stream": True}, tls=trust) as stream:
            self.assertEqual([data for _, data in stream][-1], "[DONE]")
        old = client.trust(self.authority.ca)
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, OSError)):
            client.request(self.it.api, "GET", "/livez", tls=old)
        with self.assertRaises((OSError, client.http.client.HTTPException)):
            self.assertNotEqual(client.request(self.it.api, "GET", "/livez").status, 200)
            raise OSError("refused in words")
        self.assertEqual(client.request(self.it.api, "GET", "/livez", tls=trust).status, 200)

    def test_large_bodies_pass_through_tls_on_both_legs(self):
        certificate, key = self.authority.make("large", "DNS:localhost,IP:127.0.0.1")
        self.start(self.good, server={"tls": {"cert": certificate, "key": key}}, **self.trusted())
        self.up.always(answers.ok(text="ü" * 1_000_000))
        body = {**BODY, "messages": [{"role": "user", "content": "x" * 3_000_000}]}
        answer = client.request(self.it.api, "POST", "/v1/chat/completions", body,
                                tls=client.trust(self.authority.ca))
        self.assertText(answer, "ü" * 1_000_000)
        self.assertEqual(len(self.up.last().json()["messages"][0]["content"]), 3_000_000)

    def test_a_configured_proxy_is_asked_to_connect(self):
        proxy = self.proxy()
        self.start(self.good, proxy=proxy.url, **self.trusted())
        self.assertText(self.it.chat(), "Hello there.")
        self.assertEqual(proxy.asked, [("CONNECT", f"localhost:{self.up.port}")])

    def test_a_proxys_user_and_password_are_sent_to_it_and_shown_to_nobody(self):
        proxy = self.proxy()
        url = proxy.url.replace("http://", "http://Aladdin:open%20sesame@")
        self.start(self.good, proxy=url, **self.trusted())
        self.assertText(self.it.chat(), "Hello there.")
        self.assertEqual(proxy.logins, ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="])
        self.assertNotIn("proxy-authorization", {name.lower() for name in self.up.last().headers})
        proxy.refuse = True
        self.up.down()
        seen = [repr(self.it.chat())] + [self.it.get(page).body.decode() for page in ("/config", "/providers", "/requests")]
        everything = "\n".join(seen + self.it.text)
        self.assertIn("***@127.0.0.1", everything)
        for secret in ("sesame", "QWxhZGRpb", "Aladdin"):
            self.assertNotIn(secret, everything)

    def test_a_proxy_that_refuses_is_a_connect_fault(self):
        proxy = self.proxy()
        proxy.refuse = True
        self.start(self.good, proxy=proxy.url, **self.trusted())
        answer = self.it.chat()
        self.assertError(answer, 502)
        self.assertFaults(answer, "provider_connect")

    def test_the_environments_proxy_is_used_but_not_for_hosts_in_no_proxy(self):
        proxy = self.proxy()
        self.start(self.good, env={"HTTPS_PROXY": proxy.url}, **self.trusted())
        self.assertText(self.it.chat(), "Hello there.")
        self.assertEqual(len(proxy.asked), 1)
        self.start(self.good, env={"HTTPS_PROXY": proxy.url, "NO_PROXY": "example.com,localhost"}, **self.trusted())
        self.assertText(self.it.chat(), "Hello there.")
        self.assertEqual(len(proxy.asked), 1)

    def test_a_host_with_two_addresses_is_reached_by_the_one_that_answers(self):
        self.up = self.upstream()
        base = f"http://localhost:{self.up.port}/v1"  # ::1 refuses
        it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1", base_url=base)}, MODEL))
        self.assertText(it.chat(), "Hello there.")


if __name__ == "__main__":
    unittest.main()
