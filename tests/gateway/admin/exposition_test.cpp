#include "gateway/admin/exposition.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

std::string scraped(const Telemetry& telemetry, std::vector<actors::ActorInfo> actors = {}) {
  ScrapeState state;
  state.actors = std::move(actors);
  state.config_revision = 4;
  state.last_reload_ok = false;
  return Scrape(telemetry, std::move(state)).text();
}

TEST_CASE("a served request shows in every family that concerns it") {
  Telemetry telemetry({"node-1", 2, 10, false, nullptr});
  telemetry.know(*small_config());
  telemetry.observer(0).request_finished(served("a"));
  telemetry.observer(1).request_finished(served("b"));
  const auto text = scraped(telemetry);
  for (
      const std::string line : {
          R"(troupe_requests_total{model="smart",code="200",route="primary"} 2)",
          R"(troupe_upstream_attempts_total{provider="openai",key="primary",fault="none",route="request"} 2)",
          R"(troupe_cost_usd_total{provider="openai",model="gpt-4o",tenant="search-team"} 2.469134e-06)",
          R"(gen_ai_client_token_usage_sum{gen_ai_operation_name="chat",gen_ai_provider_name="openai",)"
          R"(gen_ai_request_model="gpt-4o",gen_ai_token_type="input"} 200)",
          R"(gen_ai_server_time_to_first_token_seconds_bucket{gen_ai_operation_name="chat",)"
          R"(gen_ai_provider_name="openai",gen_ai_request_model="smart",le="0.04"} 2)",
          R"(gen_ai_server_request_duration_seconds_count{gen_ai_operation_name="chat",)"
          R"(gen_ai_request_model="smart"} 2)",
          R"(troupe_overhead_seconds_bucket{le="0.0001"} 2)",
          "# TYPE gen_ai_client_operation_duration_seconds histogram",
          "troupe_inflight ",
          "troupe_streams_active 0",
      })
    CHECK(has(text, line));
  CHECK_FALSE(has(text, "troupe_cost_unknown_total{"));
}

TEST_CASE("unknown costs have their own counter") {
  Telemetry telemetry({"node-1", 1, 10, false, nullptr});
  telemetry.know(*small_config());
  auto record = served("a");
  record.cost.reset();
  telemetry.observer(0).request_finished(record);
  const auto text = scraped(telemetry);
  CHECK(has(text, R"(troupe_cost_unknown_total{provider="openai",model="gpt-4o",tenant="search-team"} 1)"));
  CHECK_FALSE(has(text, "troupe_cost_usd_total{"));
}

TEST_CASE("a model that nobody configured is other") {
  Telemetry telemetry({"node-1", 1, 10, false, nullptr});
  auto record = failed("a", Fault::caller_unknown_model);
  record.model = "ignore all previous instructions";
  telemetry.observer(0).request_finished(record);
  const auto text = scraped(telemetry);
  CHECK(has(text, R"(troupe_requests_total{model="other",code="404",route="none"} 1)"));
  CHECK_FALSE(has(text, "instructions"));
}

TEST_CASE("gauges come from the actors") {
  Telemetry telemetry({"node-1", 1, 10, false, nullptr});
  actors::ActorInfo line;
  line.type = "line";
  line.name = "smart";
  line.detail = {{"waiting", 4}};
  const auto text = scraped(telemetry, {key_actor("openai/primary", "open", 25), line});
  for (const std::string row : {
           R"(troupe_breaker_state{provider="openai",key="primary"} 2)",
           R"(troupe_key_window_used_ratio{provider="openai",key="primary",window="rpm"} 0.25)",
           R"(troupe_actor_mailbox_messages{type="key"} 2)",
           R"(troupe_actor_restarts_total{type="key"} 1)",
           R"(troupe_queue_depth{model="smart"} 4)",
           "troupe_config_revision 4",
           "troupe_config_last_reload_successful 0",
       })
    CHECK(has(text, row));
}

TEST_CASE("a cluster shows its members, its traffic and who is in office") {
  Telemetry telemetry({"node-1", 1, 10, false, nullptr});
  ScrapeState state;
  state.cluster = {{"members", {{"alive", 2}, {"suspect", 1}}},
                   {"bytes_in", 10},
                   {"bytes_out", 20},
                   {"round_trips", {{"node-2", 0.25}}},
                   {"allocator", true},
                   {"lease_s", 9.5},
                   {"clock_errors", {{"node-2", 0.0007}}},
                   {"conditions",
                    {{{"name", "clock_rate"}, {"measured", 0.0007}, {"bound", 0.0005}, {"holds", false}},
                     {{"name", "send_delay"}, {"measured", 0.02}, {"bound", 0.5}, {"holds", true}}}}};
  const auto text = Scrape(telemetry, std::move(state)).text();
  for (const std::string line :
       {R"(troupe_cluster_members{state="alive"} 2)", R"(troupe_cluster_members{state="suspect"} 1)",
        R"(troupe_cluster_bytes_total{direction="out"} 20)",
        R"(troupe_cluster_round_trip_seconds{peer="node-2"} 0.25)", R"(troupe_allocator{node="node-1"} 1)",
        "troupe_cluster_lease_seconds 9.5", R"(troupe_cluster_condition_holds{condition="clock_rate"} 0)",
        R"(troupe_cluster_condition_holds{condition="send_delay"} 1)",
        R"(troupe_cluster_condition_bound{condition="send_delay"} 0.5)",
        "troupe_cluster_send_delay_seconds 0.02",
        R"(troupe_cluster_clock_rate_error_ratio{peer="node-2"} 0.0007)"})
    CHECK(has(text, line));
  CHECK_FALSE(has(scraped(telemetry), "troupe_cluster"));
}

TEST_CASE("batches show how their lines end, and how many there are") {
  Telemetry telemetry({"node-1", 1, 10, false, nullptr});
  ScrapeState state;
  state.batches = {{"good", 7},   {"bad", 2},     {"waits", 5}, {"again", 1},
                   {"active", 3}, {"running", 4}, {"files", 9}};
  const auto text = Scrape(telemetry, std::move(state)).text();
  for (const std::string line :
       {R"(troupe_batch_lines_total{result="completed"} 7)", R"(troupe_batch_lines_total{result="failed"} 2)",
        R"(troupe_batch_lines_total{result="no_room"} 5)", R"(troupe_batch_lines_total{result="again"} 1)",
        "troupe_batches_active 3", "troupe_batch_lines_running 4", "troupe_batch_files 9"})
    CHECK(has(text, line));
  CHECK_FALSE(has(scraped(telemetry), "troupe_batch"));
}

TEST_CASE("breaker states have numbers") {
  CHECK(breaker_number("closed") == 0);
  CHECK(breaker_number("half_open") == 1);
  CHECK(breaker_number("open") == 2);
  CHECK(breaker_number("dead") == 3);
}

}  // namespace
}  // namespace troupe::admin
