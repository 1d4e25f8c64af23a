#include "config/yaml_tree.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;
using Kind = YamlNode::Kind;

TEST_CASE("every node knows its place") {
  const auto tree = parse_yaml("a: 1\nb:\n  - x\n  - { c: \"y\" }\n");
  REQUIRE(tree.root);
  const auto* b = tree.root->find("b");
  REQUIRE(b != nullptr);
  CHECK(b->line == 2);
  CHECK(b->value->items.at(0)->text == "x");
  CHECK(b->value->items.at(0)->line == 3);
  CHECK(b->value->items.at(0)->column == 5);
  CHECK(b->value->items.at(1)->find("c")->value->column == 10);
}

TEST_CASE("a duplicate key is a problem that names both lines") {
  const auto tree = parse_yaml("a: 1\nb: 2\na: 3\n");
  REQUIRE(tree.problems.size() == 1);
  CHECK(said(tree.problems) == "3:1 : \"a\" appears twice (the first is in line 1)\n");
  CHECK(parse_yaml("{a: {x: 1, x: 2}}").problems.size() == 1);
  CHECK(parse_yaml("[{x: 1}, {x: 2}]").problems.empty());
}

TEST_CASE("what is no YAML is one problem with its place and a hint") {
  CHECK(said(parse_yaml("a: [1, 2\nb: 3").problems).rfind("2:", 0) == 0);
  CHECK(said(parse_yaml("a: { b: ${X} }\n").problems).find("must be quoted") != std::string::npos);
  CHECK(said(parse_yaml("a:\n\tb: 1\n").problems).find("spaces, not tabs") != std::string::npos);
}

TEST_CASE("anchors and aliases share a node") {
  const auto tree = parse_yaml("a: &x { k: 1 }\nb: *x\n");
  REQUIRE(tree.root);
  CHECK(tree.root->find("b")->value->find("k")->value->text == "1");
}

TEST_CASE("a bomb of aliases is refused before it is spelled out") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int level = 1; level < 12; ++level) {
    const auto below = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int copy = 0; copy < 10; ++copy) bomb += (copy > 0 ? "," : "") + below + " ";
    bomb += "]\n";
  }
  const auto tree = parse_yaml(bomb);
  CHECK_FALSE(tree.root);
  CHECK(said(tree.problems).find("more than 200000 values") != std::string::npos);
}

TEST_CASE("an alias inside its own anchor is refused") {
  CHECK_FALSE(parse_yaml("a: &x [ *x ]").root);
}

TEST_CASE("depth and size have limits") {
  CHECK(parse_yaml(std::string(64, '[') + std::string(64, ']')).root);
  CHECK(said(parse_yaml(std::string(65, '[') + std::string(65, ']')).problems).find("deeper than 64") !=
        std::string::npos);
  CHECK_FALSE(parse_yaml(std::string(100'000, '[')).root);
  CHECK(said(parse_yaml(std::string((4 << 20) + 1, '#')).problems).find("larger than") != std::string::npos);
}

TEST_CASE("an alias does not hide depth") {
  std::string text = "a: &a [x]\n";
  for (int level = 1; level < 70; ++level)
    text += "a" + std::to_string(level) + ": &b" + std::to_string(level) + " [*" +
            (level == 1 ? "a" : "b" + std::to_string(level - 1)) + " ]\n";
  CHECK_FALSE(parse_yaml(text).root);
}

TEST_CASE("bytes that would cut the file short unseen are refused") {
  CHECK(said(parse_yaml(std::string("a: 1\nb: \0 2", 11)).problems).rfind("2:4", 0) == 0);
  CHECK_FALSE(parse_yaml("a: \x04").root);
  CHECK_FALSE(parse_yaml("a: \xff").root);
}

TEST_CASE("a second document and odd tags are refused") {
  CHECK(said(parse_yaml("a: 1\n---\nb: 2\n").problems).find("more than one document") != std::string::npos);
  CHECK(said(parse_yaml("a: !secret x\n").problems).find("tags are not used") != std::string::npos);
  CHECK(parse_yaml("a: !!str x\n").root);
  CHECK_FALSE(parse_yaml("? [a]\n: b\n").root);
}

TEST_CASE("null is null, and text when quoted") {
  const auto tree = parse_yaml("a:\nb: ~\nc: \"null\"\n");
  CHECK(tree.root->find("a")->value->kind == Kind::null);
  CHECK(tree.root->find("b")->value->kind == Kind::null);
  CHECK(tree.root->find("c")->value->text == "null");
}
