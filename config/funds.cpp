#include "config/funds.hpp"

#include <fmt/format.h>

#include "config/auth.hpp"

namespace troupe::config {
namespace {

constexpr std::size_t kLongest = 128;  // of a value in an owner's name; a longer one goes by its digest

std::string value_text(std::string_view value) {
  return value.size() <= kLongest ? std::string(value) : virtual_key_hash(value);
}

/// Adds "/what=value" where each value has a budget of its own. False: this payer is not meant.
bool select(std::string_view selector, std::string_view what, std::string_view value, std::string& owner) {
  if (selector.empty()) return true;
  if (value.empty()) return false;
  if (selector != "*") return selector == value;
  owner.append("/").append(what).append("=").append(value_text(value));
  return true;
}

bool select_tag(const std::string& selector, const Payer& payer, std::string& owner) {
  if (selector.empty()) return true;
  if (payer.tags == nullptr) return false;
  const auto equals = selector.find('=');
  const auto name = std::string_view(selector).substr(0, equals);
  for (const auto& [tag, value] : *payer.tags)
    if (tag == name) return select(std::string_view(selector).substr(equals + 1), name, value, owner);
  return false;
}

/// False: this payer is not meant.
bool meant(const NamedBudget& named, const Payer& payer, std::string& owner) {
  return select(named.tenant, "tenant", payer.tenant, owner) && select(named.key, "key", payer.key, owner) &&
         select(named.user, "user", payer.user, owner) && select(named.model, "model", payer.model, owner) &&
         select_tag(named.tag, payer, owner);
}

bool of_many(const NamedBudget& named) {
  return named.tenant == "*" || named.key == "*" || named.user == "*" || named.model == "*" ||
         named.tag.ends_with("=*");
}

Fund fund_of(const NamedBudget& named, std::string owner) {
  const auto of = owner.size() > 8 + named.name.size() ? owner.substr(8 + named.name.size()) : std::string();
  auto title = of.empty() ? fmt::format("the budget '{}'", named.name)
                          : fmt::format("the budget '{}' of {}", named.name, of.substr(0, 100));
  return {std::move(owner), std::move(title), named.budget};
}

}  // namespace

/// An old secret of a key is a second key of one name, and of one budget.
void Funds::add(Fund fund) {
  if (index_.contains(fund.owner)) return;
  fixed_.push_back(std::make_shared<const Fund>(std::move(fund)));
  index_.emplace(fixed_.back()->owner, fixed_.back());
}

Funds::Funds(const Config& config) {
  for (const auto& tenant : config.tenants) {
    if (tenant.budget)
      add({"tenant/" + tenant.name, fmt::format("the tenant '{}'", tenant.name), *tenant.budget});
    for (const auto& key : tenant.keys) {
      if (!key.budget) continue;
      add({"key/" + tenant.name + "/" + key.name,
           fmt::format("the key '{}' of the tenant '{}'", key.name, tenant.name), *key.budget});
    }
  }
  for (const auto& named : config.budgets) {
    const bool single = !of_many(named);
    if (single) add(fund_of(named, "budget/" + named.name));
    named_.push_back({named, single ? fixed_.back() : nullptr});
  }
}

SharedFund Funds::known(std::string_view owner) const {
  const auto found = index_.find(owner);
  return found == index_.end() ? nullptr : found->second;
}

std::vector<SharedFund> Funds::of(const Payer& payer) const {
  std::vector<SharedFund> out;
  const auto take = [&](const std::string& owner) {
    if (auto fund = known(owner)) out.push_back(std::move(fund));
  };
  if (!payer.tenant.empty()) {
    const std::string tenant(payer.tenant);
    take("tenant/" + tenant);
    if (!payer.key.empty()) take("key/" + tenant + "/" + std::string(payer.key));
  }
  for (const auto& [named, one] : named_) {
    std::string values;
    if (!meant(named, payer, values)) continue;
    out.push_back(one ? one : std::make_shared<const Fund>(fund_of(named, "budget/" + named.name + values)));
  }
  return out;
}

SharedFund Funds::find(std::string_view owner) const {
  if (auto fund = known(owner)) return fund;
  for (const auto& [named, one] : named_) {
    const auto prefix = "budget/" + named.name + "/";
    if (!one && owner.starts_with(prefix) && owner.size() > prefix.size())
      return std::make_shared<const Fund>(fund_of(named, std::string(owner)));
  }
  return nullptr;
}

}  // namespace troupe::config
