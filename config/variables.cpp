#include "config/variables.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace troupe::config {
namespace {

using Expanded = tl::expected<std::string, ExpandError>;
constexpr std::size_t kFileLimit = 64 << 10;
constexpr std::size_t kResultLimit = 1 << 20;
constexpr std::string_view kFile = "file:";

bool valid_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Expanded from_file(const std::string& path, const Environment& environment) {
  auto text = environment.file(path, kFileLimit);
  if (!text) {
    return tl::unexpected(ExpandError{fmt::format("cannot read the file \"{}\"", path),
                                      "it must exist, be readable and at most 64KiB"});
  }
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return *std::move(text);
}

Expanded from_variable(std::string_view inside, const Environment& environment) {
  const auto split = inside.find(":-");
  const std::string name(inside.substr(0, split));
  if (!valid_name(name)) {
    return tl::unexpected(
        ExpandError{"not a variable name inside ${...}",
                    "write ${NAME}, ${NAME:-default} or ${file:PATH}; $${ is a literal ${"});
  }
  auto value = environment.variable(name);
  if (split != std::string_view::npos && (!value || value->empty()))
    return std::string(inside.substr(split + 2));
  if (value) return *std::move(value);
  return tl::unexpected(ExpandError{fmt::format("the environment variable {} is not set", name),
                                    fmt::format("set it, or write ${{{}:-default}}", name)});
}

Expanded reference(std::string_view inside, const Environment& environment) {
  if (inside.substr(0, kFile.size()) == kFile)
    return from_file(std::string(inside.substr(kFile.size())), environment);
  return from_variable(inside, environment);
}

}  // namespace

Expanded expand(std::string_view text, const Environment& environment) {
  std::string out;
  while (!text.empty()) {
    const auto at = text.find("${");
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 2);
    if (!out.empty() && out.back() == '$' && at > 0) {
      out += '{';
      continue;
    }
    const auto end = text.find('}');
    if (end == std::string_view::npos)
      return tl::unexpected(ExpandError{"${ without its }", "write ${NAME}; $${ is a literal ${"});
    auto value = reference(text.substr(0, end), environment);
    if (!value) return value;
    out += *value;
    if (out.size() > kResultLimit)
      return tl::unexpected(ExpandError{"the value is longer than 1MiB after expansion", ""});
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace troupe::config
