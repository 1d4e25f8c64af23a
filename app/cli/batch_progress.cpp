#include "app/cli/batch_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

constexpr std::size_t kBar = 30, kLeastBar = 10;

std::int64_t count(const Json& usage, const char* one, const char* other) {
  for (const char* name : {one, other})
    if (const auto& value = at(usage, name); value.is_number_integer()) return value.get<std::int64_t>();
  return 0;
}

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string spell(Duration span) {
  const auto all = ceil_seconds(span);
  if (all < 120) return fmt::format("{} s", all);
  if (all < 7200) return fmt::format("{} min", (all + 59) / 60);
  return fmt::format("{:.1f} h", static_cast<double>(all) / 3600);
}

std::string figures(const Progress& progress) {
  auto out = fmt::format("{:.1f}/s", progress.rate());
  if (progress.failed > 0) out += fmt::format(", {} failed", progress.failed);
  if (const auto tokens = progress.spent.input + progress.spent.output; tokens > 0)
    out += fmt::format(", {} tokens", tokens);
  if (progress.spent.cost) out += fmt::format(", ${}", format_dollars(*progress.spent.cost));
  return out;
}

}  // namespace

Spent spent_of(std::string_view body, std::string_view cost) {
  Spent out;
  const auto json = Json::parse(body, nullptr, false);
  const auto& usage = at(json, "usage");
  out.input = count(usage, "prompt_tokens", "input_tokens");
  out.output = count(usage, "completion_tokens", "output_tokens");
  double dollars = 0;
  const auto [end, error] = std::from_chars(cost.data(), cost.data() + cost.size(), dollars);
  if (!cost.empty() && error == std::errc{} && end == cost.data() + cost.size())
    out.cost = from_dollars(dollars);
  return out;
}

double Progress::rate() const {
  const auto mine = completed + failed;
  return mine == 0 || took <= Duration::zero() ? 0 : static_cast<double>(mine) / seconds(took);
}

std::optional<Duration> Progress::left() const {
  if (rate() <= 0) return std::nullopt;
  const auto rest = static_cast<double>(total - std::min(total, finished())) / rate();
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(rest, 1e9)));
}

std::string progress_line(const Progress& progress, std::size_t columns) {
  const auto share = progress.total == 0
                         ? 1.0
                         : static_cast<double>(progress.finished()) / static_cast<double>(progress.total);
  const auto head = fmt::format("{}/{} {:.0f} %", progress.finished(), progress.total, share * 100);
  auto tail = figures(progress);
  if (const auto left = progress.left()) tail += ", " + spell(*left) + " left";
  const auto taken = head.size() + tail.size() + 4;
  const auto room = columns > taken ? std::min(kBar, columns - taken) : 0;
  if (room < kLeastBar) return clip(head + " " + tail, columns);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(room));
  return head + " [" + std::string(full, '=') + std::string(room - full, ' ') + "] " + tail;
}

std::string summary_text(const Progress& progress, const std::string& out) {
  auto text = fmt::format("{} lines: {} completed, {} failed", progress.total,
                          progress.finished() - progress.failed, progress.failed);
  if (progress.before > 0) text += fmt::format(" ({} by an earlier run)", progress.before);
  return text + ", " + spell(progress.took) + ", " + figures(progress) + "\n" + out + "\n";
}

Json summary_json(const Progress& progress, const std::string& out) {
  return {{"lines", progress.total},
          {"completed", progress.finished() - progress.failed},
          {"failed", progress.failed},
          {"by_an_earlier_run", progress.before},
          {"seconds", seconds(progress.took)},
          {"lines_per_second", progress.rate()},
          {"input_tokens", progress.spent.input},
          {"output_tokens", progress.spent.output},
          {"cost_usd", progress.spent.cost ? Json(format_dollars(*progress.spent.cost)) : Json()},
          {"out", out}};
}

}  // namespace troupe::cli
