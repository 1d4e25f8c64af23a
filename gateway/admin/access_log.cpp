#include "gateway/admin/access_log.hpp"

#include <fmt/format.h>
#include <iterator>

#include "core/log.hpp"

namespace troupe::admin {
namespace {

double millis(Duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

void add_tokens(log::Event& line, const Usage& usage) {
  line.number("tokens_in", usage.input.count).number("tokens_out", usage.output.count);
  if (usage.cached_read.count > 0) line.number("tokens_cached", usage.cached_read.count);
  if (usage.reasoning.count > 0) line.number("tokens_reasoning", usage.reasoning.count);
  if (usage.estimated) line.flag("tokens_estimated", true);
}

void add_who(log::Event& line, const RequestRecord& record) {
  line.text("provider", record.provider)
      .text("key", record.key)
      .text("upstream_model", record.upstream_model)
      .text("route", record.route);
  add_tokens(line, record.usage);
  if (record.cost) {
    line.text("cost_usd", format_dollars(*record.cost));
  } else {
    line.text("cost", "unknown");
  }
}

}  // namespace

std::string compact_attempts(const RequestRecord& record) {
  std::string out;
  for (const auto& attempt : record.attempts)
    fmt::format_to(std::back_inserter(out), "{}{}/{}/{}/{}ms", out.empty() ? "" : " ", attempt.provider,
                   attempt.key, attempt.fault ? name(*attempt.fault) : "ok", ceil_millis(attempt.took));
  return out;
}

void log_request(const RequestRecord& record) {
  if (!log::enabled(log::Level::info)) return;
  auto line = log::info("request");
  line.text("id", record.id)
      .text("method", record.method)
      .text("path", std::string_view(record.path).substr(0, 128))
      .text("tenant", record.tenant)
      .text("virtual_key", record.virtual_key)
      .text("model", std::string_view(record.model).substr(0, 128))
      .number("status", record.status);
  if (record.fault) line.text("fault", name(*record.fault));
  line.flag("stream", record.stream);
  if (!record.provider.empty()) add_who(line, record);
  if (!record.cache.empty()) line.text("cache", record.cache);
  line.number("attempts", static_cast<std::int64_t>(record.attempts.size()));
  if (record.attempts.size() > 1 || (record.fault && !record.attempts.empty()))
    line.text("tried", compact_attempts(record));
  if (record.first_token) line.real("ttft_ms", millis(*record.first_token));
  line.real("total_ms", millis(record.total)).real("overhead_ms", millis(record.overhead));
  if (record.queued > Duration::zero()) line.real("queued_ms", millis(record.queued));
  line.number("bytes_in", static_cast<std::int64_t>(record.bytes_in))
      .number("bytes_out", static_cast<std::int64_t>(record.bytes_out))
      .text("peer", record.peer);
}

}  // namespace troupe::admin
