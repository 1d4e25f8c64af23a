#include "app/cli/top_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "app/cli/looks.hpp"
#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

std::string or_dash(const Json& object, std::string_view field) {
  return text(object, field);
}

std::string title_line(const TopData& data, const TopView& view) {
  const auto& from = data.overview.is_object() ? data.overview : data.version;
  const bool ready = at(data.overview, "ready") != false;
  const auto state = !data.trouble.empty() ? paint("no answer", Paint::red, view.color)
                     : ready               ? paint("ready", Paint::green, view.color)
                                           : paint("not ready", Paint::yellow, view.color);
  return fmt::format("{} {} {}  {}", paint("troupe", Paint::bold, view.color), or_dash(from, "node"),
                     or_dash(from, "version"), state);
}

std::string rate_line(const Json& now) {
  const auto& first = at(now, "ttft_ms");
  const auto& tokens = at(now, "tokens_per_s");
  return fmt::format(
      "{} req/s  {} in flight  {} streams  failed {}  ttft p50 {} ms p99 {} ms  tokens/s {} in {} out",
      or_dash(now, "requests_per_s"), or_dash(now, "in_flight"), or_dash(now, "streams"),
      or_dash(now, "failed"), or_dash(first, "p50"), or_dash(first, "p99"), or_dash(tokens, "in"),
      or_dash(tokens, "out"));
}

std::vector<std::string> alert_lines(const TopData& data, const TopView& view) {
  std::vector<std::string> out;
  if (!data.trouble.empty()) out.push_back(paint(clip(data.trouble, view.columns), Paint::red, view.color));
  const auto& alerts = at(data.overview, "alerts");
  if (alerts.is_array())
    for (const auto& alert : alerts)
      if (out.size() < 3)
        out.push_back(paint(clip("! " + text(alert, "message"), view.columns), Paint::yellow, view.color));
  return out;
}

std::string pane_text(const TopData& data, const TopView& view) {
  switch (view.pane) {
    case Pane::keys:
      return keys_table(data.pane, view.color);
    case Pane::providers:
      return providers_table(data.pane, view.color);
    case Pane::actors:
      return actors_table(data.pane, view.color);
    case Pane::requests:
      return requests_table(data.pane, view.color);
  }
  return {};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

/// Clips what is visible; colour codes take no column.
std::string clip_painted(const std::string& line, std::size_t columns) {
  std::string out;
  std::size_t used = 0;
  bool code = false;
  for (const char c : line) {
    if (c == '\033') code = true;
    const bool shown = !code && (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (shown && ++used > columns) return out + (line.find('\033') == std::string::npos ? "" : "\033[0m");
    out += c;
    if (c == 'm') code = false;
  }
  return out;
}

std::string help_line(const TopView& view) {
  const auto name = [&](Pane pane, const char* label) {
    return paint(label, view.pane == pane ? Paint::bold : Paint::dim, view.color);
  };
  auto out = fmt::format("{}  {}  {}  {}", name(Pane::keys, "[k]eys"), name(Pane::providers, "[p]roviders"),
                         name(Pane::actors, "[a]ctors"), name(Pane::requests, "[r]equests"));
  if (view.pane == Pane::actors) out += fmt::format("  [s]ort: {}", kSorts[view.sort % std::size(kSorts)]);
  return out + "  [q]uit";
}

}  // namespace

std::string pane_target(const TopView& view) {
  switch (view.pane) {
    case Pane::keys:
      return "/keys";
    case Pane::providers:
      return "/providers";
    case Pane::actors:
      return fmt::format("/actors?sort={}", kSorts[view.sort % std::size(kSorts)]);
    case Pane::requests:
      return fmt::format("/requests?limit={}", std::clamp<std::size_t>(view.rows, 1, 200));
  }
  return "/keys";
}

std::string top_frame(const TopData& data, const TopView& view) {
  std::vector<std::string> lines{title_line(data, view), rate_line(data.overview)};
  for (auto& line : alert_lines(data, view)) lines.push_back(std::move(line));
  lines.emplace_back();
  for (auto& line : lines_of(pane_text(data, view))) lines.push_back(std::move(line));
  const auto room = view.rows > 2 ? view.rows - 2 : 1;
  if (lines.size() > room) lines.resize(room);
  lines.emplace_back();
  lines.push_back(help_line(view));
  std::string out;
  for (const auto& line : lines) out += clip_painted(line, view.columns) + "\n";
  return out;
}

bool press(TopView& view, char key) {
  switch (key) {
    case 'q':
    case '\x03':
      return false;
    case 'k':
      view.pane = Pane::keys;
      break;
    case 'p':
      view.pane = Pane::providers;
      break;
    case 'a':
      view.pane = Pane::actors;
      break;
    case 'r':
      view.pane = Pane::requests;
      break;
    case 's':
      view.sort = (view.sort + 1) % std::size(kSorts);
      break;
    default:
      break;
  }
  return true;
}

}  // namespace troupe::cli
