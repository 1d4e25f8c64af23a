#include "config/value_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "config/measure.hpp"
#include "config/nearest.hpp"
#include "config/variables.hpp"

namespace troupe::config {
namespace {

using Kind = YamlNode::Kind;

std::string real_range(double min, double max) {
  return fmt::format("a number from {} to {}", format_real(min), format_real(max));
}

// What may be written, for each kind of value.
struct Expectation {
  std::string operator()(const Flag&) const { return "true or false"; }
  std::string operator()(const Whole& it) const {
    if (it.min == it.max) return fmt::format("the number {}", it.min);
    return fmt::format("a whole number from {} to {}", it.min, it.max);
  }
  std::string operator()(const Real& it) const { return real_range(it.min, it.max); }
  std::string operator()(const Share&) const { return "a share from 0% to 100%, as 20% or 0.2"; }
  std::string operator()(const Span& it) const {
    return fmt::format("a duration with its unit, as 500ms, 30s, 2m or 1h, from {} to {}",
                       format_duration(it.min), format_duration(it.max));
  }
  std::string operator()(const Size& it) const {
    return fmt::format("a size with its unit, as 64KiB or 20MiB, from {} to {}", format_size(it.min),
                       format_size(it.max));
  }
  std::string operator()(const Text& it) const {
    switch (it.kind) {
      case TextKind::plain:
        return "text";
      case TextKind::address:
        return "an address as 127.0.0.1:8080 or [::1]:8080";
      case TextKind::url:
        return "a URL as https://host/v1";
      case TextKind::proxy:
        return "a proxy as http://host:port or http://user:password@host:port";
      case TextKind::path:
        return "a path";
      case TextKind::virtual_key_hash:
        return "sha256: and 64 hexadecimal digits";
      case TextKind::label:
        return "a DNS label as node-1";
      case TextKind::endpoint:
        return "host:port as 10.0.0.1:7946";
    }
    return {};
  }
  std::string operator()(const Hidden&) const { return "a secret, as \"${NAME}\" or \"${file:PATH}\""; }
  std::string operator()(const Choice& it) const {
    return fmt::format("one of: {}", fmt::join(it.names, ", "));
  }
  std::string operator()(const Texts& it) const {
    if (it.kind == TextKind::endpoint) return "a list of host:port as [ 10.0.0.1:7946 ]";
    if (it.choices.empty()) return "a list of names";
    return fmt::format("a list of: {}", fmt::join(it.choices, ", "));
  }
  std::string operator()(const Rate& it) const {
    return fmt::format("parts per million with their unit, as 500ppm, from {} to {}", format_ppm(it.min),
                       format_ppm(it.max));
  }
  std::string operator()(const Headers&) const { return "a map from header names to texts"; }
  std::string operator()(const AddressBook&) const { return "a map from node names to host:port"; }
  std::string operator()(const Labels&) const { return "a map from names to texts, as { team: search }"; }
  std::string operator()(const Moment&) const { return "a moment, as 2027-01-01 or 2027-01-01T08:30:00Z"; }
  std::string operator()(const Shares& it) const {
    return fmt::format("a list of shares above 0% and up to {}, as [ 80%, 1.0 ]", format_share(it.max));
  }
  std::string operator()(const Price& it) const {
    const std::string price = "US dollars per million tokens, as 2.50/Mtok";
    return it.none.empty() ? price : fmt::format("{}, or {}", it.none, price);
  }
  std::string operator()(const Use&) const { return "provider/model"; }
  std::string operator()(const HedgeAfter&) const { return "p95 or a duration, as 800ms"; }
};

/// Puts one written text into a field. True when it fits.
struct Assign {
  const std::string& text;

  template <class T>
  static bool ranged(const std::optional<T>& parsed, T min, T max, T& at) {
    if (!parsed || *parsed < min || *parsed > max) return false;
    at = *parsed;
    return true;
  }
  bool operator()(const Flag& it) const {
    const auto flag = parse_flag(text);
    if (flag) *it.at = *flag;
    return flag.has_value();
  }
  bool operator()(const Whole& it) const { return ranged(parse_whole(text), it.min, it.max, *it.at); }
  bool operator()(const Real& it) const { return ranged(parse_real(text), it.min, it.max, *it.at); }
  bool operator()(const Share& it) const { return ranged(parse_share(text), 0.0, 1.0, *it.at); }
  bool operator()(const Span& it) const { return ranged(parse_duration(text), it.min, it.max, *it.at); }
  bool operator()(const Size& it) const { return ranged(parse_size(text), it.min, it.max, *it.at); }
  bool operator()(const Text& it) const {
    *it.at = text;
    return true;
  }
  bool operator()(const Hidden& it) const {
    *it.at = Secret(text);
    return it.may_be_empty || !text.empty();
  }
  bool operator()(const Choice& it) const {
    const auto found = std::find(it.names.begin(), it.names.end(), text);
    if (found == it.names.end()) return false;
    *it.at = static_cast<std::size_t>(found - it.names.begin());
    return true;
  }
  bool operator()(const Price& it) const {
    if (!it.none.empty() && text == it.none) {
      it.at->reset();
      return true;
    }
    const auto price = parse_price(text);
    if (price) *it.at = *price;
    return price.has_value();
  }
  bool operator()(const Use& it) const {
    const auto slash = text.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) return false;
    it.at->provider = text.substr(0, slash);
    it.at->model = text.substr(slash + 1);
    return true;
  }
  bool operator()(const HedgeAfter& it) const {
    it.at->after_p95 = text == "p95";
    it.at->after.reset();
    if (it.at->after_p95) return true;
    const auto span = parse_duration(text);
    if (span && span->count() > 0) it.at->after = *span;
    return it.at->after.has_value();
  }
  bool operator()(const Rate& it) const {
    const auto rate = parse_ppm(text);
    const bool fits = rate && rate->parts >= it.min.parts && rate->parts <= it.max.parts;
    if (fits) *it.at = *rate;
    return fits;
  }
  bool operator()(const Moment& it) const {
    *it.at = parse_moment(text);
    return it.at->has_value();
  }
  bool operator()(const Labels&) const { return false; }
  bool operator()(const Shares&) const { return false; }
  bool operator()(const Texts&) const { return false; }
  bool operator()(const Headers&) const { return false; }
  bool operator()(const AddressBook&) const { return false; }
};

struct Reader {
  const Environment& environment;
  Problems& problems;
  Places& places;

  void add(const YamlNode& node, const std::string& path, std::string message, std::string hint = {}) {
    problems.push_back({node.line, node.column, path, std::move(message), std::move(hint)});
  }

  std::optional<std::string> text(const YamlNode& node, const std::string& path,
                                  const std::string& expected) {
    if (node.kind != Kind::scalar) {
      add(node, path, fmt::format("expected {}", expected));
      return std::nullopt;
    }
    auto expanded = expand(node.text, environment);
    if (expanded) return *std::move(expanded);
    add(node, path, expanded.error().message, expanded.error().hint);
    return std::nullopt;
  }

  void choice(const YamlNode& node, const std::string& path, const Choice& it, const std::string& wrong) {
    const bool later = std::find(it.later.begin(), it.later.end(), wrong) != it.later.end();
    if (!later)
      return add(node, path, fmt::format("unknown value \"{}\"", node.text), suggest(wrong, it.names));
    add(node, path, fmt::format("\"{}\" is not supported by this version", wrong),
        fmt::format(
            "use one of: {}{}", fmt::join(it.names, ", "),
            path.ends_with(".type") ? "; an OpenAI-compatible API is type: openai with its base_url" : ""));
  }

  void scalar(const YamlNode& node, const std::string& path, const Value& value) {
    const auto expected = expectation(value);
    const auto written = text(node, path, expected);
    if (!written || std::visit(Assign{*written}, value)) return;
    if (std::holds_alternative<Hidden>(value))
      return add(node, path, "the secret is empty", "leave the field out");
    if (const auto* it = std::get_if<Choice>(&value)) return choice(node, path, *it, *written);
    add(node, path, fmt::format("\"{}\" is not {}", node.text, expected), missing_unit(value, node.text));
  }

  static std::string missing_unit(const Value& value, const std::string& written) {
    if (!parse_real(written)) return {};
    if (std::holds_alternative<Span>(value))
      return fmt::format("units are required: {}s or {}ms", written, written);
    if (std::holds_alternative<Size>(value))
      return fmt::format("units are required: {}B or {}MiB", written, written);
    if (std::holds_alternative<Price>(value)) return fmt::format("units are required: {}/Mtok", written);
    if (std::holds_alternative<Rate>(value)) return fmt::format("units are required: {}ppm", written);
    if (std::holds_alternative<Share>(value)) return fmt::format("for percent write {}%", written);
    return {};
  }

  void list(const YamlNode& node, const std::string& path, const Texts& it) {
    if (node.kind != Kind::list)
      return add(node, path, fmt::format("expected {}", expectation(it)), "write [ a, b ]");
    it.at->clear();
    for (std::size_t at = 0; at < node.items.size(); ++at)
      list_item(*node.items[at], fmt::format("{}[{}]", path, at), it);
  }

  void list_item(const YamlNode& node, const std::string& path, const Texts& it) {
    places.add(path, node.line, node.column);
    const auto name = text(node, path, "a name");
    if (!name) return;
    const bool fits =
        it.choices.empty() || std::find(it.choices.begin(), it.choices.end(), *name) != it.choices.end();
    if (!fits)
      return add(node, path, fmt::format("unknown value \"{}\"", node.text), suggest(*name, it.choices));
    it.at->push_back(*name);
  }

  void shares(const YamlNode& node, const std::string& path, const Shares& it) {
    const auto expected = expectation(it);
    if (node.kind != Kind::list) return add(node, path, fmt::format("expected {}", expected));
    it.at->clear();
    for (std::size_t at = 0; at < node.items.size(); ++at) {
      const auto& item = *node.items[at];
      const auto here = fmt::format("{}[{}]", path, at);
      places.add(here, item.line, item.column);
      const auto written = text(item, here, "a share");
      const auto share = written ? parse_share(*written) : std::nullopt;
      if (share && *share > 0 && *share <= it.max)
        it.at->push_back(*share);
      else if (written)
        add(item, here, fmt::format("\"{}\" is not {}", item.text, expected));
    }
  }

  void text_map(const YamlNode& node, const std::string& path, std::map<std::string, std::string>& map,
                const std::string& expected) {
    if (node.kind != Kind::map) return add(node, path, fmt::format("expected {}", expected));
    for (const auto& entry : node.entries) {
      const auto here = fmt::format("{}.{}", path, entry.key);
      places.add(here, entry.line, entry.column);
      if (auto written = text(*entry.value, here, "text")) map[entry.key] = *std::move(written);
    }
  }
};

}  // namespace

std::string expectation(const Value& value) {
  return std::visit(Expectation{}, value);
}

void read_value(const YamlNode& node, const std::string& path, const Value& value,
                const Environment& environment, Problems& problems, Places& places) {
  Reader reader{environment, problems, places};
  if (const auto* texts = std::get_if<Texts>(&value)) return reader.list(node, path, *texts);
  if (const auto* headers = std::get_if<Headers>(&value))
    return reader.text_map(node, path, *headers->at, expectation(value));
  if (const auto* book = std::get_if<AddressBook>(&value))
    return reader.text_map(node, path, *book->at, expectation(value));
  if (const auto* labels = std::get_if<Labels>(&value))
    return reader.text_map(node, path, *labels->at, expectation(value));
  if (const auto* shares = std::get_if<Shares>(&value)) return reader.shares(node, path, *shares);
  reader.scalar(node, path, value);
}

}  // namespace troupe::config
