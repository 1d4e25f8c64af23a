"""Rules over what is asked: the first whose condition holds decides the alias."""
import answers
import client
import harness

RULES = [{"when": 'headers["x-team"] == "search"', "to": "special"},
         {"when": "tools.count > 1", "to": "strong"},
         {"when": 'task == "translate" || tags.kind == "letter"', "to": "cheap"},
         {"when": 'model == "auto"', "to": "strong"}]


def tool(name):
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}


class Routing(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.up = harness.Upstream().start()
        cls.addClassCleanup(cls.up.stop)
        models = {name: {"targets": [{"use": f"alpha/model-{name}"}]} for name in ("strong", "cheap", "special", "plain")}
        cls.it = harness.Node(harness.config({"alpha": harness.provider(cls.up, "alpha-1")}, models, routing=RULES))
        cls.addClassCleanup(cls.it.stop)

    def setUp(self):
        self.up.always(answers.ok())

    def assertRouted(self, answer, model, rule):
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.up.last().json()["model"], f"model-{model}")
        self.assertEqual(answer.headers.get("x-troupe-rule"), rule)

    def test_the_first_rule_that_holds_decides(self):
        self.assertRouted(self.it.chat("auto"), "strong", "4")
        self.assertRouted(self.it.chat("auto", text="Translate this: good day"), "cheap", "3")
        self.assertRouted(self.it.chat("plain", tools=[tool("f"), tool("g")]), "strong", "2")
        self.assertRouted(self.it.chat("auto", {"X-Team": "search"}, tools=[tool("f"), tool("g")]), "special", "1")

    def test_headers_say_the_task_and_the_tags(self):
        self.assertRouted(self.it.chat("auto", {"x-troupe-task": "translate"}), "cheap", "3")
        self.assertRouted(self.it.chat("auto", {"x-troupe-task": "chat"}, text="Translate this"), "strong", "4")
        self.assertRouted(self.it.chat("plain", {"x-troupe-tags": "a=b, kind=letter"}), "cheap", "3")

    def test_without_a_rule_that_holds_the_name_decides(self):
        self.assertRouted(self.it.chat("plain"), "plain", None)
        self.assertEqual(self.it.chat("unheard-of").status, 404)

    def test_other_dialects_go_by_the_same_rules(self):
        body = {"model": "auto", "max_tokens": 5, "messages": [{"role": "user", "content": "Translate: hi"}]}
        answer = client.request(self.it.api, "POST", "/v1/messages", body)
        self.assertRouted(answer, "cheap", "3")

    def test_explain_shows_every_rule(self):
        told = self.it.post("/routes/explain", {"model": "auto", "task": "translate"}).json()
        self.assertEqual([rule["holds"] for rule in told["rules"]], [False, False, True, True])
        self.assertEqual([rule["chosen"] for rule in told["rules"]], [False, False, True, False])
        self.assertEqual((told["asked"], told["model"]), ("auto", "cheap"))

    def test_a_mistake_is_told_with_its_place_and_nothing_is_in_force(self):
        changed = harness.config({"alpha": harness.provider(self.up, "alpha-1")}, {"plain": {"targets": [{"use": "alpha/x"}]}},
                                 routing=[{"when": "modle == 'x'", "to": "plian"}])
        self.it.write(changed)
        answer = self.it.post("/config/reload")
        self.assertEqual(answer.status, 400, answer)
        problems = {problem["path"]: problem for problem in answer.json()["problems"]}
        self.assertIn('nobody knows "modle"', problems["routing[0].when"]["message"])
        self.assertIn("plain", problems["routing[0].to"]["hint"])
        self.assertRouted(self.it.chat("auto"), "strong", "4")
