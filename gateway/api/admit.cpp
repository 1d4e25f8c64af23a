// A request and the policies of its caller: which providers may serve it, and the limits of the tenant and of
// its virtual key.
#include <algorithm>
#include <utility>

#include "config/auth.hpp"
#include "gateway/api/chat.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr Duration kForPermits =
    std::chrono::milliseconds(500);  // other nodes give back sooner, or have none

bool limited(const config::Limits& limits) {
  return limits != config::Limits{};
}

/// Whoever has limits that count this request.
std::vector<std::string> owners(const config::Tenant* tenant, const config::VirtualKey* key, bool user) {
  std::vector<std::string> out;
  if (tenant == nullptr) return out;
  if (limited(tenant->limits) || (user && limited(tenant->per_user))) out.push_back(tenant->name);
  if (key != nullptr && limited(key->limits)) out.push_back(config::owner_of(*tenant, *key));
  return out;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "none" : out;
}

/// The one of which less is left.
void keep_tighter(actors::Admission::Window& kept, const actors::Admission::Window& next) {
  if (next.limit > 0 && (kept.limit <= 0 || next.remaining < kept.remaining)) kept = next;
}

/// Whether any provider of the alias, or of one it falls back to, is among `providers`.
bool any_served(const Setup& setup, const config::Model& model, const std::vector<std::string>& providers,
                int depth = 8) {
  const auto has = [&](const config::Target& target) {
    return std::find(providers.begin(), providers.end(), target.provider) != providers.end();
  };
  if (std::any_of(model.targets.begin(), model.targets.end(), has)) return true;
  return depth > 0 && std::any_of(model.fallbacks.begin(), model.fallbacks.end(), [&](const auto& name) {
           const auto* next = setup.find(name);
           return next != nullptr && any_served(setup, *next, providers, depth - 1);
         });
}

}  // namespace

/// What could never be routed is refused with the policy's name before anybody is asked.
Result<void> ChatCall::check_providers(const actors::RequestFacts& facts) const {
  if (!facts.providers) return {};
  const auto& allowed = *facts.providers;
  const auto slash = facts.model.find('/');
  const bool served =
      model_ == &caller_.setup->direct
          ? slash != facts.model.npos &&
                std::find(allowed.begin(), allowed.end(), facts.model.substr(0, slash)) != allowed.end()
          : any_served(*caller_.setup, *model_, allowed);
  if (served) return {};
  return fail(Fault::caller_forbidden,
              "The policy of this API key lets only these providers answer: " + joined(allowed) +
                  ". None of them serves the model '" + facts.model +
                  "': ask for another model, or have the key's or tenant's `providers` changed.",
              "model", "provider_not_allowed");
}

/// The caller's own limits, before any of the model's: who is over them is told so and stands in no line.
awaitable<void> ChatCall::admit() {
  const Time patience = std::min(worker_.clock.now() + kForPermits, total_deadline_);
  for (auto& owner : owners(caller_.tenant, caller_.key, !facts_->user.empty())) {
    const bool admitted = co_await admit_to(std::move(owner), patience);
    if (!admitted) co_return;
  }
}

/// False when the request was refused, and told so. Only permits that other nodes may have are waited for.
awaitable<bool> ChatCall::admit_to(std::string owner, Time patience) {
  const std::string nobody;  // of a key's limits its users are no part
  for (;;) {
    if (passed_.empty()) admitted_ = worker_.clock.now();
    const auto& user = owner == caller_.tenant->name ? facts_->user : nobody;
    auto admission = co_await worker_.desk.admit(owner, user, facts_->input, facts_->output);
    note_left(admission);
    if (admission.permit != 0) passed_.push_back({owner, admission.permit});
    if (!admission.refused) co_return true;
    const auto& refused = *admission.refused;
    if (!refused.wait_in_line || refused.retry_at > patience || gone()) {
      refuse_admission(refused);
      co_return false;
    }
    co_await wait_until(refused.retry_at);
  }
}

void ChatCall::refuse_admission(const actors::Refused& refused) {
  if (gone()) return note_gone();
  const providers::Verdict verdict{refused.fault, refused.why, {}, {}, {}, {}};
  // What is larger than the limit itself never fits: a status that nobody repeats.
  if (refused.retry_at == kNever) return fail_request(refused.fault, 413, verdict, std::nullopt);
  fail_request(refused.fault, 0, verdict, refused.retry_at - worker_.clock.now());
}

void ChatCall::note_left(const actors::Admission& admission) {
  keep_tighter(left_requests_, admission.requests);
  keep_tighter(left_tokens_, admission.tokens);
}

void ChatCall::begun_admission() {
  for (const auto& [owner, permit] : passed_) worker_.desk.begun_tenant(owner, permit, admitted_);
}

/// Gives back what was not used. An answer without figures, and one that the caller did not wait for, count
/// as estimated; one that no provider gave counts as a request without tokens.
void ChatCall::settle_admission() {
  if (passed_.empty()) return;
  auto usage = record_.usage;
  const bool unknown = usage.input.count == 0 && usage.output.count == 0;
  if (unknown && (!record_.fault || record_.fault == Fault::caller_gone)) {
    usage.input = facts_->input;
    usage.output = facts_->output;
  }
  const bool called = !record_.attempts.empty() || !running_.empty();
  for (const auto& [owner, permit] : std::exchange(passed_, {}))
    worker_.desk.settle_tenant(owner, permit, usage, called, worker_.clock.now() - admitted_);
}

}  // namespace troupe::api
