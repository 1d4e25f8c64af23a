#!/usr/bin/env python3
"""What the brace counter must not be fooled by."""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cpp_functions import functions  # noqa: E402


def found(text):
    return list(functions(text))


class Functions(unittest.TestCase):
    def test_a_function_is_counted_from_its_name_to_its_closing_brace(self):
        self.assertEqual(found("int a;\n\nint f(int x) {\n  return x;\n}\n"), [("f", 3, 3)])

    def test_members_of_classes_in_namespaces_are_functions(self):
        text = "namespace a::b {\nclass C : public D<int> {\n public:\n  int f() const noexcept { return 1; }\n};\n}\n"
        self.assertEqual(found(text), [("f", 4, 1)])

    def test_a_constructor_with_initializers_is_one_function(self):
        self.assertEqual([name for name, _, _ in found("C::C(int x) : a_(x), b_(2) {\n  go();\n}\n")], ["C::C"])

    def test_blocks_and_lambdas_inside_belong_to_the_function_around_them(self):
        text = "void f() {\n  if (a) {\n    auto g = [](int x) {\n      return x;\n    };\n  }\n}\n"
        self.assertEqual(found(text), [("f", 1, 7)])

    def test_tables_are_no_functions(self):
        self.assertEqual(found("constexpr Row rows[] = {\n  {f(1), 2},\n  {f(3), 4},\n};\nconst auto x = make({\n1,\n});\n"), [])

    def test_braces_in_text_and_comments_do_not_count(self):
        text = 'void f() {\n  // }\n  say("}{", \'{\', R"(}}})");  /* } */\n  int n = 1\'000;\n}\nvoid g() {}\n'
        self.assertEqual(found(text), [("f", 1, 5), ("g", 6, 1)])

    def test_operators_and_default_arguments_are_functions(self):
        text = "A& A::operator=(const A& a) {\n  return *this;\n}\nvoid f(int x = 3, B b = {}) {\n}\n"
        self.assertEqual([lines for _, _, lines in found(text)], [3, 2])


unittest.main()
