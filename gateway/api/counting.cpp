#include "gateway/api/counting.hpp"

#include <algorithm>

#include "gateway/api/worker.hpp"
#include "gateway/providers/translate.hpp"
#include "gateway/tokens/count_chat.hpp"

namespace troupe::api {

CountedFor counted_for(const config::Model& alias, std::string_view asked) {
  if (!alias.targets.empty()) return {alias.targets.front().provider, alias.targets.front().model};
  const auto slash = asked.find('/');
  if (slash == asked.npos) return {{}, asked};
  return {asked.substr(0, slash), asked.substr(slash + 1)};
}

bool tokens_matter(const Setup& setup, const config::Tenant* tenant, const config::VirtualKey* client,
                   const dialects::Request& request, const CountedFor& whose) {
  if (request.max_cost_usd || setup.metered.contains(whose.provider)) return true;
  if (client != nullptr && limits_tokens(client->limits)) return true;
  return tenant != nullptr && (limits_tokens(tenant->limits) || limits_tokens(tenant->per_user));
}

void read_vocabularies(const tokens::Library& library, const Setup& setup) {
  const auto& tenants = setup.config->tenants;
  const bool everywhere =
      !setup.funds->empty() || std::any_of(tenants.begin(), tenants.end(), [](const config::Tenant& tenant) {
        return limits_tokens(tenant.limits) || limits_tokens(tenant.per_user) ||
               std::any_of(tenant.keys.begin(), tenant.keys.end(),
                           [](const auto& key) { return limits_tokens(key.limits); });
      });
  for (const auto& model : setup.config->models) {
    const auto whose = counted_for(model, {});
    if (everywhere || setup.metered.contains(whose.provider)) library.of_model(whose.model);
  }
}

bool Counting::refine(dialects::Request& request, const CountedFor& whose, bool exact) {
  request.input_guess = request.input_estimate;
  if (exact && library_ && count(request, whose.model)) return true;
  request.input_estimate = known_.corrected(whose.name(), request.input_guess);
  return false;
}

bool Counting::count(dialects::Request& request, std::string_view model) {
  if (!dialects::converses(request.operation) || library_->of_model(model) == nullptr) return false;
  tokens::Tally tally(*library_, model);
  tally.with(&memo_);
  if (request.operation == dialects::Operation::chat) {
    const auto counted = tokens::count_chat_body(request.body, tally);
    if (counted) request.input_estimate = counted->tokens;
    return counted && counted->exact;
  }
  const auto talk = providers::conversation_of(request);
  if (!talk) return false;
  const auto counted = tokens::count_conversation(**talk, tally);
  request.input_estimate = counted.tokens;
  return counted.exact;
}

void Counting::learn(std::string_view endpoint, const dialects::Request& request, Tokens settled) {
  known_.learn(endpoint, request.input_guess, settled);
}

}  // namespace troupe::api
