#include "gateway/admin/record_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace troupe::admin {
namespace {

Json fault_json(const std::optional<Fault>& fault) {
  return fault ? Json(name(*fault)) : Json();
}

Json optional_ms(const std::optional<Duration>& span) {
  return span ? Json(millis(*span)) : Json();
}

Json attempt_json(const AttemptRecord& attempt) {
  return {{"provider", attempt.provider},
          {"key", attempt.key},
          {"model", attempt.model},
          {"status", attempt.status},
          {"fault", fault_json(attempt.fault)},
          {"began_ms", optional_ms(attempt.began)},
          {"took_ms", millis(attempt.took)},
          {"ttft_ms", optional_ms(attempt.first_token)},
          {"hedge", attempt.hedge},
          {"probe", attempt.probe}};
}

Json step(Duration at, std::string_view what) {
  return {{"at_ms", millis(at)}, {"what", what}};
}

/// Appends the attempts' steps; where an attempt does not say when it began, it began when the last one
/// ended.
void add_attempts(Json& timeline, const RequestRecord& record) {
  auto end = record.queued;
  for (const auto& attempt : record.attempts) {
    const auto began = attempt.began.value_or(end);
    auto row = step(began, "attempt");
    row["took_ms"] = millis(attempt.took);
    row["provider"] = attempt.provider;
    row["key"] = attempt.key;
    row["model"] = attempt.model;
    row["status"] = attempt.status;
    row["fault"] = fault_json(attempt.fault);
    row["hedge"] = attempt.hedge;
    timeline.push_back(std::move(row));
    end = began + attempt.took;
  }
}

Json timeline(const RequestRecord& record) {
  auto out = Json::array({step(Duration::zero(), "received")});
  if (record.queued > Duration::zero()) {
    auto row = step(Duration::zero(), "queued");
    row["took_ms"] = millis(record.queued);
    out.push_back(std::move(row));
  }
  add_attempts(out, record);
  if (record.first_token) out.push_back(step(*record.first_token, "first_token"));
  out.push_back(step(record.total, record.fault ? "failed" : "done"));
  std::stable_sort(out.begin(), out.end(),
                   [](const Json& a, const Json& b) { return a["at_ms"] < b["at_ms"]; });
  return out;
}

}  // namespace

std::string iso_time(WallTime at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto millis_part = std::chrono::floor<std::chrono::milliseconds>(at - whole).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::time_point_cast<std::chrono::system_clock::duration>(whole))),
                     millis_part);
}

double millis(Duration span) {
  return std::round(std::chrono::duration<double, std::micro>(span).count()) / 1000;
}

Json summary(const RequestRecord& record) {
  return {{"id", record.id},
          {"started", iso_time(record.started)},
          {"tenant", record.tenant},
          {"virtual_key", record.virtual_key},
          {"model", record.model},
          {"status", record.status},
          {"fault", fault_json(record.fault)},
          {"stream", record.stream},
          {"route", record.route},
          {"provider", record.provider},
          {"key", record.key},
          {"upstream_model", record.upstream_model},
          {"attempts", record.attempts.size()},
          {"ttft_ms", optional_ms(record.first_token)},
          {"total_ms", millis(record.total)},
          {"tokens_in", record.usage.input.count},
          {"tokens_out", record.usage.output.count},
          {"cost_usd", record.cost ? Json(format_dollars(*record.cost)) : Json()},
          {"cache", record.cache.empty() ? Json() : Json(record.cache)},
          {"saved_usd", record.saved ? Json(format_dollars(*record.saved)) : Json()}};
}

Json detail(const RequestRecord& record) {
  auto out = summary(record);
  out["method"] = record.method;
  out["path"] = record.path;
  out["peer"] = record.peer;
  out["overhead_ms"] = millis(record.overhead);
  out["queued_ms"] = millis(record.queued);
  out["tokens_cached"] = record.usage.cached_read.count;
  out["tokens_reasoning"] = record.usage.reasoning.count;
  out["tokens_estimated"] = record.usage.estimated;
  out["bytes_in"] = record.bytes_in;
  out["bytes_out"] = record.bytes_out;
  out["attempts"] = Json::array();
  for (const auto& attempt : record.attempts) out["attempts"].push_back(attempt_json(attempt));
  out["timeline"] = timeline(record);
  return out;
}

}  // namespace troupe::admin
