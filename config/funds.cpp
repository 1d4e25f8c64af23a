#include "config/funds.hpp"

#include <fmt/format.h>
#include <algorithm>

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

std::optional<std::string> owner_for(const NamedBudget& named, const Payer& payer) {
  auto owner = "budget/" + named.name;
  const bool meant = select(named.tenant, "tenant", payer.tenant, owner) &&
                     select(named.key, "key", payer.key, owner) &&
                     select(named.user, "user", payer.user, owner) &&
                     select(named.model, "model", payer.model, owner) && select_tag(named.tag, payer, owner);
  return meant ? std::optional(std::move(owner)) : std::nullopt;
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

Funds::Funds(const Config& config) : named_(config.budgets) {
  for (const auto& tenant : config.tenants) {
    if (tenant.budget)
      fixed_.push_back(
          {"tenant/" + tenant.name, fmt::format("the tenant '{}'", tenant.name), *tenant.budget});
    for (const auto& key : tenant.keys) {
      if (!key.budget) continue;
      fixed_.push_back({"key/" + tenant.name + "/" + key.name,
                        fmt::format("the key '{}' of the tenant '{}'", key.name, tenant.name), *key.budget});
    }
  }
  for (const auto& named : named_)
    if (!of_many(named)) fixed_.push_back(fund_of(named, "budget/" + named.name));
}

std::vector<Fund> Funds::of(const Payer& payer) const {
  std::vector<Fund> out;
  const auto take = [&](const std::string& owner) {
    const auto found =
        std::find_if(fixed_.begin(), fixed_.end(), [&](const Fund& f) { return f.owner == owner; });
    if (found != fixed_.end()) out.push_back(*found);
  };
  if (!payer.tenant.empty()) {
    const std::string tenant(payer.tenant);
    take("tenant/" + tenant);
    if (!payer.key.empty()) take("key/" + tenant + "/" + std::string(payer.key));
  }
  for (const auto& named : named_)
    if (auto owner = owner_for(named, payer)) out.push_back(fund_of(named, std::move(*owner)));
  return out;
}

std::optional<Fund> Funds::find(std::string_view owner) const {
  for (const auto& fund : fixed_)
    if (fund.owner == owner) return fund;
  for (const auto& named : named_) {
    const auto prefix = "budget/" + named.name + "/";
    if (of_many(named) && owner.starts_with(prefix) && owner.size() > prefix.size())
      return fund_of(named, std::string(owner));
  }
  return std::nullopt;
}

}  // namespace troupe::config
