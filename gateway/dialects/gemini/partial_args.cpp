#include "gateway/dialects/gemini/partial_args.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace troupe::dialects::gemini {
namespace {

constexpr std::size_t kMaxSteps = 64, kMaxIndex = 10'000;

using Step = std::variant<std::string, std::size_t>;

/// [0], ['name'] or ["name"]; `at` stands on the bracket and is left behind it.
std::optional<Step> bracket(std::string_view path, std::size_t& at) {
  const auto from = at + 1;
  if (from >= path.size()) return std::nullopt;
  const char quote = path[from];
  if (quote == '\'' || quote == '"') {
    const auto end = path.find(quote, from + 1);
    if (end == path.npos || end + 1 >= path.size() || path[end + 1] != ']') return std::nullopt;
    at = end + 2;
    return Step(std::string(path.substr(from + 1, end - from - 1)));
  }
  const auto end = path.find(']', from);
  if (end == path.npos) return std::nullopt;
  std::size_t index = 0;
  const auto read = std::from_chars(path.data() + from, path.data() + end, index);
  if (read.ec != std::errc{} || read.ptr != path.data() + end || index > kMaxIndex) return std::nullopt;
  at = end + 1;
  return Step(index);
}

std::optional<std::vector<Step>> steps_of(std::string_view path) {
  if (!path.starts_with('$')) return std::nullopt;
  std::vector<Step> out;
  for (std::size_t at = 1; at < path.size();) {
    if (out.size() == kMaxSteps) return std::nullopt;
    if (path[at] == '[') {
      auto step = bracket(path, at);
      if (!step) return std::nullopt;
      out.push_back(std::move(*step));
    } else if (path[at] == '.') {
      const auto end = std::min(path.find_first_of(".[", at + 1), path.size());
      out.emplace_back(std::string(path.substr(at + 1, end - at - 1)));
      at = end;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

Json& walk(Json& from, const std::vector<Step>& steps) {
  auto* here = &from;
  for (const auto& step : steps) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      if (!here->is_object()) *here = Json::object();
      here = &(*here)[*name];
    } else {
      if (!here->is_array()) *here = Json::array();
      here = &(*here)[std::get<std::size_t>(step)];
    }
  }
  return *here;
}

}  // namespace

void add_partial(Json& arguments, const doc::object& partial) {
  const auto steps = steps_of(doc::text_of(partial, "jsonPath"));
  if (!steps || steps->empty() || !std::holds_alternative<std::string>(steps->front())) return;
  auto& place = walk(arguments, *steps);
  doc::element value;
  bool flag = false;
  double number = 0;
  if (partial["stringValue"].get(value) == simdjson::SUCCESS) {
    if (!place.is_string()) place = "";
    place.get_ref<std::string&>().append(doc::text_of(value));
  } else if (partial["boolValue"].get(flag) == simdjson::SUCCESS) {
    place = flag;
  } else if (partial["numberValue"].get(number) == simdjson::SUCCESS) {
    const auto whole = static_cast<std::int64_t>(number >= -9e15 && number <= 9e15 ? number : 0.5);
    place = static_cast<double>(whole) == number ? Json(whole) : Json(number);
  }
}

}  // namespace troupe::dialects::gemini
