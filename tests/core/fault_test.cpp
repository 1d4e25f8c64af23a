#include "core/fault.hpp"

#include <set>
#include <string>

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

constexpr int kFaults = static_cast<int>(Fault::troupe_internal) + 1;

}  // namespace

TEST_CASE("every fault has its own name, says whose it is, and a status that is an error") {
  std::set<std::string> names;
  for (int at = 0; at < kFaults; ++at) {
    const auto& entry = traits(static_cast<Fault>(at));
    const std::string text(entry.name);
    CAPTURE(text);
    CHECK(names.insert(text).second);
    const auto owner = text.substr(0, text.find('_'));
    CHECK(std::set<std::string>{"caller", "policy", "provider", "troupe"}.contains(owner));
    CHECK(entry.status >= 400);
    CHECK(entry.status < 600);
  }
}

TEST_CASE("only a provider's faults are retried or trip a breaker") {
  for (int at = 0; at < kFaults; ++at) {
    const auto& entry = traits(static_cast<Fault>(at));
    if (entry.name.starts_with("provider_")) continue;
    CAPTURE(std::string(entry.name));
    CHECK(entry.worth == Worth::nothing);
    CHECK_FALSE(entry.trips_breaker);
    CHECK(entry.retry_class.empty());
  }
}

TEST_CASE("what is worth a retry has a word in the configuration") {
  const std::set<std::string> words{"rate_limited", "overloaded", "server_error", "timeout", "connect"};
  for (int at = 0; at < kFaults; ++at) {
    const auto& entry = traits(static_cast<Fault>(at));
    CAPTURE(std::string(entry.name));
    CHECK((entry.worth == Worth::nothing) == entry.retry_class.empty());
    if (!entry.retry_class.empty()) CHECK(words.contains(std::string(entry.retry_class)));
  }
}
