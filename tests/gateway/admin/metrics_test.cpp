#include "gateway/admin/metrics.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

std::vector<std::string> ids(const std::vector<SharedRecord>& records) {
  std::vector<std::string> out;
  for (const auto& record : records) out.push_back(record->id);
  return out;
}

RequestRecord at(std::string id, int second) {
  auto record = served(std::move(id));
  record.started += std::chrono::seconds(second);
  return record;
}

TEST_CASE("recent requests of all threads come newest first") {
  testing::ManualClock clock;
  Telemetry telemetry({"node-1", 2, 10, false, &clock});
  telemetry.observer(0).request_finished(at("first", 1));
  telemetry.observer(1).request_finished(at("third", 3));
  telemetry.observer(0).request_finished(at("second", 2));
  CHECK(ids(telemetry.recent({})) == std::vector<std::string>{"third", "second", "first"});
  RecordFilter two;
  two.limit = 2;
  CHECK(ids(telemetry.recent(two)) == std::vector<std::string>{"third", "second"});
}

TEST_CASE("recent requests are narrowed by model, tenant, status and fault") {
  Telemetry telemetry({"node-1", 1, 10, false, nullptr});
  auto& observer = telemetry.observer(0);
  observer.request_finished(served("ok", "smart"));
  observer.request_finished(failed("limited", Fault::policy_rate_limited));
  observer.request_finished(failed("broken", Fault::provider_server_error));
  const auto found = [&](RecordFilter filter) { return ids(telemetry.recent(filter)); };
  CHECK(found({"smart", "", "", "200", 9}) == std::vector<std::string>{"ok"});
  CHECK(found({"", "", "", "4xx", 9}) == std::vector<std::string>{"limited"});
  CHECK(found({"", "", "provider_", "", 9}) == std::vector<std::string>{"broken"});
  CHECK(found({"", "nobody", "", "", 9}).empty());
}

TEST_CASE("a request is found by its id as long as the ring holds it") {
  Telemetry telemetry({"node-1", 1, 1, false, nullptr});
  telemetry.observer(0).request_finished(served("a"));
  REQUIRE(telemetry.find("a"));
  telemetry.observer(0).request_finished(served("b"));
  CHECK_FALSE(telemetry.find("a"));
}

TEST_CASE("what is going on is started less finished") {
  Telemetry telemetry({"node-1", 1, 1, false, nullptr});
  auto& observer = telemetry.observer(0);
  observer.request_started();
  observer.request_started();
  observer.stream_opened();
  observer.request_finished(served("a"));
  const auto totals = telemetry.totals();
  CHECK(totals.inflight == 1);
  CHECK(totals.streams == 1);
  CHECK(totals.picos == 1'234'567);
}

TEST_CASE("a reload makes new names labels") {
  Telemetry telemetry({"node-1", 1, 1, false, nullptr});
  telemetry.observer(0).request_finished(failed("a", Fault::policy_rate_limited));
  telemetry.know(*small_config());
  telemetry.observer(0).request_finished(failed("b", Fault::policy_rate_limited));
  LabelTable<Counter, 3>::Merged requests;
  telemetry.each([&](const Shard& shard) { shard.requests.merge_into(requests); });
  CHECK(requests.at({"other", "429", "none"}) == 1);
  CHECK(requests.at({"smart", "429", "none"}) == 1);
}

}  // namespace
}  // namespace troupe::admin
