"""Files and batches of one node: what OpenAI's API does, tenants apart, a kill in the middle."""
import hashlib
import pathlib
import signal
import socket
import tempfile
import unittest

import answers
import batches
import client
import harness


def key_hash(key):
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


class Batch(harness.TestCase):
    def setUp(self):
        self.store = tempfile.TemporaryDirectory(prefix="troupe-test-store-")
        self.addCleanup(self.store.cleanup)
        self.up = self.upstream()

    def begin(self, limits=None, node=True, **sections):
        """A node with a store that outlives it."""
        key = harness.key("a", **({"limits": limits} if limits else {}))
        configuration = harness.config({"p": harness.provider(self.up, key)}, store={"path": self.store.name},
                                       **sections)
        return self.node(configuration) if node else configuration

    def test_a_batch_is_uploaded_run_and_read(self):
        node = self.begin()
        api = batches.Api(node.api)
        text = batches.lines(40)
        file = api.ask("GET", f"/v1/files/{api.upload(text)}")
        self.assertEqual((file["object"], file["purpose"], file["bytes"], file["filename"]),
                         ("file", "batch", len(text), "in.jsonl"))
        made = api.ask("POST", "/v1/batches", {"input_file_id": file["id"], "endpoint": "/v1/chat/completions",
                                               "completion_window": "24h", "metadata": {"a": "b"}})
        self.assertEqual((made["object"], made["metadata"], made["input_file_id"]), ("batch", {"a": "b"}, file["id"]))
        done = api.wait(made["id"])
        self.assertEqual(done["status"], "completed")
        self.assertEqual(done["request_counts"], {"total": 40, "completed": 40, "failed": 0})
        output = api.content(done["output_file_id"])
        self.assertEqual([one["custom_id"] for one in output], [f"r{i}" for i in range(40)])
        first = output[0]
        self.assertEqual(first["response"]["status_code"], 200)
        self.assertEqual(first["response"]["body"]["object"], "chat.completion")
        self.assertTrue(first["response"]["request_id"])
        self.assertIsNone(first["error"])
        self.assertTrue(all(count == 1 for count in batches.names_called(self.up).values()))
        self.assertEqual([one["id"] for one in api.ask("GET", "/v1/batches")["data"]], [made["id"]])
        self.assertEqual(node.metric("troupe_batch_lines_total", result="completed"), 40)
        self.assertEqual(node.metric("troupe_batches_active"), 0)
        row = node.get("/batches").json()["batches"][0]
        self.assertEqual((row["id"], row["status"]), (made["id"], "completed"))

    def test_mistakes_of_an_input_are_told_with_their_lines(self):
        api = batches.Api(self.begin().api)
        name = api.begin(batches.line("a") + "no json\n" + batches.line("a") + batches.line("b", url="/v1/embeddings"))
        failed = api.wait(name)
        self.assertEqual(failed["status"], "failed")
        self.assertEqual([(one["line"], one["code"]) for one in failed["errors"]["data"]],
                         [(2, "invalid_json_line"), (3, "duplicate_custom_id"), (4, "mismatched_endpoint")])
        self.assertEqual(self.up.count(), 0)

    def test_lines_that_the_provider_refuses_are_in_the_file_of_errors(self):
        api = batches.Api(self.begin().api)
        self.up.script(answers.bad_request())
        name = api.begin(batches.lines(1) + batches.line("unknown", model="no-such-model"))
        done = api.wait(name)
        self.assertEqual((done["status"], done["output_file_id"]), ("completed", None))
        errors = api.content(done["error_file_id"])
        self.assertEqual([one["response"]["status_code"] for one in errors], [400, 404])
        self.assertIn("message", errors[1]["response"]["body"]["error"])

    def test_requests_that_make_no_sense_are_refused_with_words(self):
        api = batches.Api(self.begin().api)
        file = api.upload(batches.lines(1))
        good = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
        for change, param in (({"input_file_id": None}, "input_file_id"), ({"endpoint": "/v1/files"}, "endpoint"),
                              ({"completion_window": "soon"}, "completion_window"), ({"metadata": 7}, "metadata")):
            self.assertError(api.request("POST", "/v1/batches", {**good, **change}), 400, param=param)
        self.assertError(api.request("POST", "/v1/batches", {**good, "input_file_id": "file-none"}), 400)
        self.assertError(api.request("GET", "/v1/files/file-none"), 404)
        self.assertError(api.request("GET", "/v1/batches/../../etc"), 404)
        self.assertError(api.request("POST", f"/v1/files/{file}"), 405)
        self.assertError(api.request("DELETE", "/v1/batches"), 405)
        self.assertError(api.send("x", purpose="fine-tune"), 400, param="purpose")
        self.assertError(api.request("POST", "/v1/files", {"a": 1}), 400)
        self.assertEqual(api.ask("DELETE", f"/v1/files/{file}"), {"id": file, "object": "file", "deleted": True})
        self.assertError(api.request("GET", f"/v1/files/{file}"), 404)

    def test_without_a_store_it_says_what_is_missing(self):
        node = self.node(harness.config({"p": harness.provider(self.up, "a")}))
        error = self.assertError(client.request(node.api, "GET", "/v1/batches"), 404, code="no_store")
        self.assertIn("store.path", error["message"])
        self.assertError(batches.Api(node.api).send("x"), 404, code="no_store")

    def test_a_large_upload_is_streamed_and_its_limit_holds(self):
        node = self.begin(batches={"max_file": "40MiB"}, server={"limits": {"body": "1MiB"}})
        api = batches.Api(node.api)
        before = node.rss()
        text = b"x" * (39 << 20)
        file = api.upload(text)
        self.assertLess(node.rss() - before, 20 << 20)
        answer = api.request("GET", f"/v1/files/{file}/content")
        self.assertEqual((answer.status, answer.body == text), (200, True))
        self.assertError(api.send(b"x" * (41 << 20)), 413, code="file_too_large")
        self.assertEqual(list((pathlib.Path(self.store.name) / "batches" / "incoming").iterdir()), [])

    def test_an_upload_that_is_cut_off_leaves_nothing(self):
        node = self.begin()
        with client.connect(node.api) as sock:
            sock.sendall(client.head("POST", "/v1/files", {"Content-Type": "multipart/form-data; boundary=b"}, 1000))
            sock.sendall(b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhalf')
            incoming = pathlib.Path(self.store.name) / "batches" / "incoming"
            client.eventually(lambda: list(incoming.iterdir()), what="an upload")
            sock.shutdown(socket.SHUT_RDWR)
        client.eventually(lambda: not list(incoming.iterdir()), what="nothing left")

    def test_a_tenant_sees_only_its_own(self):
        tenants = {name: {"keys": [{"name": "k", "hash": key_hash(name)}]} for name in ("one", "two")}
        node = self.begin(tenants=tenants)
        one, two = batches.Api(node.api, "one"), batches.Api(node.api, "two")
        name = one.begin(batches.lines(3))
        done = one.wait(name)
        self.assertEqual(done["request_counts"]["completed"], 3)
        self.assertEqual(node.request_record(one.content(done["output_file_id"])[0]["response"]["request_id"])["tenant"],
                         "one")
        for path in (f"/v1/batches/{name}", f"/v1/files/{done['output_file_id']}",
                     f"/v1/files/{done['output_file_id']}/content", f"/v1/files/{done['input_file_id']}"):
            self.assertError(two.request("GET", path), 404)
        self.assertError(two.request("POST", f"/v1/batches/{name}/cancel"), 404)
        self.assertError(two.request("DELETE", f"/v1/files/{done['input_file_id']}"), 404)
        self.assertEqual(two.ask("GET", "/v1/batches")["data"], [])
        self.assertEqual(two.ask("GET", "/v1/files")["data"], [])
        self.assertEqual(batches.Api(node.api).send("x").status, 401)

    def test_a_cancelled_batch_stops_and_keeps_what_is_finished(self):
        self.up.always(answers.ok(after=0.2))
        api = batches.Api(self.begin(batches={"concurrency": 2}).api)
        name = api.begin(batches.lines(200))
        api.wait_counts(name, 4)
        self.assertIn(api.ask("POST", f"/v1/batches/{name}/cancel")["status"], ("cancelling", "cancelled"))
        done = api.wait(name)
        self.assertEqual(done["status"], "cancelled")
        output = api.content(done["output_file_id"])
        self.assertEqual(len(output), done["request_counts"]["completed"])
        self.assertLess(len(output), 100)
        self.assertEqual(self.up.count(), len(output))
        self.assertError(api.request("POST", f"/v1/batches/{name}/cancel"), 409)

    def test_limits_only_slow_a_batch_down(self):
        self.up.always(answers.ok(after=0.05))
        api = batches.Api(self.begin(limits={"concurrency": 2}).api)
        done = api.wait(api.begin(batches.lines(30)))
        self.assertEqual(done["request_counts"], {"total": 30, "completed": 30, "failed": 0})
        self.assertLessEqual(self.up.most_at_once("a"), 2)

    def test_a_batch_leaves_the_reserve_of_each_key_alone(self):
        self.up.always(answers.ok(after=0.1))
        node = self.begin(limits={"concurrency": 4}, batches={"reserve": "50%"})
        api = batches.Api(node.api)
        name = api.begin(batches.lines(40))
        api.wait_counts(name, 5)
        self.assertLessEqual(self.up.most_at_once("a"), 2)
        for _ in range(5):
            self.assertEqual(node.chat(headers={"x-troupe-class": "interactive"}).status, 200)
        self.assertEqual(api.wait(name)["request_counts"], {"total": 40, "completed": 40, "failed": 0})

    def test_lines_without_money_are_refused_as_the_budget_says(self):
        usage = {"prompt_tokens": 1, "completion_tokens": 40, "total_tokens": 41}
        self.up.always(answers.ok(usage=usage))
        models = {"smart": {"targets": [{"use": "p/gpt-4o", "input_price": "100/Mtok", "output_price": "1000/Mtok"}]}}
        tenants = {"poor": {"keys": [{"name": "k", "hash": key_hash("poor")}], "budget": {"usd": 0.5, "period": "month"}}}
        api = batches.Api(self.begin(models=models, tenants=tenants).api, "poor")
        done = api.wait(api.begin(batches.lines(30, max_tokens=50), window="10s"))
        output, errors = api.content(done["output_file_id"]), api.content(done["error_file_id"])
        self.assertEqual(len(output) + len(errors), 30)
        self.assertTrue(0 < len(output) <= 12, len(output))
        codes = {one["response"]["body"]["error"]["code"] for one in errors if one["response"]}
        self.assertIn("budget_exhausted", codes)

    def test_what_is_unfinished_when_the_window_ends_is_expired(self):
        self.up.always(answers.ok(after=1.2))
        api = batches.Api(self.begin(batches={"concurrency": 1}).api)
        done = api.wait(api.begin(batches.lines(20), window="2s"))
        self.assertEqual(done["status"], "expired")
        errors = api.content(done["error_file_id"])
        self.assertEqual(errors[-1]["error"]["code"], "batch_expired")
        self.assertEqual(len(errors) + len(api.content(done["output_file_id"])), 20)

    def test_after_a_kill_no_finished_line_is_asked_for_again(self):
        self.up.always(answers.ok(after=0.05))
        configuration = self.begin(node=False, batches={"concurrency": 4})
        first = harness.Node(configuration)
        try:
            api = batches.Api(first.api)
            name = api.begin(batches.lines(120))
            api.wait_counts(name, 30)
            finished = api.batch(name)["request_counts"]["completed"]
        finally:
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            first.reader.join(5)
            first.process.stderr.close()
            first.folder.cleanup()
        self.assertLess(finished, 120)
        api = batches.Api(self.node(configuration).api)
        done = api.wait(name)
        self.assertEqual(done["request_counts"], {"total": 120, "completed": 120, "failed": 0})
        output = api.content(done["output_file_id"])
        self.assertEqual([one["custom_id"] for one in output], [f"r{i}" for i in range(120)])
        called = batches.names_called(self.up)
        twice = [line for line, count in called.items() if count > 1]
        self.assertEqual(set(called), {f"r{i}" for i in range(120)})
        self.assertLessEqual(max(called.values()), 2)
        self.assertLessEqual(len(twice), 4, "only what was under way at the kill may be made again")

    def test_a_node_that_is_told_to_end_finishes_the_lines_under_way_and_goes_on_later(self):
        self.up.always(answers.ok(after=0.3))
        configuration = self.begin(node=False, batches={"concurrency": 3})
        first = harness.Node(configuration)
        api = batches.Api(first.api)
        name = api.begin(batches.lines(12))
        api.wait_counts(name, 3)
        first.stop()
        api = batches.Api(self.node(configuration).api)
        done = api.wait(name)
        self.assertEqual(done["request_counts"]["completed"], 12)
        self.assertEqual(set(batches.names_called(self.up).values()), {1})


if __name__ == "__main__":
    unittest.main()
