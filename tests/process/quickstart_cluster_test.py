"""deploy/quickstart --cluster as a person runs it: three nodes behind HAProxy share one limit, and it says so."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

import harness

sys.path.insert(0, str(harness.ROOT / "deploy/cluster"))
from files import find_haproxy  # noqa: E402

SECONDS, RPM = 20, 120


class QuickstartCluster(unittest.TestCase):
    def quickstart(self, *options):
        """(exit code, everything it printed), on free ports and in a folder of its own."""
        with tempfile.TemporaryDirectory(prefix="troupe-test-") as folder:
            command = [str(harness.ROOT / "deploy/quickstart"), *options, "--binary", harness.binary(), "--dir", folder]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=180,
                                  env=harness.clean_env({"TROUPE_LISTEN": "127.0.0.1:0"}))
            return done.returncode, done.stdout

    @unittest.skipUnless(find_haproxy(), "skipped: no HAProxy")
    def test_the_provider_never_sees_more_than_the_limit_that_three_nodes_share(self):
        code, said = self.quickstart("--cluster", "--seconds", str(SECONDS), "--rpm", str(RPM), "--rate", "15")
        self.assertEqual(code, 0, said)
        last = said.split("at the end:")[-1]
        worst = int(re.search(r"worst rolling minute (\d+)", last)[1])
        self.assertLessEqual(worst, RPM, said)
        self.assertGreaterEqual(worst, 0.9 * RPM, said)
        for node in ("node-1", "node-2", "node-3"):
            row = re.search(rf"(?m)^{node} +(\d+) +(\w+) +(\d+)", last)
            self.assertEqual(row[2], "ready", said)
            self.assertGreater(int(row[3]), 0, said)
            self.assertFalse(os.path.exists(f"/proc/{row[1]}"), f"{node} was left behind")
        self.assertIn(" 0 failed", last)

    def test_options_of_the_cluster_without_the_cluster_are_a_wrong_command_line(self):
        code, said = self.quickstart("--seconds", "5")
        self.assertEqual(code, 2, said)
        self.assertIn("goes with --cluster", said)


if __name__ == "__main__":
    unittest.main()
