#include "actors/tenant_words.hpp"

#include <fmt/format.h>

namespace troupe::actors {
namespace {

using policy::RefusalReason;

std::string_view words(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::rpm:
      return "requests per minute";
    case RefusalReason::tpm:
      return "tokens per minute";
    case RefusalReason::itpm:
      return "input tokens per minute";
    case RefusalReason::otpm:
      return "output tokens per minute";
    case RefusalReason::rpd:
      return "requests per day";
    case RefusalReason::tpd:
      return "tokens per day";
    case RefusalReason::concurrency:
      return "requests at a time";
    case RefusalReason::breaker_open:
    case RefusalReason::dead:
    case RefusalReason::paused:
      break;  // of providers' keys only
  }
  return "requests";
}

/// "The tenant 'search'", "The key 'prod' of the tenant 'search'".
std::string whose(std::string_view owner) {
  const auto first = owner.find('/');
  if (first == owner.npos) return fmt::format("The tenant '{}'", owner);
  const auto second = owner.find('/', first + 1);
  return fmt::format("The key '{}' of the tenant '{}'", owner.substr(second + 1),
                     owner.substr(first + 1, second - first - 1));
}

}  // namespace

std::string over_limit(std::string_view owner, RefusalReason reason, std::int64_t limit, bool too_large) {
  return fmt::format("{} {} its limit of {} {} ({}).", whose(owner),
                     too_large ? "asks in one request for more than" : "has reached", limit, words(reason),
                     policy::name(reason));
}

std::string user_over_limit(std::string_view tenant, RefusalReason reason, std::int64_t limit,
                            bool too_large) {
  return fmt::format("This user of the tenant '{}' {} the limit of {} {} that each user has ({}).", tenant,
                     too_large ? "asks in one request for more than" : "has reached", limit, words(reason),
                     policy::name(reason));
}

}  // namespace troupe::actors
