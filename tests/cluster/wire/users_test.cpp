#include "cluster/wire/users.hpp"

#include "cluster/wire/codec.hpp"
#include "cluster/wire/money.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::users;
using namespace std::chrono_literals;

namespace {

constexpr Amounts kSome{1, 30, 20, 10};

Line line() {
  return {
      "\xFF ann", 7, 3, 9, {8, 9}, 2, {2, 60, 40, 20}, kSome, {{5s, kSome}}, std::vector{Cooled{4, 23h, 5}}};
}

template <class Body>
Body again(const Body& body) {
  const auto bytes = wire::encode(Message(body));
  CHECK(wire::is_users(bytes));
  CHECK_FALSE(wire::is_money(bytes));
  CHECK_FALSE(wire::decode(bytes));
  const auto back = wire::decode_users(bytes);
  REQUIRE(back);
  CHECK(wire::encode(*back) == bytes);
  return std::get<Body>(*back);
}

}  // namespace

TEST_CASE("every message about users comes back as it was sent") {
  const auto ask = again(Ask{"acme", ~std::uint64_t{0}, 9, kSome, line()});
  CHECK((ask.tenant == "acme" && ask.boot == ~std::uint64_t{0} && ask.id == 9 && ask.needed == kSome));
  CHECK((ask.line.user == "\xFF ann" && ask.line.version == 7 && ask.line.born == 3 && ask.line.issued == 9));
  CHECK(
      (ask.line.open == std::vector<std::uint64_t>{8, 9} && ask.line.calls == 2 && ask.line.total == kSome));
  CHECK((ask.line.fresh.at(0).age == 5s && ask.line.fresh.at(0).amounts == kSome));
  REQUIRE(ask.line.whole);
  CHECK((ask.line.whole->at(0).window == 4 && ask.line.whole->at(0).age == 23h));
  const auto answer = again(Answer{
      "acme", 1, 9, "ann", 7, {false, policy::RefusalReason::concurrency, 2, 50ms, {6, 5, 1s}, {0, 0, 0s}}});
  CHECK((answer.id == 9 && answer.user == "ann" && answer.version == 7 && !answer.decision.granted));
  CHECK((answer.decision.retry == 50ms && answer.decision.requests.remaining == 5));
  auto bare = line();
  bare.whole.reset();
  CHECK_FALSE(again(Lines{"acme", 1, {bare, line()}}).lines.at(0).whole);
  CHECK(again(Noted{"acme", 1, {{"ann", 7}}}).versions.at(0).second == 7);
  CHECK(again(Report{"acme", "ann", true}).must);
  const auto record =
      again(Handover{"acme", 1, 5, {{"ann", {{0, 5s, 1}}, {{"a", 1, 7, 3, 2, kSome, kSome}}}}});
  CHECK(record.id == 5);
  CHECK((again(Taken{"acme", 1, 5}).id == 5));
  CHECK((record.records.at(0).parts.at(0).node == "a" && record.records.at(0).parts.at(0).calls == 2));
}

TEST_CASE("a refusal that ends with no waiting says so") {
  Answer answer{"acme", 1, 9, "ann", 7, {}};
  answer.decision.granted = false;
  CHECK_FALSE(again(answer).decision.retry);
}

TEST_CASE("what is cut, too long or of another family is no message about users") {
  const auto bytes = wire::encode(Message(Lines{"acme", 1, {line()}}));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(wire::decode_users(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(wire::decode_users(bytes + "x"));
  CHECK_FALSE(wire::decode_users(wire::encode(cluster::Message(cluster::InOffice{}))));
}

TEST_CASE("a reason that is none of a user's limits is refused") {
  Answer answer{"acme", 1, 9, "ann", 7, {}};
  answer.decision.reason = policy::RefusalReason::dead;
  CHECK_FALSE(wire::decode_users(wire::encode(Message(answer))));
}
