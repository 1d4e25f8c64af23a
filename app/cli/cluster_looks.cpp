#include "app/cli/cluster_looks.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "app/cli/looks.hpp"
#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

double number(const Json& object, std::string_view field) {
  const auto& value = at(object, field);
  return value.is_number() ? value.get<double>() : 0;
}

bool yes(const Json& object, std::string_view field) {
  const auto& value = at(object, field);
  return value.is_boolean() && value.get<bool>();
}

const Json& list(const Json& body, std::string_view field) {
  static const Json none = Json::array();
  const auto& value = at(body, field);
  return value.is_array() ? value : none;
}

std::string alone(const Json& body) {
  return fmt::format("{}: {}\n", text(body, "node"), text(body, "hint"));
}

std::string roles(const Json& row) {
  std::string out = yes(row, "voter") ? "voter" : "member";
  if (yes(row, "allocator")) out += ", allocator";
  return yes(row, "draining") ? out + ", draining" : out;
}

/// Enough of a fingerprint to tell two apart.
std::string short_name(const std::string& fingerprint) {
  return fingerprint.substr(0, 8);
}

std::string age(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f}s", seconds);
  return seconds < 7200 ? fmt::format("{:.0f}m", seconds / 60) : fmt::format("{:.1f}h", seconds / 3600);
}

Cell link_cell(const Json& row) {
  const auto& link = at(row, "link");
  if (!link.is_object()) return Cell("-", Paint::dim);
  return yes(link, "up") ? Cell("up", Paint::green) : Cell("down", Paint::red);
}

std::string round_trip(const Json& row) {
  const auto& link = at(row, "link");
  return yes(link, "up") ? fmt::format("{:.1f}ms", number(link, "round_trip_ms")) : "-";
}

/// The names of all nodes that hold a part of any limit.
std::vector<std::string> holders(const Json& body) {
  std::set<std::string> names;
  for (const auto& row : list(body, "limits"))
    if (const auto& nodes = at(row, "nodes"); nodes.is_object())
      for (const auto& [name, part] : nodes.items()) names.insert(name);
  return {names.begin(), names.end()};
}

/// "14", or "14 (3 frozen)" while a session that went away has not been accounted for.
std::string part(const Json& row, const std::string& node) {
  const auto& held = at(at(row, "nodes"), node);
  if (!held.is_object()) return "-";
  const auto frozen = number(held, "frozen");
  const auto out = short_count(number(held, "held"));
  return frozen > 0 ? fmt::format("{} ({} frozen)", out, short_count(frozen)) : out;
}

/// Of the asked node: what it may begin now, what is in flight, what it asked for in vain.
void add_here(std::vector<Cell>& cells, const Json& row) {
  const auto& here = at(row, "here");
  for (const char* field : {"available", "reserved", "waiting"}) {
    double sum = number(here, field);
    for (const auto& node : here) sum += number(node, field);  // of many, when many were asked
    cells.emplace_back(short_count(sum));
  }
}

}  // namespace

std::string members_table(const Json& body, bool color) {
  if (yes(body, "standalone")) return alone(body);
  auto out = fmt::format("{}: {}, permits {}, allocator {}, configuration {}\n\n",
                         paint(text(body, "node"), Paint::bold, color),
                         yes(body, "joined") ? "joined" : "not joined",
                         number(body, "lease_s") > 0 ? fmt::format("for {:.1f}s", number(body, "lease_s"))
                                                     : std::string("expired"),
                         text(body, "allocator"), text(body, "revision"));
  Table table(
      {"NODE", "STATE", "ROLE", "ADDRESS", "LINK", ">ROUND TRIP", ">REVISION", "CONFIGURATION", ">SINCE"});
  if (at(body, "ready").is_boolean() && !yes(body, "ready"))
    out += fmt::format("{}: {}\n\n", paint("not ready", Paint::red, color), text(body, "obstacle"));
  for (const auto& row : list(body, "members")) {
    const auto state = text(row, "state");
    table.add({text(row, "name"), Cell(state, paint_of_state(state)), roles(row), text(row, "address"),
               link_cell(row), round_trip(row), text(row, "revision"), short_name(text(row, "configuration")),
               age(number(row, "age_s"))});
  }
  out += table.render(color);
  if (yes(body, "mixed"))
    out +=
        "\nThe members have different configurations in force: where they differ in a limit, the node that "
        "hands out permits rules. `troupe config reload --cluster` makes them the same.\n";
  return out;
}

std::string shares_table(const Json& body, bool color) {
  if (yes(body, "standalone")) return alone(body);
  const bool whole = yes(body, "in_office");
  const auto nodes = holders(body);
  std::vector<std::string> titles{"OWNER", "LIMIT", ">UNITS", ">FREE HERE", ">IN FLIGHT", ">WAITING"};
  if (whole) {
    titles.insert(titles.end(), {">POOL", ">COOLING", ">UNKNOWN"});
    for (const auto& node : nodes) titles.push_back(">" + node);
  }
  Table table(std::move(titles));
  for (const auto& row : list(body, "limits")) {
    std::vector<Cell> cells{text(row, "owner"), text(row, "limit"), short_count(number(row, "units"))};
    add_here(cells, row);
    const auto& account = at(row, "account");
    for (const char* field : {"pool", "cooling", "unknown"})
      if (whole) cells.emplace_back(short_count(number(account, field)));
    for (const auto& node : nodes) cells.emplace_back(part(row, node));
    table.add(std::move(cells));
  }
  auto out = table.render(color) + silent(body);
  if (!whole)
    out += "\nThe allocator knows the whole account: ask there (`troupe cluster members` names it).\n";
  return out;
}

}  // namespace troupe::cli
