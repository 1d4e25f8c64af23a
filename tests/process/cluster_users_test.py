"""Three nodes, one limit for each end user of a tenant: a user has it once, whichever nodes he comes to."""
import collections
import concurrent.futures
import hashlib
import time
import unittest

import answers
import client
import harness
from cluster import Cluster

PER_USER = {"minute": {"rpm": 12}, "atonce": {"concurrency": 2}, "tokens": {"tpm": 1000}, "day": {"rpd": 9}}
USAGE = {"prompt_tokens": 60, "completion_tokens": 40, "total_tokens": 100}


def secret_of(tenant):
    return {"Authorization": f"Bearer tr-{tenant}"}


class ClusterUsers(harness.TestCase):
    def configure(self):
        """A provider of its own for each tenant, so that the upstream can tell them apart."""
        models = {name: {"targets": [{"use": f"{name}/gpt-4o"}], "retry": {"attempts": 1},
                         "timeout": {"connect": "2s", "first_token": "5s", "idle": "5s", "total": "5s"}}
                  for name in PER_USER}
        tenants = {name: {"keys": [{"name": name, "hash": "sha256:" + hashlib.sha256(f"tr-{name}".encode()).hexdigest()}],
                          "limits": {"per_user": limits}} for name, limits in PER_USER.items()}
        return {name: harness.provider(self.up, name) for name in PER_USER}, models, {"tenants": tenants}

    def setUp(self):
        self.up = self.upstream()
        self.up.always(answers.ok(usage=USAGE))
        self.cluster = Cluster(self.configure).start()
        self.addCleanup(self.cluster.stop)
        self.wait_homes(*self.cluster.names)

    def homes(self, name, tenant):
        for row in self.cluster[name].actors():
            if (row["type"], row["name"]) == ("tenant", tenant):
                return self.cluster[name].get(f"/actors/{row['id']}").json()["detail"]["user_homes"]
        raise AssertionError(f"no tenant {tenant} on {name}")

    def wait_homes(self, *names):
        """Until these nodes agree where users have their homes."""
        def agreed():
            return all(self.homes(name, tenant)["nodes"] == sorted(names) for name in names for tenant in PER_USER)
        client.eventually(agreed, 20, "one ring")

    def ask(self, name, tenant, user, **fields):
        return self.cluster[name].chat(tenant, secret_of(tenant), user=user, max_tokens=40, **fields)

    def at_once(self, tenant, users, each, nodes=None):
        """Every user `each` times, round all nodes, as fast as it goes: answers by user."""
        nodes = nodes or self.cluster.names
        with concurrent.futures.ThreadPoolExecutor(9) as pool:
            work = [(user, pool.submit(self.ask, nodes[number % len(nodes)], tenant, user))
                    for number in range(each) for user in users]
            replies = collections.defaultdict(list)
            for user, one in work:
                replies[user].append(one.result())
        return replies

    @staticmethod
    def served(replies):
        return sum(one.status == 200 for one in replies)

    def test_a_user_at_three_times_his_limit_gets_exactly_that_and_others_what_they_ask_for(self):
        greedy, modest = [f"greedy {n}" for n in range(4)], ["modest"]
        replies = self.at_once("minute", greedy + modest, 12)
        more = self.at_once("minute", greedy, 24)
        self.assertEqual(self.served(replies["modest"]), 12)
        for user in greedy:
            self.assertEqual(self.served(replies[user] + more[user]), 12, user)
        for refused in (one for user in greedy for one in more[user]):
            error = self.assertError(refused, 429)
            self.assertIn("has reached the limit of 12 requests per minute that each user has", error["message"])
            self.assertNotIn("greedy", error["message"])
            self.assertEqual(refused.headers["x-ratelimit-limit-requests"], "12")
            self.assertEqual(refused.headers["x-ratelimit-remaining-requests"], "0")
            self.assertGreater(int(refused.headers["retry-after"]), 30)
        figures = [self.homes(name, "minute") for name in self.cluster.names]
        print(f"\nquestions to homes: {[one['asked'] for one in figures]}", flush=True)
        self.assertEqual([one["decided_alone"] for one in figures], [0, 0, 0])
        self.assertTrue(all(one["at_home"] > 0 or one["asked"] > 0 for one in figures))

    def test_calls_at_a_time_are_counted_over_all_nodes_and_come_back(self):
        self.up.always(answers.ok(after=0.3), key="atonce")
        until, served = time.monotonic() + 6, collections.Counter()

        def keep_asking(name):
            while time.monotonic() < until:
                served[self.ask(name, "atonce", "ann").status] += 1
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for one in [pool.submit(keep_asking, name) for name in self.cluster.names for _ in range(2)]:
                one.result()
        self.assertEqual(set(served), {200, 429})
        self.assertEqual(self.up.most_at_once("atonce"), 2)
        self.assertGreater(served[200], 0.7 * 2 * 6 / 0.3, served)
        for number in range(6):
            for name in self.cluster.names:
                def again():
                    return self.ask(name, "atonce", "ann").status == 200
                client.eventually(again, 1, f"{number}: a free place at {name}")

    def test_tokens_are_counted_over_all_nodes_by_what_was_used(self):
        served = 0
        for number in range(30):
            if self.ask(self.cluster.names[number % 3], "tokens", "ann").status == 200:
                served += 1
            if number % 3 == 2:
                self.assertEqual(self.ask(self.cluster.names[number % 3], "tokens", f"other {number}").status, 200)
        # Each used 100, and each asks for its estimate of a little more than 40 beforehand.
        self.assertEqual(served, 10)

    def test_who_dies_gives_back_what_it_held_and_the_limit_stays_bounded(self):
        users = [f"user {n}" for n in range(6)]
        before = self.at_once("minute", users, 12)
        for user in users:
            self.assertEqual(self.served(before[user]), 12)
        self.up.always(answers.ok(after=4), key="atonce")
        dying, living = self.cluster.names[0], self.cluster.names[1:]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for _ in range(2):
                pool.submit(lambda: self.quietly(dying))
            client.eventually(lambda: self.up.count("atonce") == 2, 5, "two calls")
            self.assertEqual(self.ask(living[0], "atonce", "ann").status, 429)
            self.cluster.kill(dying)
        killed = time.monotonic()
        self.up.always(answers.ok(usage=USAGE))
        self.up.always(answers.ok(), key="atonce")
        for name in living:
            self.assertEqual(self.ask(name, "minute", "newcomer").status, 200)
        self.wait_homes(*living)
        client.eventually(lambda: self.ask(living[0], "atonce", "ann").status == 200, 5, "ann's calls are free")
        print(f"\ncalls of the dead node were free after {time.monotonic() - killed:.1f} s", flush=True)
        after = self.at_once("minute", users, 24, living)
        passed = {user: self.served(after[user]) for user in users}
        print(f"admitted again after the death: {passed}", flush=True)
        for user in users:
            self.assertLessEqual(passed[user], 4, "no more than the dead node had admitted itself")
        self.assertLess(sum(passed.values()), 6 * 4, "only homes that died forget")

    def quietly(self, name):
        try:
            self.ask(name, "atonce", "ann")
        except OSError:
            pass

    def test_nodes_that_restart_in_order_forget_nothing(self):
        users = [f"user {n}" for n in range(6)]
        replies = self.at_once("day", users, 6)
        for user in users:
            self.assertEqual(self.served(replies[user]), 6)
        for name in self.cluster.names:
            self.cluster.drain(name)
            self.cluster[name].wait_exit()
            self.cluster.restart(name)
            self.wait_homes(*self.cluster.names)
        replies = self.at_once("day", users, 9)
        self.assertEqual({user: self.served(replies[user]) for user in users}, {user: 3 for user in users})


if __name__ == "__main__":
    unittest.main()
