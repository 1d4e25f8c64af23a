"""Who goes first where there is not enough for all: classes, tenants, batch work."""
import hashlib
import threading
import time

import answers
import client
import harness

TENANTS = {name: {"keys": [{"name": name, "hash": "sha256:" + hashlib.sha256(f"tr-{name}".encode()).hexdigest()}],
                  **fields}
           for name, fields in {"greedy": {}, "modest": {}, "workers": {"class": "batch"},
                            "people": {"limits": {"per_user": {"rpm": 2}}}}.items()}


def as_tenant(name, cls=None):
    return {"Authorization": f"Bearer tr-{name}", **({"x-troupe-class": cls} if cls else {})}


class Fairness(harness.TestCase):
    def start(self, limits, max_length=1000, max_wait="20s", answer=None):
        self.up = self.upstream()
        self.up.always(answer or answers.ok())
        models = {"smart": {"targets": [{"use": "alpha/gpt-4o"}], "retry": {"attempts": 1},
                            "queue": {"max_wait": max_wait, "max_length": max_length}}}
        self.it = self.node(harness.config({"alpha": harness.provider(self.up, harness.key("alpha-1", limits=limits))},
                                           models, tenants=TENANTS, server={"threads": 2}))
        self.threads, self.replies = [], {}

    def send(self, name, tenant, cls=None, **fields):
        def work():
            self.replies[name] = self.it.chat(headers=as_tenant(tenant, cls), text=name, **fields)
        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def wait_line(self, number):
        client.eventually(lambda: self.it.metric("troupe_queue_depth", model="smart") == number,
                          what=f"{number} in line")

    def join(self):
        for thread in self.threads:
            thread.join()

    def order(self):
        with self.up.lock:
            return [call.json()["messages"][0]["content"] for call in self.up.calls]

    def test_a_class_that_does_not_exist_is_refused(self):
        self.start({})
        error = self.assertError(self.it.chat(headers=as_tenant("greedy", "urgent")), 400)
        self.assertEqual(error["param"], "x-troupe-class")

    def test_classes_are_served_in_order_and_no_higher_than_the_tenant_may(self):
        gate = threading.Event()

        async def held(peer):
            while not gate.is_set():
                await answers.asyncio.sleep(0.01)
            await answers.ok()(peer)
        self.start({"concurrency": 2}, answer=held)
        self.send("first", "greedy", "interactive")
        self.send("second", "greedy", "interactive")
        self.up.wait_calls(2)
        waiting = [("batch", "greedy", "batch"), ("capped", "workers", "interactive"), ("default", "greedy", None),
                   ("interactive", "greedy", "interactive")]
        for number, (name, tenant, cls) in enumerate(waiting):
            self.send(name, tenant, cls)
            self.wait_line(number + 1)
        gate.set()
        self.join()
        self.assertEqual({reply.status for reply in self.replies.values()}, {200})
        order = self.order()[2:]
        self.assertEqual(order[:2], ["interactive", "default"])
        self.assertEqual(sorted(order[2:]), ["batch", "capped"])

    def test_a_full_line_makes_room_for_a_higher_class(self):
        self.start({"concurrency": 1}, max_length=2, answer=answers.ok(after=1.0))
        self.send("first", "greedy")
        self.up.wait_calls(1)
        self.send("blocker", "greedy")
        self.wait_line(1)
        self.send("pushed", "workers")
        self.wait_line(2)
        answer = self.it.chat(headers=as_tenant("greedy", "batch"), text="late")
        self.assertEqual(answer.status, 429)
        self.send("urgent", "greedy", "interactive")
        self.join()
        self.assertEqual(self.order(), ["first", "urgent", "blocker"])
        self.assertEqual(self.replies["pushed"].status, 429)
        self.assertIn("retry-after", self.replies["pushed"].headers)

    def test_batch_work_leaves_a_fifth_of_the_key_alone(self):
        self.start({"concurrency": 5}, max_wait="0s", answer=answers.ok(after=1.5))
        for number in range(8):
            self.send(f"batch-{number}", "workers")
        client.eventually(lambda: len(self.replies) == 4, what="four refusals")
        self.assertEqual({reply.status for reply in self.replies.values()}, {429})
        self.assertIn("retry-after", next(iter(self.replies.values())).headers)
        self.assertEqual(self.it.chat(headers=as_tenant("modest")).status, 200)
        self.join()
        self.assertEqual(self.up.most_at_once("alpha-1"), 5)

    def test_each_end_user_of_a_tenant_has_limits_of_his_own(self):
        self.start({})
        as_people = as_tenant("people")
        self.assertEqual([self.it.chat(headers=as_people, user="ann").status for _ in range(3)], [200, 200, 429])
        self.assertEqual(self.it.chat(headers=as_people, user="bob").status, 200)
        message = {"model": "smart", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}],
                   "metadata": {"user_id": "ann"}}
        refused = client.request(self.it.api, "POST", "/v1/messages", message, as_people)
        self.assertEqual(refused.status, 429)
        self.assertIn("retry-after", refused.headers)
        self.assertNotIn("ann", refused.body.decode())
        self.assertEqual([self.it.chat(headers=as_people).status for _ in range(3)], [200] * 3)

    def test_a_tenant_that_floods_takes_nothing_from_another(self):
        self.start({"concurrency": 8}, max_length=20, max_wait="10s", answer=answers.ok(after=0.1))
        statuses, until = [], time.monotonic() + 8

        def flood():
            while time.monotonic() < until:
                statuses.append(self.it.chat(headers=as_tenant("greedy")).status)
        floods = [threading.Thread(target=flood) for _ in range(40)]
        for thread in floods:
            thread.start()
        self.wait_line(20)
        time_of, refused = [], 0
        while time.monotonic() < until - 1:
            began = time.monotonic()
            refused += self.it.chat(headers=as_tenant("modest")).status != 200
            time_of.append(time.monotonic() - began)
        for thread in floods:
            thread.join()
        self.assertEqual(refused, 0)
        self.assertIn(429, statuses)
        # Alone it would take 0.1 s; 40 greedy clients would make everybody wait half a second in one line.
        self.assertLess(sorted(time_of)[len(time_of) // 2], 0.3, time_of)
