"""Three nodes, one budget: it is never passed, its books agree with the bill, and a killed node's doubt is shown."""
import concurrent.futures
import contextlib
import hashlib
import pathlib
import sqlite3
import threading
import time
import unittest

import answers
import client
import harness
from cluster import PATIENCE, Cluster
from hook import Hook

KEY = "the-team-key"
USAGE = {"prompt_tokens": 1, "completion_tokens": 40, "total_tokens": 41}
PRICES = {"input_price": "100/Mtok", "output_price": "1000/Mtok"}
COST = 1 * 100_000_000 + 40 * 1_000_000_000  # pico-dollars of one call
MOST = 60_000_000_000                        # above the estimate of one: 50 tokens of output and the prompt
USD = 3
CAP = USD * 10**12


class Money(harness.TestCase):
    def configure(self):
        models = {"smart": {"targets": [{"use": "p/gpt-4o", **PRICES}], "retry": {"attempts": 1},
                            "timeout": {"connect": "2s", "first_token": "4s", "idle": "4s", "total": "4s"}}}
        digest = hashlib.sha256(KEY.encode()).hexdigest()
        tenants = {"team": {"keys": [{"name": "k", "hash": f"sha256:{digest}"}],
                            "budget": {"usd": USD, "period": "month"}}}
        return {"p": harness.provider(self.up, "a")}, models, {"tenants": tenants}

    def begin(self, after=0, configure=None):
        self.up = self.upstream()
        self.up.always(answers.ok(usage=USAGE, after=after))
        cluster = Cluster(configure or self.configure).start()
        self.addCleanup(cluster.stop)
        return cluster

    def chat(self, cluster, name, **fields):
        try:
            return cluster[name].chat(headers={"Authorization": f"Bearer {KEY}"}, max_tokens=50, **fields)
        except OSError:
            return None

    def billed(self):
        return self.up.count() * COST

    def books(self, cluster, name):
        """(settled, doubt, mark, rows' sum) of a node that does not run."""
        file = pathlib.Path(cluster.store(name)["path"]) / "ledger.db"
        with contextlib.closing(sqlite3.connect(file)) as ledger:
            block = ledger.execute("SELECT settled, doubt, mark FROM blocks").fetchone() or (0, 0, 0)
            return (*block, ledger.execute("SELECT coalesce(sum(cost), 0) FROM expenses").fetchone()[0])

    def spend_all(self, cluster, names, most=200):
        """Calls at all of these in turn, until each says that the budget is used up."""
        last = {}
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for _ in range(most):
                for name, answer in zip(names, pool.map(lambda name: self.chat(cluster, name), names)):
                    last[name] = answer
                if all(answer is not None and answer.status == 429 for answer in last.values()):
                    return last
        self.fail(f"the budget has no end: {last}")

    def budget(self, cluster, name):
        return cluster[name].get("/budgets").json()["budgets"][0]

    def end(self, cluster):
        for name in cluster.names:
            cluster[name].signal(15)
        for name in cluster.names:
            cluster[name].wait_exit()

    def test_each_users_budget_is_one_on_all_nodes_and_its_alert_is_told_once_although_the_allocator_is_killed(self):
        hook = Hook()
        self.addCleanup(hook.stop)

        def configure():
            providers, models, sections = self.configure()
            del sections["tenants"]["team"]["budget"]
            sections["budgets"] = [{"name": "each", "user": "*", "usd": 0.5, "period": "month", "alert_at": [0.5],
                                    "webhook": hook.url}]
            return providers, models, sections

        cluster = self.begin(configure=configure)
        office = client.eventually(lambda: cluster["node-1"].get("/cluster").json().get("allocator"), PATIENCE)
        served = {"bob": 0, "eve": 0}
        for turn in range(36):
            name = cluster.names[turn % 3]
            if turn == 21:
                cluster.kill(office)
            for user in served:
                answer = self.chat(cluster, name, user=user)
                served[user] += answer is not None and answer.status == 200
        for user, count in served.items():
            self.assertGreaterEqual(count, 9, served)
            self.assertLessEqual(count * COST, 0.5e12, served)
        told = client.eventually(lambda: len({headers["x-troupe-alert-id"] for headers, _ in hook.told}) >= 2 and hook.told,
                                 PATIENCE)
        ids = [headers["x-troupe-alert-id"] for headers, _ in told]
        self.assertEqual(len(set(ids)), 2, "one for each user")
        print(f"\nmoney: two users on three nodes: {served} calls, alerts {len(ids)}")

    def test_all_nodes_spend_one_budget_to_the_end_and_the_books_are_the_bill(self):
        cluster = self.begin()
        last = self.spend_all(cluster, cluster.names)
        self.assertLessEqual(self.billed(), CAP)
        self.assertGreater(self.billed(), CAP - 3 * MOST)  # each node may keep a fragment
        for answer in last.values():
            error = answer.json()["error"]
            self.assertEqual(error["code"], "budget_exhausted")
            self.assertIn("'team'", error["message"])
            self.assertIn("renews on", error["message"])
        spent = client.eventually(lambda: self.budget(cluster, "node-2")["spent"] == dollars(self.billed()), 10,
                                  "every node's spending is known at one")
        self.assertTrue(spent)
        self.end(cluster)
        books = [self.books(cluster, name) for name in cluster.names]
        print(f"\nmoney: {self.up.count()} calls of {COST / 1e12} USD, budget {USD} USD; books {books}")
        self.assertEqual(sum(book[3] for book in books), self.billed())
        for settled, doubt, mark, rows in books:
            self.assertEqual((settled, doubt, mark), (rows, 0, rows))

    def test_the_last_of_a_budget_is_spent_within_seconds_although_calls_reserve_far_more_than_they_cost(self):
        """Twelve clients who go on asking: money that others hold or have reserved comes to them."""
        cluster = self.begin()
        self.up.always(answers.ok(usage={**USAGE, "completion_tokens": 4}))
        cost, late, over = 1 * 100_000_000 + 4 * 1_000_000_000, [], threading.Event()

        def ask(name):
            while not over.is_set():
                answer = self.chat(cluster, name)
                self.assertIn(answer.status, (200, 429), answer)
                if answer.status == 429:
                    over.wait(0.05)

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            asking = [pool.submit(ask, cluster.names[i % 3]) for i in range(12)]
            try:
                client.eventually(lambda: self.up.count() * cost > 0.95 * CAP, 90, "nearly all")
                late.append(time.monotonic())
                client.eventually(lambda: self.up.count() * cost > CAP - MOST, 30, "all but less than a call's estimate")
                late.append(time.monotonic())
            finally:
                over.set()
            for one in asking:
                one.result()
        print(f"\nmoney: the last twentieth took {late[1] - late[0]:.1f} s")
        self.assertLessEqual(self.up.count() * cost, CAP)

    def test_a_killed_node_forgets_nothing_and_its_doubt_is_what_is_unexplained(self):
        cluster = self.begin(after=0.05)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            early = [pool.submit(self.chat, cluster, cluster.names[i % 3]) for i in range(24)]
            client.eventually(lambda: self.up.count() >= 12, 20, "half of the calls")
            cluster.kill("node-2")
            for one in early:
                one.result()
        cluster.restart("node-2")
        self.spend_all(cluster, cluster.names)
        self.assertLessEqual(self.billed(), CAP)
        self.end(cluster)
        books = [self.books(cluster, name) for name in cluster.names]
        settled, doubt = (sum(book[at] for book in books) for at in (0, 1))
        print(f"\nmoney: killed: {self.up.count()} calls, billed {self.billed() / 1e12} USD, books {settled / 1e12}, "
              f"in doubt {doubt / 1e12}")
        self.assertLessEqual(settled, self.billed())
        self.assertLessEqual(self.billed(), settled + doubt)
        self.assertLessEqual(settled + doubt, CAP)
        self.assertEqual([book[1] for book in books][::2], [0, 0])


def dollars(picos):
    """As format_dollars() has it."""
    whole, rest = divmod(picos, 10**12)
    text = f"{rest:012d}".rstrip("0")
    return f"{whole}.{text.ljust(6, '0')}"


if __name__ == "__main__":
    unittest.main()
