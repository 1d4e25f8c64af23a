#include "gateway/mock/behaviour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace troupe::mock {
namespace {

struct Name {
  std::string_view text;
  Act act;
};

constexpr Name kNames[] = {
    {"overloaded", Act::overloaded},
    {"429", Act::rate_limited},
    {"quota", Act::quota},
    {"context", Act::context},
    {"refused", Act::refused},
    {"missing", Act::missing},
    {"reset", Act::reset},
    {"hang", Act::hang},
    {"cut", Act::cut},
    {"stall", Act::stall},
    {"malformed", Act::malformed},
    {"truncated", Act::truncated},
    {"error-event", Act::stream_error},
};

double jitter(Random& random) {
  return 0.8 + 0.4 * random.unit();
}

Duration scaled(Duration span, double factor) {
  return Duration(static_cast<Duration::rep>(static_cast<double>(span.count()) * factor));
}

double seconds_between(const config::MockBehaviour& behaviour) {
  return behaviour.tokens_per_second > 0 ? 1.0 / behaviour.tokens_per_second : 0.0;
}

Act rolled(const config::MockBehaviour& behaviour, double luck) {
  const std::pair<double, Act> shares[] = {
      {behaviour.error_rate, Act::error},
      {behaviour.overload_rate, Act::overloaded},
      {behaviour.rate_limit_rate, Act::rate_limited},
      {behaviour.cut_rate, Act::cut},
      {behaviour.stall_rate, Act::stall},
      {behaviour.malformed_rate, Act::malformed},
  };
  for (const auto& [share, act] : shares) {
    if (luck < share) return act;
    luck -= share;
  }
  return Act::answer;
}

using Reals = std::map<std::string, double*, std::less<>>;
using Wholes = std::map<std::string, std::int64_t*, std::less<>>;

Reals reals(config::MockBehaviour& to) {
  return {{"tokens_per_second", &to.tokens_per_second},
          {"error_rate", &to.error_rate},
          {"overload_rate", &to.overload_rate},
          {"rate_limit_rate", &to.rate_limit_rate},
          {"cut_rate", &to.cut_rate},
          {"stall_rate", &to.stall_rate},
          {"malformed_rate", &to.malformed_rate}};
}

Wholes wholes(Rules& to) {
  return {
      {"tokens", &to.behaviour.tokens}, {"rpm", &to.rpm}, {"tpm", &to.tpm}, {"concurrency", &to.concurrency}};
}

bool set_field(Rules& rules, const std::string& field, const Json& value) {
  if (field == "dead") return value.is_boolean() && (rules.dead = value.get<bool>(), true);
  if (!value.is_number() || value.get<double>() < 0) return false;
  if (field == "ttft_ms") {
    rules.behaviour.ttft = scaled(std::chrono::milliseconds(1), value.get<double>());
    return true;
  }
  auto real = reals(rules.behaviour);
  if (const auto found = real.find(field); found != real.end())
    return *found->second = value.get<double>(), true;
  auto whole = wholes(rules);
  const auto found = whole.find(field);
  return found != whole.end() && (*found->second = value.get<std::int64_t>(), true);
}

}  // namespace

std::optional<Wish> wish_of(std::string_view text) {
  if (text.starts_with("error-") && text != "error-event") {
    Wish wish{Act::error};
    const auto digits = text.substr(6);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), wish.status);
    const bool good = error == std::errc{} && end == digits.data() + digits.size();
    return good && wish.status >= 400 && wish.status < 600 ? std::optional(wish) : std::nullopt;
  }
  const auto* found =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const Name& name) { return name.text == text; });
  return found == std::end(kNames) ? std::nullopt : std::optional(Wish{found->act});
}

Plan plan(const Rules& rules, Random& random) {
  Plan out;
  out.act = rolled(rules.behaviour, random.unit());
  out.first = scaled(rules.behaviour.ttft, jitter(random));
  out.between = scaled(std::chrono::seconds(1), seconds_between(rules.behaviour) * jitter(random));
  out.tokens = rules.behaviour.tokens;
  return out;
}

void slow_down(Plan& plan) {
  plan.first = std::max<Duration>(plan.first * 10, std::chrono::seconds(2));
  plan.between = std::max<Duration>(plan.between * 10, std::chrono::milliseconds(200));
}

Result<Rules> changed(Rules rules, const Json& change) {
  for (const auto& [field, value] : change.items()) {
    if (field == "key") continue;
    if (!set_field(rules, field, value))
      return fail(Fault::caller_bad_request,
                  fmt::format("'{}' is no field of a behaviour, or no such value", field), field);
  }
  return rules;
}

Json to_json(const Rules& rules) {
  auto copy = rules;
  Json out{{"ttft_ms", static_cast<double>(rules.behaviour.ttft.count()) / 1e6}};
  for (const auto& [name, value] : reals(copy.behaviour)) out[name] = *value;
  for (const auto& [name, value] : wholes(copy)) out[name] = *value;
  out["dead"] = rules.dead;
  return out;
}

}  // namespace troupe::mock
