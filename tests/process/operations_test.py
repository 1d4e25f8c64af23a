"""What an operator does with a running node: reload, drain, look, count."""
import json
import re
import signal
import unittest

import answers
import client
import harness
from serving_test import first_text, text_of


class Reloading(harness.TestCase):
    def setUp(self):
        self.up = self.upstream()
        self.it = self.node(self.configuration("gpt-4o"))

    def configuration(self, model, **sections):
        return harness.config({"alpha": harness.provider(self.up, "alpha-1")},
                              {"smart": {"targets": [{"use": f"alpha/{model}"}]}}, **sections)

    def served_by(self):
        return self.it.chat().headers.get("x-troupe-model")

    def test_sighup_swaps_the_configuration(self):
        self.assertEqual(self.served_by(), "gpt-4o")
        revision = self.it.metric("troupe_config_revision")
        self.it.write(self.configuration("gpt-4o-mini"))
        self.it.signal(signal.SIGHUP)
        client.eventually(lambda: self.served_by() == "gpt-4o-mini", what="the new model")
        self.assertGreater(self.it.metric("troupe_config_revision"), revision)
        self.assertEqual(self.it.metric("troupe_config_last_reload_successful"), 1)

    def test_a_post_swaps_the_configuration(self):
        for model in ("gpt-4o-mini", "gpt-4.1", "gpt-4o"):
            self.it.write(self.configuration(model))
            self.assertEqual(self.it.post("/config/reload").status, 200)
            client.eventually(lambda: self.served_by() == model, seconds=1, what=model)

    def test_a_bad_configuration_changes_nothing_and_says_where(self):
        self.it.write('version: 1\nproviders:\n  alpha:\n    type: openai\n    base_ur: "http://127.0.0.1:1/v1"\n')
        answer = self.it.post("/config/reload")
        self.assertTrue(400 <= answer.status < 500, answer)
        text = answer.body.decode()
        self.assertIn("base_url", text, "the nearest name")
        self.assertTrue(re.search(r"\b5:5\b", text) or re.search(r'"line":\s*5\b', text), text)
        self.assertEqual(self.served_by(), "gpt-4o")
        self.assertEqual(self.it.metric("troupe_config_last_reload_successful"), 0)

    def test_sighup_with_a_bad_configuration_changes_nothing(self):
        self.it.write("version: 1\nnonsense: [\n")
        self.it.signal(signal.SIGHUP)
        client.eventually(lambda: self.it.metric("troupe_config_last_reload_successful") == 0, what="refused")
        self.assertEqual(self.served_by(), "gpt-4o")

    def test_a_stream_in_flight_survives_a_reload_of_everything(self):
        self.up.always(answers.ok(text="a b c d e f g h", gap=0.1))
        with self.it.stream() as stream:
            self.assertEqual(first_text(stream), "a ")
            other = self.upstream()
            self.it.write(harness.config({"beta": harness.provider(other, "beta-1")}))
            self.assertEqual(self.it.post("/config/reload").status, 200)
            client.eventually(lambda: self.it.chat().headers.get("x-troupe-provider") == "beta", seconds=1)
            events = [data for _, data in stream]
        self.assertEqual(text_of(events), "b c d e f g h")
        self.assertEqual(events[-1], "[DONE]")

    def test_reloads_under_load_lose_nothing(self):
        for turn in range(10):
            self.up.always(answers.ok(text="a b c d", gap=0.02))
            streams = [self.it.stream() for _ in range(4)]
            self.it.write(self.configuration(("gpt-4o", "gpt-4o-mini")[turn % 2]))
            self.assertEqual(self.it.post("/config/reload").status, 200)
            for stream in streams:
                with stream:
                    self.assertEqual([data for _, data in stream][-1], "[DONE]")


class Draining(harness.TestCase):
    def setUp(self):
        self.up = self.upstream(default=answers.ok(text="a b c d e f g h i j", gap=0.1))
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, "alpha-1")},
                                           server={"drain_timeout": "10s"}))

    def ready(self):
        return client.request(self.it.admin, "GET", "/readyz").status

    def test_sigterm_lets_a_running_stream_finish(self):
        with self.it.stream() as stream:
            first_text(stream)
            self.it.signal(signal.SIGTERM)
            client.eventually(lambda: self.ready() == 503, seconds=0.8, what="not ready while draining")
            events = [data for _, data in stream]
        self.assertEqual(events[-1], "[DONE]")
        self.assertEqual(self.it.wait_exit(5), 0)

    def test_sigterm_on_an_idle_node_ends_it_at_once(self):
        self.assertEqual(self.it.chat().status, 200)
        with client.connect(self.it.api):  # a kept-alive connection holds nothing up
            self.it.signal(signal.SIGTERM)
            self.assertEqual(self.it.wait_exit(2 if not harness.SANITIZER else 10), 0)

    def test_draining_ends_when_its_time_is_over(self):
        self.it.write(harness.config({"alpha": harness.provider(self.up, "alpha-1")},
                                     server={"drain_timeout": "500ms"}))
        self.assertEqual(self.it.post("/config/reload").status, 200)
        self.up.always(answers.broken_stream(["one"], "hang"))
        with self.it.stream() as stream:
            first_text(stream)
            self.it.signal(signal.SIGTERM)
            self.assertEqual(self.it.wait_exit(5), 0)
            self.assertNotIn("[DONE]", [data for _, data in stream])

    def test_an_operator_drains_and_undrains(self):
        self.assertEqual(self.ready(), 200)
        self.assertEqual(self.it.post("/drain").status, 200)
        client.eventually(lambda: self.ready() == 503, what="drained")
        self.assertEqual(client.request(self.it.api, "GET", "/readyz").status, 503)
        self.assertEqual(client.request(self.it.admin, "GET", "/livez").status, 200)
        self.assertEqual(self.it.post("/undrain").status, 200)
        client.eventually(lambda: self.ready() == 200, what="undrained")


class Starting(harness.TestCase):
    @unittest.skipIf(harness.SANITIZER, "skipped: a sanitizer's start says nothing")
    def test_a_start_is_no_work_for_the_processor(self):
        it = self.node(harness.config({"mock": {"type": "mock"}}, {}))
        self.assertLess(it.cpu_seconds(), 0.5)

    def check(self, text):
        with harness.tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            return harness.run("check-config", file.name, env=harness.clean_env())

    def test_check_config_ends_in_0_for_a_good_file(self):
        good = json.dumps(harness.config({"mock": {"type": "mock"}}, {"smart": {"targets": [{"use": "mock/m"}]}}))
        code, out, err = self.check(good)
        self.assertEqual(code, 0, out + err)

    def test_check_config_ends_in_3_and_shows_every_problem(self):
        code, out, err = self.check("""version: 1
providers:
  alpha:
    type: opnai
    keys:
      - { name: a, secret: "${TROUPE_TEST_UNSET_VARIABLE}" }
models:
  smart: { strategy: headrom, targets: [ { use: nobody/gpt-4o } ] }
breaker: { cooldown: 30 }
breakers: {}
""")
        self.assertEqual(code, 3, out + err)
        text = out + err
        for word in ("4:11", "6:", "8:", "9:", "10:1", "openai", "TROUPE_TEST_UNSET_VARIABLE", "headroom", "nobody",
                     "breaker"):
            self.assertIn(word, text)

    def test_serve_refuses_a_bad_file_with_3_and_a_missing_one(self):
        with harness.tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("version: 1\nprovider: {}\n")
            file.flush()
            code, out, err = harness.run("serve", "--config", file.name, env=harness.clean_env())
        self.assertEqual(code, 3, out + err)
        self.assertIn("providers", out + err)
        code, out, err = harness.run("serve", "--config", "/nonexistent/troupe.yaml")
        self.assertIn(code, (2, 3), out + err)
        self.assertIn("/nonexistent/troupe.yaml", out + err)

    def test_wrong_usage_ends_in_2_and_version_in_0(self):
        self.assertEqual(harness.run("serve", "--no-such-flag")[0], 2)
        self.assertEqual(harness.run("no-such-verb")[0], 2)
        code, out, _ = harness.run("version")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"\d+\.\d+\.\d+")

    def test_a_port_that_is_taken_ends_in_1_and_says_which(self):
        up = self.upstream()
        code, out, err = self.serve_on(f"127.0.0.1:{up.port}")
        self.assertEqual(code, 1, out + err)
        self.assertIn(str(up.port), out + err)

    def serve_on(self, address):
        text = json.dumps(harness.config({"mock": {"type": "mock"}}, {}, server={"listen": address}))
        with harness.tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            return harness.run("serve", "--config", file.name, env=harness.clean_env())

    def test_the_command_line_speaks_to_the_node(self):
        up = self.upstream()
        it = self.node(harness.config({"alpha": harness.provider(up, "alpha-1")}))
        code, out, err = harness.run("actors", "--admin", f"http://{it.admin}")
        self.assertEqual(code, 0, out + err)
        self.assertIn("alpha/alpha-1", out)
        self.assertEqual(harness.run("actors", "--admin", "http://127.0.0.1:1")[0], 4)


class Looking(harness.TestCase):
    """Costs by the catalogue (the provider's name is the vendor's): gpt-4o is $2.50 / $1.25 cached / $10 per million tokens."""
    COST = 7 * 2.5e-6 + 4 * 1.25e-6 + 7 * 10e-6

    def setUp(self):
        self.up = self.upstream()
        self.it = self.node(harness.config(
            {"openai": harness.provider(self.up, harness.key("alpha-1", limits={"rpm": 100}))},
            {"smart": {"targets": [{"use": "openai/gpt-4o"}]}, "odd": {"targets": [{"use": "openai/never-heard-of"}]},
             "own": {"targets": [{"use": "openai/ours", "input_price": "1/Mtok", "output_price": "2/Mtok"}]}}))

    def logged(self, request_id):
        """The access log event of a request."""
        def found():
            return next((event for event in list(self.it.log) if event.get("id") == request_id), None)
        return client.eventually(found, what=f"access log of {request_id}")

    def check_usage(self, event):
        self.assertEqual((event["tokens_in"], event["tokens_out"], event["tokens_cached"], event["tokens_reasoning"]),
                         (11, 7, 4, 2))
        self.assertAlmostEqual(float(event["cost_usd"]), self.COST, places=9)

    def test_usage_and_cost_of_a_whole_answer_are_right(self):
        answer = self.it.chat()
        self.assertAlmostEqual(float(answer.headers["x-troupe-cost-usd"]), self.COST, places=9)
        self.check_usage(self.logged(answer.headers["x-request-id"]))

    def test_usage_and_cost_of_a_stream_are_right(self):
        with self.it.stream() as stream:
            list(stream)
        self.check_usage(self.logged(stream.headers["x-request-id"]))

    def test_an_unknown_price_is_said_to_be_unknown(self):
        answer = self.it.chat(model="odd")
        self.assertIn(answer.headers.get("x-troupe-cost-usd"), (None, "unknown"))
        event = self.logged(answer.headers["x-request-id"])
        self.assertEqual((event.get("cost_usd"), event.get("cost")), (None, "unknown"))

    def test_a_stream_without_usage_is_estimated_and_says_so(self):
        self.up.always(answers.raw(
            answers.head(200, {"Content-Type": "text/event-stream", "Connection": "close"})
            + answers.sse(answers.delta({"model": "gpt-4o"}, {"role": "assistant", "content": "word " * 50}))
            + answers.sse(answers.delta({"model": "gpt-4o"}, {}, finish="stop")) + answers.sse(b"[DONE]")))
        with self.it.stream() as stream:
            self.assertEqual([data for _, data in stream][-1], "[DONE]")
        event = self.logged(stream.headers["x-request-id"])
        self.assertTrue(event["tokens_estimated"])
        self.assertTrue(25 <= event["tokens_out"] <= 120, event)

    def test_the_metrics_agree_with_what_happened(self):
        for _ in range(3):
            self.it.chat()
        with self.it.stream() as stream:
            list(stream)
        self.it.chat(model="nobody")
        self.up.script(answers.bad_request())
        self.it.chat()
        wanted = {"200": 4, "404": 1, "400": 1}
        client.eventually(lambda: self.it.metric("troupe_requests_total") == 6, what="6 requests counted")
        for code, number in wanted.items():
            self.assertEqual(self.it.metric("troupe_requests_total", code=code), number, code)
        it = self.it
        self.assertEqual(it.metric("troupe_upstream_attempts_total", provider="openai", key="alpha-1"), 5)
        self.assertEqual(it.metric("gen_ai_client_token_usage_sum", gen_ai_token_type="input"), 44)
        self.assertEqual(it.metric("gen_ai_client_token_usage_sum", gen_ai_token_type="output"), 28)
        self.assertAlmostEqual(it.metric("troupe_cost_usd_total", provider="openai"), 4 * self.COST, places=9)
        self.assertEqual(it.metric("gen_ai_server_time_to_first_token_seconds_count"), 4)
        self.assertEqual(it.metric("troupe_inflight"), 0)
        self.assertAlmostEqual(it.metric("troupe_key_window_used_ratio", key="alpha-1", window="rpm"), 0.05)
        self.assertEqual(it.metric("troupe_build_info"), 1)
        names = {name for name, _, _ in it.metrics()}
        for name in ("gen_ai_client_operation_duration_seconds_count", "gen_ai_server_request_duration_seconds_count",
                     "troupe_overhead_seconds_count", "troupe_breaker_state", "troupe_streams_active",
                     "troupe_config_revision", "troupe_config_last_reload_successful"):
            self.assertIn(name, names)
        self.assertNotIn("nobody", str(it.metrics()), "a caller's word is no label")

    def test_a_request_can_be_looked_up_afterwards(self):
        self.up.script(answers.server_error())
        answer = self.it.chat()
        record = self.it.request_record(answer.headers["x-request-id"])
        self.assertEqual(record["status"], answer.status)
        self.assertGreaterEqual(len(record["attempts"]), 1)
        self.assertEqual(record["attempts"][0]["fault"], "provider_server_error")
        self.assertEqual(self.it.get("/requests/req_nobody").status, 404)

    def test_the_key_actor_tells_its_state(self):
        self.it.chat()
        client.eventually(lambda: self.it.key("openai/alpha-1")["in_flight"] == 0)
        detail = self.it.key("openai/alpha-1")
        window = next(one for one in detail["windows"] if one["name"] == "rpm")
        self.assertEqual((window["limit"], window["used"]), (100, 1))
        self.assertEqual(detail["breaker"]["state"], "closed")
        kinds = {actor["type"] for actor in self.it.actors()}
        self.assertLessEqual({"key", "router"}, kinds)

    def test_a_dry_run_explains_the_route_and_spends_nothing(self):
        answer = self.it.post("/routes/explain", {"model": "smart"})
        self.assertEqual(answer.status, 200, answer)
        candidates = answer.json()["candidates"]
        self.assertEqual([(one["provider"], one["key"]) for one in candidates], [("openai", "alpha-1")])
        self.assertEqual(self.up.count(), 0)

    def test_the_operators_pages_all_answer(self):
        for path in ("/", "/livez", "/readyz", "/version", "/metrics", "/actors", "/providers", "/keys", "/models",
                     "/limits", "/costs", "/requests", "/config", "/openapi.json", "/schema/config.json"):
            self.assertEqual(self.it.get(path).status, 200, path)
        self.assertEqual(self.it.get("/nope").status, 404)
        self.assertEqual(self.it.get("/config/reload").status, 405, "every change is a POST")


if __name__ == "__main__":
    unittest.main()
