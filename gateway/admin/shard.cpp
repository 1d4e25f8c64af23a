#include "gateway/admin/shard.hpp"

#include <fmt/format.h>

namespace troupe::admin {
namespace {

constexpr std::string_view kMirror = "mirror";

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::uint64_t positive(Tokens tokens) {
  return tokens.count > 0 ? static_cast<std::uint64_t>(tokens.count) : 0;
}

std::string_view or_none(std::string_view text) {
  return text.empty() ? "none" : text;
}

std::string_view fault_label(const std::optional<Fault>& fault, std::string_view without) {
  return fault ? name(*fault) : without;
}

/// The pace after the first token (semantic conventions: time per output token, first one excluded).
std::optional<Duration> per_token(const RequestRecord& record) {
  if (!record.stream || !record.first_token || record.usage.output.count < 2) return {};
  return (record.total - *record.first_token) / (record.usage.output.count - 1);
}

}  // namespace

std::string_view operation_of(std::string_view path) {
  if (path == "/v1/chat/completions" || path == "/v1/messages" || path == "/v1/responses") return "chat";
  if (path == "/v1/completions") return "text_completion";
  if (path == "/v1/embeddings") return "embeddings";
  return {};
}

std::string_view rejection_scope(Fault fault) {
  if (fault == Fault::policy_rate_limited) return "tenant";
  if (fault == Fault::policy_queue_full || fault == Fault::policy_queue_timeout) return "queue";
  if (fault == Fault::troupe_no_capacity) return "keys";
  return {};
}

bool is_failure(Fault fault) {
  return !name(fault).starts_with("caller_");
}

void TokenCell::add_to(Plain& out) const {
  input.add_to(out.input);
  output.add_to(out.output);
}

void SpeedCell::add_to(Plain& out) const {
  first_token.add_to(out.first_token);
  per_token.add_to(out.per_token);
}

void SpendCell::add_to(Plain& out) const {
  requests.add_to(out.requests);
  unknown.add_to(out.unknown);
  input.add_to(out.input);
  output.add_to(out.output);
  cached.add_to(out.cached);
  reasoning.add_to(out.reasoning);
  out.picos += picos.value();
}

void Shard::count(const RequestRecord& record, const Vocabulary& known) {
  finished.add();
  if (record.route == kMirror) return count_mirror(record, known);
  if (record.fault && is_failure(*record.fault)) failed.add();
  const bool answered = record.status >= 200 && record.status < 300;
  const auto operation = operation_of(record.path);
  const auto model = models_.label(known, record.model, answered);
  const fmt::format_int code(record.status);
  requests.at({model, std::string_view(code.data(), code.size()), or_none(record.route)}).add();
  if (record.fault)
    if (const auto scope = rejection_scope(*record.fault); !scope.empty()) rejections.at({scope}).add();
  if (operation.empty()) return;
  served.at({operation, model, fault_label(record.fault, "")}).observe(seconds(record.total));
  overhead.observe(seconds(record.overhead));
  count_attempts(record, known, operation, "");
  count_cache(record);
  if (!record.provider.empty() && !record.saved)
    count_answer(record, operation, model, models_.label(known, record.upstream_model, answered));
}

void Shard::count_cache(const RequestRecord& record) {
  if (record.cache.empty()) return;
  const bool semantic = record.cache == "semantic";
  cached.at({"exact", record.saved && !semantic ? "hit" : "miss"}).add();
  if (record.meant) cached.at({"semantic", semantic ? "hit" : "miss"}).add();
  if (record.saved) saved.add(record.saved->picos);
}

void Shard::count_probe(const RequestRecord& record, const Vocabulary& known) {
  const auto operation = operation_of(record.path);
  count_attempts(record, known, operation, "probe");
  if (record.fault) return;
  const auto upstream = models_.label(known, record.upstream_model, true);
  count_tokens(record, operation, upstream);
  count_spend(record, upstream);
}

/// Nobody waited for it: it is in no latency that callers see, and its failures are no caller's.
void Shard::count_mirror(const RequestRecord& record, const Vocabulary& known) {
  const auto operation = operation_of(record.path);
  const fmt::format_int code(record.status);
  const auto model = models_.label(known, record.model, true);
  requests.at({model, std::string_view(code.data(), code.size()), kMirror}).add();
  count_attempts(record, known, operation, kMirror);
  if (record.fault) return;
  const auto upstream = models_.label(known, record.upstream_model, true);
  count_tokens(record, operation, upstream);
  count_spend(record, upstream);
}

void Shard::count_attempts(const RequestRecord& record, const Vocabulary& known, std::string_view operation,
                           std::string_view fixed) {
  for (const auto& attempt : record.attempts) {
    const auto route = !fixed.empty() ? fixed : attempt.hedge ? "hedge" : "request";
    attempts.at({attempt.provider, attempt.key, fault_label(attempt.fault, "none"), route}).add();
    const auto upstream = models_.label(known, attempt.model, !attempt.fault);
    operated.at({operation, attempt.provider, upstream, fault_label(attempt.fault, "")})
        .observe(seconds(attempt.took));
    if (attempt.hedge) hedges.add();
  }
}

void Shard::count_answer(const RequestRecord& record, std::string_view operation, std::string_view model,
                         std::string_view upstream) {
  if (record.first_token) {
    first_token.observe_ms(seconds(*record.first_token) * 1e3);
    speed.at({operation, record.provider, model}).first_token.observe(seconds(*record.first_token));
  }
  if (const auto pace = per_token(record))
    speed.at({operation, record.provider, model}).per_token.observe(seconds(*pace));
  count_tokens(record, operation, upstream);
  count_spend(record, upstream);
}

void Shard::count_tokens(const RequestRecord& record, std::string_view operation, std::string_view upstream) {
  if (record.usage.input.count == 0 && record.usage.output.count == 0) return;
  auto& cell = tokens.at({operation, record.provider, upstream});
  cell.input.observe(static_cast<double>(record.usage.input.count));
  cell.output.observe(static_cast<double>(record.usage.output.count));
}

void Shard::count_spend(const RequestRecord& record, std::string_view upstream) {
  auto& cell = spend.at({record.provider, upstream, or_none(record.tenant)});
  cell.requests.add();
  cell.input.add(positive(record.usage.input));
  cell.output.add(positive(record.usage.output));
  cell.cached.add(positive(record.usage.cached_read));
  cell.reasoning.add(positive(record.usage.reasoning));
  if (record.cost) {
    cell.picos.add(record.cost->picos);
  } else {
    cell.unknown.add();
  }
}

void Shard::add_to(Totals& out) const {
  started.add_to(out.started);
  finished.add_to(out.finished);
  failed.add_to(out.failed);
  streams_opened.add_to(out.streams_opened);
  streams_closed.add_to(out.streams_closed);
  connections_opened.add_to(out.connections_opened);
  connections_closed.add_to(out.connections_closed);
  first_token.add_to(out.first_token);
  LabelTable<SpendCell, 3>::Merged cells;
  spend.merge_into(cells);
  for (const auto& [labels, cell] : cells) {
    out.input += cell.input;
    out.output += cell.output;
    out.cost_unknown += cell.unknown;
    out.picos += cell.picos;
  }
}

}  // namespace troupe::admin
