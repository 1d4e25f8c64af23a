// Whose request it is, of which class, and whether it stays with one endpoint.
#include "gateway/api/chat.hpp"
#include "gateway/steering/request_class.hpp"
#include "gateway/steering/sticky.hpp"

namespace troupe::api {
namespace {

/// The alias, or the first of its fallbacks, that keeps callers with one endpoint.
const config::Model* sticky_model(const Setup& setup, const config::Model& asked) {
  if (asked.strategy == config::Strategy::sticky) return &asked;
  for (const auto& name : asked.fallbacks) {
    const auto* model = setup.find(name);
    if (model != nullptr && model->strategy == config::Strategy::sticky) return model;
  }
  return nullptr;
}

}  // namespace

Result<void> ChatCall::read_standing(actors::RequestFacts& facts) {
  const auto asked = steering::class_named(session_.request().find("x-troupe-class"));
  if (!asked) {
    return fail(Fault::caller_bad_request,
                "The header x-troupe-class must be 'interactive', 'default' or 'batch'.", "x-troupe-class",
                "invalid_header");
  }
  facts.priority = *asked;
  facts.tenant = record_.tenant;
  facts.user = request_.user;
  if (caller_.tenant != nullptr) {
    facts.priority = steering::at_most(facts.priority, caller_.tenant->priority);
    facts.weight = caller_.tenant->weight;
  }
  if (caller_.key != nullptr) facts.priority = steering::at_most(facts.priority, caller_.key->priority);
  if (const auto* model = sticky_model(*caller_.setup, *model_))
    facts.sticky = steering::sticky_of(model->sticky_by, facts.tenant, request_);
  return {};
}

}  // namespace troupe::api
