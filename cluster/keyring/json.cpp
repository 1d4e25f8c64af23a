#include "cluster/keyring/json.hpp"

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

namespace troupe::keyring {
namespace {

using nlohmann::json;

struct NamedLimit {
  const char* name;
  std::int64_t Policy::*field;
};
constexpr std::array<NamedLimit, 7> kLimits{{{"rpm", &Policy::rpm},
                                             {"tpm", &Policy::tpm},
                                             {"itpm", &Policy::itpm},
                                             {"otpm", &Policy::otpm},
                                             {"rpd", &Policy::rpd},
                                             {"tpd", &Policy::tpd},
                                             {"concurrency", &Policy::concurrency}}};

json limits_of(const Policy& policy) {
  auto out = json::object();
  for (const auto& limit : kLimits)
    if (policy.*limit.field > 0) out[limit.name] = policy.*limit.field;
  return out;
}

json tags_of(const Policy& policy) {
  auto out = json::object();
  for (const auto& [name, value] : policy.tags) out[name] = value;
  return out;
}

json budget_of(const Policy& policy) {
  if (policy.usd == 0) return nullptr;
  return {{"usd", policy.usd}, {"period", policy.period}, {"rolling", policy.rolling}};
}

json policy_json(const Policy& policy) {
  return {{"models", policy.models},     {"providers", policy.providers}, {"ip", policy.ip},
          {"tags", tags_of(policy)},     {"expires", policy.expires},     {"class", policy.request_class},
          {"limits", limits_of(policy)}, {"budget", budget_of(policy)}};
}

Policy policy_from(const json& from) {
  Policy out;
  out.models = from.at("models").get<std::vector<std::string>>();
  out.providers = from.at("providers").get<std::vector<std::string>>();
  out.ip = from.at("ip").get<std::vector<std::string>>();
  for (const auto& [name, value] : from.at("tags").items()) out.tags.emplace_back(name, value);
  out.expires = from.at("expires");
  out.request_class = from.at("class");
  for (const auto& limit : kLimits) out.*limit.field = from.at("limits").value(limit.name, std::int64_t{0});
  const auto budget = from.find("budget");  // earlier records have none
  if (budget == from.end() || budget->is_null()) return out;
  out.usd = budget->at("usd");
  out.period = budget->at("period");
  out.rolling = budget->at("rolling");
  return out;
}

json stamp_json(const Stamp& stamp) {
  return {{"ms", stamp.ms}, {"node", stamp.node}};
}
Stamp stamp_from(const json& from) {
  return {from.at("ms").get<Millis>(), from.at("node").get<std::string>()};
}

std::string_view state_of(const Record& record, Millis now) {
  if (record.revoked != 0) return "revoked";
  return record.policy.expires != 0 && record.policy.expires <= now ? "expired" : "active";
}

json time_or_null(Millis at) {
  return at == 0 ? json(nullptr) : json(rfc3339(at));
}

}  // namespace

std::string rfc3339(Millis at) {
  using namespace std::chrono;
  const sys_seconds second{floor<seconds>(milliseconds(at))};
  const auto day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss time{second - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

json to_json(const Record& record) {
  auto former = json::array();
  for (const auto& one : record.former)
    former.push_back({{"hash", one.hash}, {"prefix", one.prefix}, {"until", one.until}});
  return {{"id", record.id},
          {"made", stamp_json(record.made)},
          {"tenant", record.tenant},
          {"name", record.name},
          {"policy", policy_json(record.policy)},
          {"turned", stamp_json(record.turned)},
          {"hash", record.hash},
          {"prefix", record.prefix},
          {"former", std::move(former)},
          {"revoked", record.revoked}};
}

std::optional<Record> from_json(std::string_view text) {
  const auto from = json::parse(text, nullptr, false);
  if (!from.is_object()) return std::nullopt;
  try {
    Record out;
    out.id = from.at("id");
    out.made = stamp_from(from.at("made"));
    out.tenant = from.at("tenant");
    out.name = from.at("name");
    out.policy = policy_from(from.at("policy"));
    out.turned = stamp_from(from.at("turned"));
    out.hash = from.at("hash");
    out.prefix = from.at("prefix");
    for (const auto& one : from.at("former"))
      out.former.push_back({one.at("hash"), one.at("prefix"), one.at("until")});
    out.revoked = from.at("revoked");
    if (!acceptable(out)) return std::nullopt;
    return out;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

json shown(const Record& record, Millis now) {
  auto out = policy_json(record.policy);
  out["id"] = record.id;
  out["tenant"] = record.tenant;
  out["name"] = record.name;
  out["prefix"] = record.prefix;
  out["state"] = state_of(record, now);
  out["created"] = rfc3339(record.made.ms);
  out["created_on"] = record.made.node;
  out["expires"] = time_or_null(record.policy.expires);
  out["revoked"] = time_or_null(record.revoked);
  out["rotated"] = record.turned == record.made ? json(nullptr) : json(rfc3339(record.turned.ms));
  out["former"] = json::array();
  for (const auto& one : record.former)
    if (one.until > now) out["former"].push_back({{"prefix", one.prefix}, {"until", rfc3339(one.until)}});
  return out;
}

}  // namespace troupe::keyring
