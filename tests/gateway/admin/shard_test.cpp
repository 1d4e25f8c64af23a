#include "gateway/admin/shard.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

template <class Table>
auto cells(const Table& table) {
  typename Table::Merged out;
  table.merge_into(out);
  return out;
}

TEST_CASE("a call of unknown price is counted as unknown and never as zero") {
  Shard shard;
  const Vocabulary known(*small_config());
  auto record = served("r1");
  record.cost.reset();
  shard.count(record, known);
  const auto spend = cells(shard.spend);
  REQUIRE(spend.size() == 1);
  CHECK(spend.begin()->second.unknown == 1);
  CHECK(spend.begin()->second.picos == 0);
}

TEST_CASE("a request that was refused before any call costs nothing, known or unknown") {
  Shard shard;
  shard.count(failed("r1", Fault::policy_rate_limited), {});
  CHECK(cells(shard.spend).empty());
  CHECK(cells(shard.rejections).at({"tenant"}) == 1);
}

TEST_CASE("only faults that are not the caller's count as failures") {
  Shard shard;
  shard.count(failed("r1", Fault::caller_bad_request), {});
  shard.count(failed("r2", Fault::provider_overloaded), {});
  Totals totals;
  shard.add_to(totals);
  CHECK(totals.finished == 2);
  CHECK(totals.failed == 1);
}

TEST_CASE("each attempt is counted with its fault") {
  Shard shard;
  auto record = served("r1");
  auto lost = record.attempts[0];
  lost.key = "secondary";
  lost.fault = Fault::provider_overloaded;
  record.attempts.insert(record.attempts.begin(), lost);
  shard.count(record, Vocabulary(*small_config()));
  const auto attempts = cells(shard.attempts);
  CHECK(attempts.at({"openai", "secondary", "provider_overloaded", "request"}) == 1);
  CHECK(attempts.at({"openai", "primary", "none", "request"}) == 1);
}

TEST_CASE("an active probe counts as an attempt with its tokens and cost, and as nobody's request") {
  Shard shard;
  const Vocabulary known(*small_config());
  auto record = served("");
  record.tenant = "(probes)";
  shard.count_probe(record, known);
  CHECK(cells(shard.attempts).at({"openai", "primary", "none", "probe"}) == 1);
  CHECK(cells(shard.spend).begin()->first[2] == "(probes)");
  CHECK(cells(shard.requests).empty());
  CHECK(cells(shard.served).empty());
  record.attempts[0].fault = record.fault = Fault::provider_key_dead;
  shard.count_probe(record, known);
  CHECK(cells(shard.attempts).at({"openai", "primary", "provider_key_dead", "probe"}) == 1);
  Totals totals;
  shard.add_to(totals);
  CHECK(totals.finished == 0);
  CHECK(totals.failed == 0);
}

TEST_CASE("a copy for a shadow counts with its cost, but in no latency and no failure that callers see") {
  Shard shard;
  const Vocabulary known(*small_config());
  auto record = served("r1-mirror");
  record.route = "mirror";
  shard.count(record, known);
  CHECK(cells(shard.attempts).at({"openai", "primary", "none", "mirror"}) == 1);
  CHECK(cells(shard.requests).at({"smart", "200", "mirror"}) == 1);
  CHECK(cells(shard.spend).size() == 1);
  record.attempts[0].fault = record.fault = Fault::provider_key_dead;
  shard.count(record, known);
  CHECK(cells(shard.served).empty());
  CHECK(cells(shard.speed).empty());
  Totals totals;
  shard.add_to(totals);
  CHECK(totals.finished == 2);
  CHECK(totals.failed == 0);
}

TEST_CASE("the pace of a stream leaves the first token out") {
  Shard shard;
  shard.count(served("r1"), Vocabulary(*small_config()));
  const auto speed = cells(shard.speed);
  // (130 - 30) ms over 10 tokens.
  CHECK(speed.at({"chat", "openai", "smart"}).per_token.sum == Approx(0.01));
  CHECK(speed.at({"chat", "openai", "smart"}).first_token.sum == Approx(0.03));
}

TEST_CASE("paths that are no GenAI operation stay out of the GenAI figures") {
  Shard shard;
  auto record = served("r1");
  record.path = "/v1/models";
  shard.count(record, {});
  CHECK(cells(shard.served).empty());
  CHECK(cells(shard.requests).size() == 1);
}

}  // namespace
}  // namespace troupe::admin
