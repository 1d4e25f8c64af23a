#include "app/cli/table.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cli;

TEST_CASE("columns are as wide as their widest cell, numbers to the right, and no line ends in a space") {
  Table table({"NAME", ">COUNT", "STATE"});
  table.add({"a", "5", "ok"});
  table.add({"longer", "12345", ""});
  CHECK(table.render(false) ==
        "NAME    COUNT  STATE\n"
        "a           5  ok\n"
        "longer  12345\n");
}

TEST_CASE("width counts characters, not bytes, and colours take no room") {
  CHECK(width("grün") == 4);
  Table table({"A", "B"});
  table.add({Cell("grün", Paint::green), "x"});
  table.add({"plain", "y"});
  CHECK(table.render(false) == "A      B\ngrün   x\nplain  y\n");
  CHECK(table.render(true).find("\033[32mgrün\033[0m   x") != std::string::npos);
}

TEST_CASE("a cell over the widest is cut with an ellipsis") {
  CHECK(clip("abcdef", 4) == "abc…");
  CHECK(clip("abcd", 4) == "abcd");
  CHECK(clip("äöüß", 3) == "äö…");
  CHECK(clip("abc", 0).empty());
}

TEST_CASE("a short row is filled up") {
  Table table({"A", "B"});
  table.add({"x"});
  CHECK(table.render(false) == "A  B\nx\n");
}

TEST_CASE("states have the colours of a traffic light") {
  CHECK(paint_of_state("closed") == Paint::green);
  CHECK(paint_of_state("half_open") == Paint::yellow);
  CHECK(paint_of_state("dead") == Paint::red);
  CHECK(paint("x", Paint::red, false) == "x");
}
