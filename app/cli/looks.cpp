#include "app/cli/looks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

double number(const Json& object, std::string_view field) {
  const auto& value = at(object, field);
  return value.is_number() ? value.get<double>() : 0;
}

const Json& list(const Json& body, std::string_view field) {
  static const Json none = Json::array();
  const auto& value = at(body, field);
  return value.is_array() ? value : none;
}

Cell state_cell(const Json& row) {
  const auto state = text(row, "state");
  return {state, paint_of_state(state)};
}

std::string percent(const Json& row, std::string_view field) {
  const auto& value = at(row, field);
  return value.is_number() ? fmt::format("{:.0f}%", value.get<double>() * 100) : "-";
}

std::string millis(const Json& row, std::string_view field) {
  const auto& value = at(row, field);
  return value.is_number() ? fmt::format("{:.0f}ms", value.get<double>()) : "-";
}

std::string age(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f}s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f}m", seconds / 60);
  return seconds < 172800 ? fmt::format("{:.0f}h", seconds / 3600) : fmt::format("{:.0f}d", seconds / 86400);
}

Cell status_cell(const Json& row) {
  const auto status = static_cast<int>(number(row, "status"));
  const auto how = status >= 500 ? Paint::red : status >= 400 ? Paint::yellow : Paint::green;
  return {status == 0 ? "-" : std::to_string(status), how};
}

bool of_many(const Json& body) {
  return at(body, "nodes").is_array();
}

/// With a first column for the node, where several were asked.
std::vector<std::string> titles(const Json& body, std::vector<std::string> names) {
  if (of_many(body)) names.insert(names.begin(), "NODE");
  return names;
}

std::vector<Cell> cells(const Json& body, const Json& row, std::vector<Cell> of_row) {
  if (of_many(body)) of_row.insert(of_row.begin(), Cell(text(row, "node")));
  return of_row;
}

/// The clock part of an ISO time.
std::string clock_of(const Json& row) {
  const auto whole = text(row, "started");
  return whole.size() >= 23 ? whole.substr(11, 12) : whole;
}

}  // namespace

std::string silent(const Json& body) {
  std::string names;
  for (const auto& name : list(body, "missing"))
    names += (names.empty() ? "" : ", ") + name.get<std::string>();
  return names.empty() ? names : "\nno answer from " + names + "\n";
}

std::string short_count(double count) {
  if (count < 10000) return fmt::format("{:.0f}", count);
  return count < 1e6 ? fmt::format("{:.1f}k", count / 1e3) : fmt::format("{:.1f}M", count / 1e6);
}

std::string tightest_window(const Json& key) {
  std::string out = "-";
  double most = -1;
  for (const auto& window : list(key, "windows")) {
    const auto limit = number(window, "limit");
    const auto ratio = limit > 0 ? number(window, "used") / limit : 0;
    if (limit <= 0 || ratio <= most) continue;
    most = ratio;
    out = fmt::format("{} {}/{}", text(window, "name"), short_count(number(window, "used")),
                      short_count(limit));
  }
  return out;
}

std::string actors_table(const Json& body, bool color) {
  Table table(titles(body, {">ID", "TYPE", "NAME", "STATE", ">MAILBOX", ">MESSAGES", ">RATE/MIN", ">BUSY",
                            ">RESTARTS", ">AGE", "LAST"}));
  for (const auto& row : list(body, "actors"))
    table.add(cells(body, row,
                    {text(row, "id"), text(row, "type"), text(row, "name"), state_cell(row),
                     fmt::format("{}/{}", text(row, "mailbox"), text(row, "mailbox_max")),
                     short_count(number(row, "messages")), fmt::format("{:.0f}", number(row, "rate_1m")),
                     fmt::format("{:.1f}%", number(row, "busy_pct")), text(row, "restarts"),
                     age(number(row, "age_s")), text(row, "last_message")}));
  return table.render(color) + silent(body);
}

std::string keys_table(const Json& body, bool color) {
  Table table(
      titles(body, {"KEY", "STATE", ">IN FLIGHT", "WINDOW", ">TTFT P50", ">P99", ">OK/100", "LAST FAULT"}));
  for (const auto& row : list(body, "keys")) {
    const auto& first = at(at(row, "latency"), "ttft_ms");
    table.add(
        cells(body, row,
              {text(row, "id"), state_cell(row), text(row, "in_flight"), tightest_window(row),
               millis(first, "p50"), millis(first, "p99"), percent(row, "success_100"),
               Cell(text(row, "last_fault"), at(row, "last_fault").is_null() ? Paint::dim : Paint::yellow)}));
  }
  return table.render(color) + silent(body);
}

std::string providers_table(const Json& body, bool color) {
  Table table(titles(body, {"PROVIDER", "TYPE", ">KEYS", ">USABLE", ">IN FLIGHT", "BASE URL"}));
  for (const auto& row : list(body, "providers")) {
    const bool dark = number(row, "keys") > 0 && number(row, "usable") == 0;
    table.add(cells(body, row,
                    {text(row, "name"), text(row, "type"), text(row, "keys"),
                     Cell(text(row, "usable"), dark ? Paint::red : Paint::green), text(row, "in_flight"),
                     text(row, "base_url")}));
  }
  return table.render(color) + silent(body);
}

std::string requests_table(const Json& body, bool color) {
  Table table(titles(body, {"TIME", "ID", ">STATUS", "MODEL", "ANSWERED BY", "ROUTE", ">TRIES", ">TTFT",
                            ">TOTAL", ">TOKENS", ">COST", "FAULT"}));
  for (const auto& row : list(body, "requests")) {
    const auto key = text(row, "key");
    const bool called = !text(row, "provider").empty() && text(row, "provider") != "-";
    table.add(
        cells(body, row,
              {clock_of(row), text(row, "id"), status_cell(row), text(row, "model"),
               called ? text(row, "provider") + "/" + text(row, "upstream_model") : std::string("-"),
               text(row, "route"), text(row, "attempts"), millis(row, "ttft_ms"), millis(row, "total_ms"),
               fmt::format("{}+{}", text(row, "tokens_in"), text(row, "tokens_out")), text(row, "cost_usd"),
               text(row, "fault")}));
  }
  return table.render(color, 40) + silent(body);
}

std::string request_sheet(const Json& body, bool color) {
  std::string out;
  for (const auto& [name, value] : body.items())
    if (!value.is_structured())
      out += fmt::format("{} {}\n", paint(fmt::format("{:<17}", name), Paint::dim, color), text(body, name));
  Table table({">AT", ">TOOK", "WHAT", "KEY", "MODEL", ">STATUS", "FAULT"});
  for (const auto& step : list(body, "timeline"))
    table.add({millis(step, "at_ms"), millis(step, "took_ms"), text(step, "what"), text(step, "key"),
               text(step, "model"), at(step, "status").is_null() ? Cell("-") : status_cell(step),
               text(step, "fault")});
  return table.empty() ? out : out + "\n" + table.render(color);
}

std::string explain_sheet(const Json& body, bool color) {
  std::string out;
  for (const char* field : {"asked", "model", "alias", "strategy", "chosen"}) {
    const auto value = text(body, field);
    if (value != "-") out += fmt::format("{:<10}{}\n", field, paint(value, Paint::bold, color));
  }
  const auto& fallbacks = list(body, "fallbacks");
  if (!fallbacks.empty()) out += fmt::format("fallbacks {}\n", fallbacks.dump());
  Table rules({">RULE", "WHEN", "TO", "HOLDS"});
  std::size_t number = 0;
  for (const auto& row : list(body, "rules")) {
    const bool chosen = at(row, "chosen") == true;
    const std::string holds = chosen                       ? "yes, decides"
                              : at(row, "holds") != true   ? "no"
                              : at(row, "allowed") == true ? "yes"
                                                           : "yes, not allowed";
    rules.add({std::to_string(++number), text(row, "when"), text(row, "to"),
               Cell(holds, chosen ? Paint::green : Paint::plain)});
  }
  if (!rules.empty()) out += "\n" + rules.render(color, 96);
  Table table({"KEY", "MODEL", ">TIER", ">WEIGHT", ">SCORE", "VERDICT"});
  for (const auto& row : list(body, "candidates")) {
    const auto rejected = text(row, "rejected");
    const bool good = rejected == "-" || rejected.empty();
    table.add({text(row, "provider") + "/" + text(row, "key"), text(row, "model"), text(row, "tier"),
               text(row, "weight"), text(row, "score"),
               Cell(good ? "can serve" : rejected, good ? Paint::green : Paint::yellow)});
  }
  return out + "\n" + table.render(color, 72);
}

std::string problem_lines(const Json& body, const std::string& file) {
  std::string out;
  for (const auto& row : list(body, "problems")) {
    const auto hint = text(row, "hint");
    out +=
        fmt::format("{}:{}:{}: {}: {}{}\n", file, text(row, "line"), text(row, "column"), text(row, "path"),
                    text(row, "message"), hint.empty() || hint == "-" ? "" : " (" + hint + ")");
  }
  return out;
}

}  // namespace troupe::cli
