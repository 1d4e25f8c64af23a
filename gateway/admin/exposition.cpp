#include "gateway/admin/exposition.hpp"

#include <prometheus/text_serializer.h>
#include <map>
#include <sstream>

#include "core/log.hpp"
#include "gateway/admin/families.hpp"
#include "gateway/admin/key_view.hpp"
#include "gateway/admin/process.hpp"

namespace troupe::admin {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

void put(Families& out, Family family) {
  if (!family.empty()) out.push_back(family.take());
}

template <class Table>
auto merged(const Telemetry& telemetry, Table Shard::*table) {
  typename Table::Merged out;
  telemetry.each([&](const Shard& shard) { (shard.*table).merge_into(out); });
  return out;
}

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

/// What the caller sees: `gen_ai_server_*` (OpenTelemetry GenAI semantic conventions 1.41).
void put_server(Families& out, const Telemetry& telemetry) {
  auto duration = histogram("gen_ai_server_request_duration_seconds", "Time to answer a caller, by model.");
  for (const auto& [at, data] : merged(telemetry, &Shard::served))
    duration.histogram(
        {{"gen_ai_operation_name", at[0]}, {"gen_ai_request_model", at[1]}, {"error_type", at[2]}},
        kDurationBounds, data);
  auto first = histogram("gen_ai_server_time_to_first_token_seconds",
                         "From the request's arrival to the first token that left for the caller.");
  auto pace = histogram("gen_ai_server_time_per_output_token_seconds",
                        "Time per output token of streams, the first one excluded.");
  for (const auto& [at, data] : merged(telemetry, &Shard::speed)) {
    const Labels labels{
        {"gen_ai_operation_name", at[0]}, {"gen_ai_provider_name", at[1]}, {"gen_ai_request_model", at[2]}};
    first.histogram(labels, kFirstTokenBounds, data.first_token);
    pace.histogram(labels, kPerTokenBounds, data.per_token);
  }
  put(out, std::move(duration));
  put(out, std::move(first));
  put(out, std::move(pace));
}

/// Each attempt upstream: `gen_ai_client_*`.
void put_client(Families& out, const Telemetry& telemetry) {
  auto duration = histogram("gen_ai_client_operation_duration_seconds", "Duration of each upstream attempt.");
  for (const auto& [at, data] : merged(telemetry, &Shard::operated))
    duration.histogram({{"gen_ai_operation_name", at[0]},
                        {"gen_ai_provider_name", at[1]},
                        {"gen_ai_request_model", at[2]},
                        {"error_type", at[3]}},
                       kDurationBounds, data);
  auto usage = histogram("gen_ai_client_token_usage", "Tokens per answered call, by type.");
  for (const auto& [at, data] : merged(telemetry, &Shard::tokens)) {
    Labels labels{{"gen_ai_operation_name", at[0]},
                  {"gen_ai_provider_name", at[1]},
                  {"gen_ai_request_model", at[2]},
                  {"gen_ai_token_type", "input"}};
    usage.histogram(labels, kTokenBounds, data.input);
    labels.back().second = "output";
    usage.histogram(labels, kTokenBounds, data.output);
  }
  put(out, std::move(duration));
  put(out, std::move(usage));
}

void put_requests(Families& out, const Telemetry& telemetry) {
  auto requests = counter("troupe_requests_total", "Requests answered, by model, status code and route.");
  for (const auto& [at, n] : merged(telemetry, &Shard::requests))
    requests.value({{"model", at[0]}, {"code", at[1]}, {"route", at[2]}}, number(n));
  auto attempts = counter("troupe_upstream_attempts_total",
                          "Upstream calls; fault \"none\" is success; route: request, hedge, probe, mirror.");
  for (const auto& [at, n] : merged(telemetry, &Shard::attempts))
    attempts.value({{"provider", at[0]}, {"key", at[1]}, {"fault", at[2]}, {"route", at[3]}}, number(n));
  auto rejections = counter("troupe_ratelimit_rejections_total", "Requests refused for lack of capacity.");
  for (const auto& [at, n] : merged(telemetry, &Shard::rejections))
    rejections.value({{"scope", at[0]}}, number(n));
  auto classified = counter("troupe_classifier_requests_total",
                            "Tasks wanted of the classifier elsewhere, by how that ended: answered, cached, "
                            "failed, paused, busy.");
  for (const auto& [at, n] : merged(telemetry, &Shard::classified))
    classified.value({{"result", at[0]}}, number(n));
  auto cached = counter("troupe_cache_requests_total", "Requests that could be cached, by kind and result.");
  for (const auto& [at, n] : merged(telemetry, &Shard::cached))
    cached.value({{"kind", at[0]}, {"result", at[1]}}, number(n));
  Histogram<kOverheadBounds>::Plain overhead;
  std::int64_t saved = 0;
  std::uint64_t hedges = 0;
  telemetry.each([&](const Shard& shard) {
    shard.overhead.add_to(overhead);
    shard.hedges.add_to(hedges);
    saved += shard.saved.value();
  });
  put(out, std::move(requests));
  put(out, std::move(attempts));
  put(out, std::move(rejections));
  put(out, std::move(classified));
  put(out, std::move(cached));
  put(out,
      counter("troupe_cache_saved_usd_total", "What answers from the cache would have cost, in US dollars.")
          .value({}, Money{saved}.dollars()));
  put(out, histogram("troupe_overhead_seconds", "Time a request spent in the gateway itself.")
               .histogram({}, kOverheadBounds, overhead));
  put(out, counter("troupe_hedges_total", "Second calls sent while the first was slow.")
               .value({}, number(hedges)));
}

void put_costs(Families& out, const Telemetry& telemetry) {
  auto known = counter("troupe_cost_usd_total", "Cost of calls whose price is known, in US dollars.");
  auto unknown = counter("troupe_cost_unknown_total", "Calls whose price is unknown; never counted as zero.");
  for (const auto& [at, cell] : merged(telemetry, &Shard::spend)) {
    const Labels labels{{"provider", at[0]}, {"model", at[1]}, {"tenant", at[2]}};
    if (cell.requests > cell.unknown) known.value(labels, Money{cell.picos}.dollars());
    if (cell.unknown > 0) unknown.value(labels, number(cell.unknown));
  }
  put(out, std::move(known));
  put(out, std::move(unknown));
}

void put_gauges(Families& out, const Telemetry& telemetry) {
  const auto all = telemetry.totals();
  put(out, gauge("troupe_inflight", "Requests being worked on.").value({}, number(all.inflight)));
  put(out, gauge("troupe_streams_active", "Streams being relayed.").value({}, number(all.streams)));
  put(out, gauge("troupe_connections", "Open client connections.").value({}, number(all.connections)));
  put(out, counter("troupe_connections_accepted_total", "Client connections accepted.")
               .value({}, number(all.connections_opened)));
  put(out, counter("troupe_log_dropped_total", "Log events lost because the writer was behind.")
               .value({}, number(log::dropped())));
}

void put_keys(Families& out, const std::vector<actors::ActorInfo>& actors) {
  auto breaker = gauge("troupe_breaker_state", "Breaker of a key: 0 closed, 1 half-open, 2 open, 3 dead.");
  auto used =
      gauge("troupe_key_window_used_ratio",
            "Used part of a key's limit: by all nodes where they share it, as far as this one knows.");
  auto age = gauge("troupe_key_window_age_seconds", "Age of what this node knows of the use by other nodes.");
  auto share = gauge("troupe_key_share", "Units of a key's limit that this node may use on its own now.");
  auto flight = gauge("troupe_key_inflight", "Calls in flight on a key.");
  for (const auto& key : key_views(actors)) {
    const Labels labels{{"provider", key.provider}, {"key", key.name}};
    breaker.value(labels, breaker_number(key.state));
    flight.value(labels, static_cast<double>(key.in_flight));
    for (const auto& window : key.windows) {
      const Labels of_window{{"provider", key.provider}, {"key", key.name}, {"window", window.name}};
      used.value(of_window, window.ratio());
      share.value(of_window, static_cast<double>(window.share));
      if (window.age_s) age.value(of_window, *window.age_s);
    }
  }
  put(out, std::move(share));
  put(out, std::move(age));
  auto queues = gauge("troupe_queue_depth", "Requests waiting for capacity, by model.");
  for (const auto& [model, depth] : queue_depths(actors))
    queues.value({{"model", model}}, static_cast<double>(depth));
  put(out, std::move(breaker));
  put(out, std::move(used));
  put(out, std::move(flight));
  put(out, std::move(queues));
}

void put_actors(Families& out, const std::vector<actors::ActorInfo>& actors) {
  struct Sum {
    std::uint64_t mailbox = 0, restarts = 0, count = 0;
  };
  std::map<std::string, Sum> types;
  for (const auto& actor : actors) {
    auto& sum = types[actor.type];
    sum.mailbox += actor.mailbox;
    sum.restarts += actor.restarts;
    ++sum.count;
  }
  auto mailbox = gauge("troupe_actor_mailbox_messages", "Messages waiting in actors' mailboxes.");
  auto restarts = counter("troupe_actor_restarts_total", "Restarts of actors by their supervisor.");
  auto count = gauge("troupe_actors", "Actors alive.");
  for (const auto& [type, sum] : types) {
    mailbox.value({{"type", type}}, number(sum.mailbox));
    restarts.value({{"type", type}}, number(sum.restarts));
    count.value({{"type", type}}, number(sum.count));
  }
  put(out, std::move(mailbox));
  put(out, std::move(restarts));
  put(out, std::move(count));
}

void put_node(Families& out, const Telemetry& telemetry, const ScrapeState& state) {
  put(out, gauge("troupe_config_revision", "Revision of the configuration in force.")
               .value({}, number(state.config_revision)));
  put(out, gauge("troupe_config_last_reload_successful", "1 when the last reload was taken, 0 when refused.")
               .value({}, state.last_reload_ok ? 1 : 0));
  put(out, gauge("troupe_build_info", "Always 1; the labels say what runs.")
               .value({{"version", state.build.version},
                       {"revision", state.build.git},
                       {"compiler", state.build.compiler},
                       {"node", telemetry.options().node}},
                      1));
  const auto process = process_figures();
  const auto born = std::chrono::duration<double>(telemetry.started().time_since_epoch()).count();
  put(out, counter("process_cpu_seconds_total", "User and system CPU time.").value({}, process.cpu_seconds));
  put(out,
      gauge("process_resident_memory_bytes", "Resident memory.").value({}, number(process.resident_bytes)));
  put(out, gauge("process_virtual_memory_bytes", "Virtual memory.").value({}, number(process.virtual_bytes)));
  put(out, gauge("process_open_fds", "Open file descriptors.").value({}, number(process.open_fds)));
  put(out, gauge("process_max_fds", "Limit of open file descriptors.").value({}, number(process.max_fds)));
  put(out, gauge("process_start_time_seconds", "Start of the process, unix time.").value({}, born));
}

/// What is watched of the conditions under which limits hold (docs/protocol.md).
void put_conditions(Families& out, const nlohmann::json& cluster) {
  auto holds =
      gauge("troupe_cluster_condition_holds",
            "1 while a condition of the limits holds; at 0 this node admits nothing on shared limits.");
  auto bounds = gauge("troupe_cluster_condition_bound", "What the configuration allows of it.");
  std::map<std::string, double> measured;
  for (const auto& one : cluster.at("conditions")) {
    const auto name = one.at("name").get<std::string>();
    holds.value({{"condition", name}}, one.at("holds").get<bool>() ? 1 : 0);
    bounds.value({{"condition", name}}, one.at("bound").get<double>());
    measured[name] = one.at("measured").get<double>();
  }
  put(out, std::move(holds));
  put(out, std::move(bounds));
  put(out,
      gauge("troupe_cluster_send_delay_seconds",
            "Longest time from a call's admission until its bytes were the kernel's, of the last minute.")
          .value({}, measured["send_delay"]));
  put(out, gauge("troupe_cluster_longest_call_seconds", "Longest call on shared limits of the last minute.")
               .value({}, measured["longest_call"]));
  auto clocks =
      gauge("troupe_cluster_clock_rate_error_ratio",
            "Certain difference of a node's clock rate from this node's, of the last three minutes.");
  for (const auto& [peer, error] : cluster.at("clock_errors").items())
    clocks.value({{"peer", peer}}, error.get<double>());
  put(out, std::move(clocks));
}

/// One budget for each value ("...user=bob") is nobody's label: there may be any number of them.
void put_budgets(Families& out, const nlohmann::json& budgets) {
  if (budgets.is_null()) return;
  auto used =
      gauge("troupe_budget_used_ratio", "Spent, in doubt and lost of a tenant's budget in this period.");
  auto named =
      gauge("troupe_named_budget_used_ratio",
            "The same of a virtual key's budget (key/TENANT/NAME) or one of budgets: (budget/NAME).");
  for (const auto& row : budgets.at("budgets")) {
    const auto owner = row.at("owner").get<std::string>();
    const auto ratio = row.at("used_ratio").get<double>();
    if (row.contains("tenant"))
      used.value({{"tenant", row.at("tenant").get<std::string>()}}, ratio);
    else if (owner.find('=') == owner.npos)
      named.value({{"budget", owner}}, ratio);
  }
  put(out, std::move(used));
  put(out, std::move(named));
}

void put_batches(Families& out, const nlohmann::json& batches) {
  if (batches.is_null()) return;
  const auto figure = [&](const char* name) { return batches.at(name).get<double>(); };
  auto lines =
      counter("troupe_batch_lines_total",
              "Answers to lines of batches: completed, failed, no_room (asked again), again (broke, asked "
              "again).");
  lines.value({{"result", "completed"}}, figure("good"));
  lines.value({{"result", "failed"}}, figure("bad"));
  lines.value({{"result", "no_room"}}, figure("waits"));
  lines.value({{"result", "again"}}, figure("again"));
  put(out, std::move(lines));
  put(out,
      gauge("troupe_batches_active", "Batches of this node that are not over.").value({}, figure("active")));
  put(out, gauge("troupe_batch_lines_running", "Lines of batches under way.").value({}, figure("running")));
  put(out, gauge("troupe_batch_files", "Files that this node keeps for batches.").value({}, figure("files")));
}

void put_cluster(Families& out, const Telemetry& telemetry, const nlohmann::json& cluster) {
  if (cluster.is_null()) return;
  auto members = gauge("troupe_cluster_members", "Members of the cluster as this node knows them, by state.");
  for (const auto& [state, count] : cluster.at("members").items())
    members.value({{"state", state}}, count.get<double>());
  auto bytes = counter("troupe_cluster_bytes_total", "Bytes between this node and others.");
  bytes.value({{"direction", "in"}}, cluster.at("bytes_in").get<double>());
  bytes.value({{"direction", "out"}}, cluster.at("bytes_out").get<double>());
  auto trips = gauge("troupe_cluster_round_trip_seconds", "Smoothed round trip to each linked node.");
  for (const auto& [peer, span] : cluster.at("round_trips").items())
    trips.value({{"peer", peer}}, span.get<double>());
  put(out, std::move(members));
  put(out, std::move(bytes));
  put(out, std::move(trips));
  put(out, gauge("troupe_allocator", "1 on the node that hands out permits.")
               .value({{"node", telemetry.options().node}}, cluster.at("allocator").get<bool>() ? 1 : 0));
  put(out, gauge("troupe_config_mixed", "1 while members have different configurations in force.")
               .value({}, cluster.value("mixed", false) ? 1 : 0));
  put(out, gauge("troupe_cluster_lease_seconds", "How long this node may still use its permits without news.")
               .value({}, cluster.at("lease_s").get<double>()));
  put_conditions(out, cluster);
}

}  // namespace

int breaker_number(std::string_view state) {
  if (state == "dead") return 3;
  if (state == "open") return 2;
  if (state.starts_with("half") || state == "ramping") return 1;
  return 0;
}

Scrape::Scrape(const Telemetry& telemetry, ScrapeState state)
    : telemetry_(telemetry), state_(std::move(state)) {}

std::vector<prometheus::MetricFamily> Scrape::Collect() const {
  Families out;
  put_server(out, telemetry_);
  put_client(out, telemetry_);
  put_requests(out, telemetry_);
  put_costs(out, telemetry_);
  put_gauges(out, telemetry_);
  put_keys(out, state_.actors);
  put_actors(out, state_.actors);
  put_node(out, telemetry_, state_);
  put_cluster(out, telemetry_, state_.cluster);
  put_budgets(out, state_.budgets);
  put_batches(out, state_.batches);
  return out;
}

std::string Scrape::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, Collect());
  return out.str();
}

}  // namespace troupe::admin
