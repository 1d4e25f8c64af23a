#include "cluster/locksmith/wish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/ip_range.hpp"
#include "config/measure.hpp"

namespace troupe::locksmith {
namespace {

using keyring::Millis;
using nlohmann::json;

constexpr Millis kDay = 24LL * 3600 * 1000;
constexpr Millis kLongestGrace = 90 * kDay;

tl::unexpected<Error> bad(const std::string& field, const std::string& why) {
  return fail(Fault::caller_bad_request, fmt::format("{}: {}", field, why), field);
}

Result<json> read(std::string_view body, std::initializer_list<std::string_view> fields) {
  auto parsed = json::parse(body.empty() ? std::string_view("{}") : body, nullptr, false);
  if (!parsed.is_object()) return fail(Fault::caller_bad_request, "the body is no JSON object");
  for (const auto& [name, value] : parsed.items())
    if (std::find(fields.begin(), fields.end(), name) == fields.end())
      return bad(name, "there is no such field");
  return parsed;
}

bool plain(std::string_view name) {
  const auto good = [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '_' || c == '-' || c == ':';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), good);
}

template <class Named>
const Named* by_name(const std::vector<Named>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Result<std::string> text(const json& from, const char* field) {
  const auto found = from.find(field);
  if (found == from.end()) return std::string();
  if (!found->is_string()) return bad(field, "not a text");
  return found->get<std::string>();
}

/// A list of texts that all pass `check`, which says what is wrong with one, or nothing.
template <class Check>
Result<std::vector<std::string>> list(const json& from, const char* field, const Check& check) {
  std::vector<std::string> out;
  const auto found = from.find(field);
  if (found == from.end()) return out;
  if (!found->is_array()) return bad(field, "not a list of texts");
  for (const auto& item : *found) {
    if (!item.is_string()) return bad(field, "not a list of texts");
    out.push_back(item.get<std::string>());
    if (const std::string why = check(out.back()); !why.empty()) return bad(field, why);
  }
  return out;
}

Millis millis(WallTime at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::optional<Millis> span(std::string_view text) {
  const auto read = config::parse_duration(text);
  if (!read) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*read).count();
}

Result<Millis> expiry(const json& from, Millis now) {
  const auto said = text(from, "expires");
  if (!said) return tl::unexpected(said.error());
  if (said->empty()) return Millis{0};
  std::optional<Millis> at;
  if (const auto moment = config::parse_moment(*said)) at = millis(*moment);
  if (const auto from_now = span(*said); !at && from_now) at = now + *from_now;
  if (!at)
    return bad("expires", "write a date (2027-01-01), a moment (2027-01-01T10:00:00Z) or a span (30d)");
  if (*at <= now) return bad("expires", "is over already");
  return *at;
}

Result<void> read_limits(const json& from, keyring::Policy& policy) {
  const std::array<std::pair<const char*, std::int64_t*>, 7> all{{{"rpm", &policy.rpm},
                                                                  {"tpm", &policy.tpm},
                                                                  {"itpm", &policy.itpm},
                                                                  {"otpm", &policy.otpm},
                                                                  {"rpd", &policy.rpd},
                                                                  {"tpd", &policy.tpd},
                                                                  {"concurrency", &policy.concurrency}}};
  const auto found = from.find("limits");
  if (found == from.end()) return {};
  if (!found->is_object()) return bad("limits", "not an object");
  for (const auto& [name, value] : found->items()) {
    const auto* at = std::find_if(
        all.begin(), all.end(), [&, n = std::string_view(name)](const auto& one) { return one.first == n; });
    if (at == all.end()) return bad("limits." + name, "there is no such limit");
    if (!value.is_number_integer() || value.get<std::int64_t>() < 1)
      return bad("limits." + name, "not a whole number above 0");
    *at->second = value.get<std::int64_t>();
  }
  return {};
}

/// What it does not say is as in the tenant's own budget.
Result<void> read_budget(const json& from, const config::Config& config, keyring::Policy& policy) {
  constexpr double kMost = 1'000'000;  // as in the file
  const auto found = from.find("budget");
  if (found == from.end()) return {};
  if (!found->is_object()) return bad("budget", "not an object");
  if (config.store.path.empty()) return bad("budget", "budgets need store.path in the configuration");
  policy.period = "month";
  for (const auto& [name, value] : found->items()) {
    if (name == "usd") {
      if (value.is_number()) policy.usd = value.get<double>();
    } else if (name == "period") {
      policy.period = value.is_string() ? value.get<std::string>() : "";
    } else if (name == "rolling" && value.is_boolean()) {
      policy.rolling = value.get<bool>();
    } else {
      return bad("budget." + name, name == "rolling" ? "neither true nor false" : "there is no such field");
    }
  }
  if (!(policy.usd > 0 && policy.usd <= kMost) || from_dollars(policy.usd).picos == 0)
    return bad("budget.usd", "an amount above 0, at most 1000000 US dollars");
  if (policy.period != "day" && policy.period != "week" && policy.period != "month")
    return bad("budget.period", "one of day, week, month");
  return {};
}

Result<void> read_tags(const json& from, keyring::Policy& policy) {
  const auto found = from.find("tags");
  if (found == from.end()) return {};
  if (!found->is_object()) return bad("tags", "not an object");
  for (const auto& [name, value] : found->items()) {
    if (!plain(name) || !value.is_string() || !plain(value.get<std::string>()))
      return bad("tags", "a tag's name and value are 1 to 64 letters, digits, '.', '_', '-', ':'");
    policy.tags.emplace_back(name, value.get<std::string>());
  }
  return {};
}

Result<void> read_lists(const json& from, const config::Config& config, keyring::Policy& policy) {
  const auto model = [&](const auto& name) {
    return by_name(config.models, name) ? "" : fmt::format("there is no model \"{}\"", name);
  };
  const auto provider = [&](const auto& name) {
    return by_name(config.providers, name) ? "" : fmt::format("there is no provider \"{}\"", name);
  };
  const auto range = [](const auto& written) {
    return config::IpRange::parse(written)
               ? ""
               : fmt::format("\"{}\" is no address or range: write 10.0.0.0/8", written);
  };
  auto models = list(from, "models", model), providers = list(from, "providers", provider),
       ip = list(from, "ip", range);
  for (const auto* one : {&models, &providers, &ip})
    if (!*one) return tl::unexpected(one->error());
  policy.models = *std::move(models);
  policy.providers = *std::move(providers);
  policy.ip = *std::move(ip);
  return {};
}

}  // namespace

Result<Wish> read_wish(std::string_view body, const config::Config& config, Millis now) {
  const auto from = read(
      body, {"tenant", "name", "models", "providers", "tags", "ip", "expires", "class", "limits", "budget"});
  if (!from) return tl::unexpected(from.error());
  Wish out;
  const auto tenant = text(*from, "tenant"), name = text(*from, "name"), kind = text(*from, "class");
  for (const auto* one : {&tenant, &name, &kind})
    if (!*one) return tl::unexpected(one->error());
  if (!by_name(config.tenants, *tenant))
    return bad("tenant",
               tenant->empty() ? "missing" : fmt::format("the configuration has no tenant \"{}\"", *tenant));
  if (!plain(*name)) return bad("name", "a key's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
  if (!kind->empty() && *kind != "interactive" && *kind != "default" && *kind != "batch")
    return bad("class", "one of interactive, default, batch");
  const auto& keys = by_name(config.tenants, *tenant)->keys;
  if (by_name(keys, *name))
    return fail(Fault::caller_bad_request,
                fmt::format("the configuration file has a key \"{}\" of \"{}\"", *name, *tenant), "name",
                "conflict");
  out.tenant = *tenant;
  out.name = *name;
  out.policy.request_class = *kind;
  const auto until = expiry(*from, now);
  if (!until) return tl::unexpected(until.error());
  out.policy.expires = *until;
  for (const auto& step : {read_limits(*from, out.policy), read_budget(*from, config, out.policy),
                           read_tags(*from, out.policy), read_lists(*from, config, out.policy)})
    if (!step) return tl::unexpected(step.error());
  return out;
}

Result<Millis> read_grace(std::string_view body) {
  const auto from = read(body, {"grace"});
  if (!from) return tl::unexpected(from.error());
  const auto said = text(*from, "grace");
  if (!said) return tl::unexpected(said.error());
  if (said->empty()) return Millis{0};
  const auto grace = span(*said);
  if (!grace || *grace < 0) return bad("grace", "write a span such as 24h");
  if (*grace > kLongestGrace) return bad("grace", "at most 90d");
  return *grace;
}

}  // namespace troupe::locksmith
