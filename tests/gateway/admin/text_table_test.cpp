#include "gateway/admin/text_table.hpp"

#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

TEST_CASE("a list becomes an aligned table") {
  const Json document{{"keys", {{{"id", "openai/a"}, {"used", 5}}, {{"id", "b"}, {"used", 1000}}}}};
  CHECK(to_text(document) ==
        "id        used\n"
        "openai/a  5\n"
        "b         1000\n");
}

TEST_CASE("scalars stand above tables, nulls are dashes") {
  const Json document{{"by", "tenant"}, {"last", nullptr}, {"costs", {{{"name", "x"}, {"fault", nullptr}}}}};
  CHECK(to_text(document) == "by: tenant\nlast: -\n\nname  fault\nx     -\n");
}

TEST_CASE("windows are written short") {
  const Json windows = Json::array({{{"name", "rpm"}, {"limit", 60}, {"used", 3}, {"resets_s", 1.5}}});
  CHECK(
      to_text(Json{{"windows", windows}, {"keys", {{{"id", "a"}, {"windows", windows}}}}}).find("rpm 3/60") !=
      std::string::npos);
}

TEST_CASE("figures are short and empty lists are dashes") {
  CHECK(to_text(Json{{"rate", 380.5485282234245}, {"none", Json::object()}}) == "rate: 380.5\nnone: -\n");
}

TEST_CASE("numbers are rounded wherever they stand, and large ones are whole") {
  const Json rows =
      Json::array({{{"age_s", 123456.789}, {"latency", {{"p50", 0.123456789}, {"p99", 2000.25}}}}});
  CHECK(to_text(Json{{"actors", rows}}) == "age_s   latency\n123457  {\"p50\":0.1235,\"p99\":2000.0}\n");
}

TEST_CASE("control characters of a peer cannot move the cursor") {
  CHECK(to_text(Json{{"model", "a\x1b[2Jb\n"}}) == "model: a?[2Jb?\n");
}

}  // namespace
}  // namespace troupe::admin
