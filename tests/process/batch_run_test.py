"""`troupe batch run`: the lines of a file through a node, gone on with after a kill."""
import hashlib
import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

import answers
import batches
import client
import harness


class BatchRun(harness.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="troupe-test-run-")
        self.addCleanup(self.folder.cleanup)
        self.file, self.out = (pathlib.Path(self.folder.name) / name for name in ("in.jsonl", "out.jsonl"))
        self.up = self.upstream()
        self.serving = self.node(harness.config({"p": harness.provider(self.up, "a")}))

    def command(self, *arguments):
        return [harness.binary(), "--api", f"http://{self.serving.api}", "batch", "run", str(self.file), "--out",
                str(self.out), *arguments]

    def run_batch(self, *arguments):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=60, env=harness.clean_env())
        return done.returncode, done.stdout, done.stderr

    def begin(self, *arguments):
        process = subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=harness.clean_env())
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        return process

    def names(self):
        return [json.loads(line)["custom_id"] for line in self.out.read_text().splitlines()]

    def test_the_answers_stand_in_the_files_order(self):
        self.file.write_text(batches.lines(50))
        code, out, err = self.run_batch("--json")
        self.assertEqual(code, 0, err)
        told = json.loads(out)
        self.assertEqual((told["lines"], told["completed"], told["failed"]), (50, 50, 0))
        self.assertGreater(told["input_tokens"] + told["output_tokens"], 0)
        self.assertEqual(self.names(), [f"r{i}" for i in range(50)])
        self.assertEqual(set(batches.names_called(self.up).values()), {1})

    def test_lines_that_failed_make_it_partly_done(self):
        self.file.write_text(batches.lines(2) + batches.line("no", model="no-such-model"))
        code, out, _ = self.run_batch()
        self.assertEqual(code, 6)
        self.assertIn("2 completed, 1 failed", out)

    def test_mistakes_of_the_file_are_told_before_anything_is_sent(self):
        self.file.write_text(batches.lines(1) + "nonsense\n")
        code, _, err = self.run_batch()
        self.assertEqual(code, 1)
        self.assertIn("in.jsonl:2:", err)
        self.assertEqual(self.up.count(), 0)

    def test_after_a_kill_it_goes_on_without_repeating_a_finished_line(self):
        self.up.always(answers.ok(after=0.05))
        self.file.write_text(batches.lines(100))
        process = self.begin("--concurrency", "4")
        partial = pathlib.Path(f"{self.out}.partial")
        client.eventually(lambda: partial.exists() and len(partial.read_text().splitlines()) >= 20, what="20 lines")
        process.kill()
        process.wait()
        finished = {line.split(" ")[0] for line in partial.read_text().splitlines()}
        code, _, err = self.run_batch()
        self.assertEqual(code, 1)
        self.assertIn("--resume", err)
        code, out, err = self.run_batch("--resume", "--concurrency", "4")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.names(), [f"r{i}" for i in range(100)])
        called = batches.names_called(self.up)
        self.assertEqual({called[f"r{number}"] for number in finished}, {1})
        self.assertLessEqual(sum(called.values()), 104)
        self.assertFalse(partial.exists())

    def test_an_interrupt_finishes_what_is_under_way_and_says_how_to_go_on(self):
        self.up.always(answers.ok(after=0.3))
        self.file.write_text(batches.lines(60))
        process = self.begin("--concurrency", "4")
        self.up.wait_calls(6)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("--resume", err)
        code, _, err = self.run_batch("--resume")
        self.assertEqual(code, 0, err)
        self.assertEqual(set(batches.names_called(self.up).values()), {1})

    def test_no_room_is_waited_for(self):
        self.up.script(*[answers.rate_limited(retry_after_ms=200) for _ in range(12)])
        self.file.write_text(batches.lines(10))
        code, out, err = self.run_batch()
        self.assertEqual(code, 0, out + err)

    def test_quiet_is_quiet(self):
        self.file.write_text(batches.lines(10))
        code, out, err = self.run_batch("-q")
        self.assertEqual((code, out, err), (0, "", ""))

    def test_a_node_that_is_not_there_is_said_and_nothing_is_lost(self):
        self.file.write_text(batches.lines(3))
        address, self.serving.api = self.serving.api, "127.0.0.1:1"
        code, _, err = self.run_batch()
        self.assertEqual(code, 4, err)
        self.assertIn("--resume", err)
        self.serving.api = address
        self.assertEqual(self.run_batch("--resume")[0], 0)

    def test_a_key_that_is_refused_ends_it_and_another_goes_on(self):
        digest = "sha256:" + hashlib.sha256(b"right").hexdigest()
        self.serving = self.node(harness.config({"p": harness.provider(self.up, "a")},
                                                tenants={"team": {"keys": [{"name": "k", "hash": digest}]}}))
        self.file.write_text(batches.lines(5))
        code, _, err = self.run_batch("--key", "wrong")
        self.assertEqual(code, 5, err)
        self.assertEqual(self.run_batch("--key", "right", "--resume")[0], 0)
        self.assertEqual(self.names(), [f"r{i}" for i in range(5)])


if __name__ == "__main__":
    unittest.main()
