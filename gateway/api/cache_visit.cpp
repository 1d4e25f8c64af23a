#include "gateway/api/cache_visit.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace troupe::api {
namespace {

/// Names of any kind, none of which has a line break.
void append_sorted(std::string& out, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  for (const auto& name : names) out.append(name).push_back('\n');
  out.push_back('\n');
}

}  // namespace

std::string cache_policy(const actors::RequestFacts& facts, const config::Tenant* tenant) {
  std::string out;
  append_sorted(out, tenant != nullptr ? tenant->models : std::vector<std::string>());
  append_sorted(out, tenant != nullptr ? tenant->providers : std::vector<std::string>());
  append_sorted(out, facts.providers ? *facts.providers : std::vector<std::string>());
  out.append(facts.pinned_provider).append("\n").append(facts.pinned_key).append("\n");
  out.append(facts.fallback ? "f" : "-");
  if (facts.max_cost) out.append(" $").append(std::to_string(facts.max_cost->picos));
  if (facts.max_latency) out.append(" t").append(std::to_string(facts.max_latency->count()));
  return out;
}

std::string cache_revision(const config::Model& model) {
  std::string out;
  for (const auto& target : model.targets)
    out.append(target.provider).append("/").append(target.model).append("\n");
  for (const auto& fallback : model.fallbacks) out.append(fallback).append("\n");
  return out;
}

CacheVisit::CacheVisit(actors::Desk& desk, const cache::Digest& key, const cache::Wish& wish,
                       const std::optional<config::ExactCache>& exact)
    : desk_(desk),
      key_(key),
      wish_(wish),
      exact_(exact),
      longest_(static_cast<std::size_t>(exact.value_or(config::ExactCache{}).max_entry)) {}

void CacheVisit::ask(std::function<void()> ready) {
  if (exact_ && wish_.look) look_ = desk_.look_up(key_, max_age(), std::move(ready));
}

void CacheVisit::record(std::string_view bytes) {
  if (given_up_) return;
  if (body_.size() + bytes.size() <= longest_) {
    body_.append(bytes);
    return;
  }
  give_up();
}

void CacheVisit::give_up() {
  given_up_ = true;
  body_ = {};
  if (look_) look_->end({nullptr, {}, true});
}

cache::EntryPtr CacheVisit::keep(cache::Entry entry) {
  if (given_up_) return nullptr;
  entry.body = std::move(body_);
  auto kept = std::make_shared<const cache::Entry>(std::move(entry));
  if (!exact_) return kept;
  const auto ttl = wish_.ttl.value_or(exact_->ttl);
  if (look_) {
    look_->end({kept, ttl, false});
  } else {
    desk_.keep(key_, kept, ttl);
  }
  return kept;
}

}  // namespace troupe::api
