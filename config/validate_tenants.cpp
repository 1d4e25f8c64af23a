// Tenants, their virtual keys and everybody's budgets.
#include <algorithm>
#include <map>
#include <set>

#include "config/checks.hpp"
#include "config/ip_range.hpp"
#include "config/nearest.hpp"

namespace troupe::config {
namespace {

struct Known {
  std::vector<std::string> aliases, providers, tenants;
};

Known known(const Config& config) {
  Known out;
  for (const auto& model : config.models) out.aliases.push_back(model.name);
  for (const auto& provider : config.providers) out.providers.push_back(provider.name);
  for (const auto& tenant : config.tenants) out.tenants.push_back(tenant.name);
  return out;
}

void check_named(Checks& checks, const std::string& path, const std::string& what, const std::string& name,
                 const std::vector<std::string>& all) {
  if (std::find(all.begin(), all.end(), name) == all.end())
    checks.bad(path, fmt::format("there is no {} \"{}\"", what, name), suggest(name, all));
}

void check_each(Checks& checks, const std::string& path, const std::string& what,
                const std::vector<std::string>& names, const std::vector<std::string>& all) {
  for (std::size_t at = 0; at < names.size(); ++at)
    check_named(checks, fmt::format("{}[{}]", path, at), what, names[at], all);
}

/// What a tenant and its keys have in common.
template <class Holder>
void check_policy(Checks& checks, const Known& all, const Holder& holder, const std::string& path) {
  check_each(checks, path + ".models", "model", holder.models, all.aliases);
  check_each(checks, path + ".providers", "provider", holder.providers, all.providers);
  for (std::size_t at = 0; at < holder.ip.size(); ++at) {
    if (!IpRange::parse(holder.ip[at]))
      checks.bad(fmt::format("{}.ip[{}]", path, at),
                 fmt::format("\"{}\" is no address or range", holder.ip[at]),
                 "write 10.0.0.0/8, 2001:db8::/32 or one address");
  }
  for (const auto& [name, value] : holder.tags) {
    if (!plain_name(name) || !plain_name(value))
      checks.bad(path + ".tags." + name,
                 "a tag's name and value are 1 to 64 letters, digits, '.', '_', '-', ':'");
  }
}

/// What was spent must not be forgotten: without a disk there is no budget.
void check_budget(Checks& checks, const Budget& budget, const std::string& path) {
  if (checks.config.store.path.empty())
    checks.bad(path, "needs a disk: what was spent would be forgotten with the process",
               "store: { path: /var/lib/troupe }");
  if (budget.cap() <= Money{0})
    checks.bad(path + ".usd", "is nothing", "to let nobody spend, remove the keys");
  const auto& alert = budget.alert;
  const auto& url = alert.webhook.reveal();
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    checks.bad(path + ".webhook", "not an http or https URL");
  if (!url.empty() && alert.at.empty())
    checks.bad(path + ".webhook", "never called: there is no alert_at", "alert_at: [ 80%, 100% ]");
}

bool valid_hash(std::string_view hash) {
  static constexpr std::string_view kPrefix = "sha256:";
  return hash.size() == kPrefix.size() + 64 && hash.starts_with(kPrefix) &&
         hash.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
}

void check_virtual_keys(Checks& checks, const Known& all, const Tenant& tenant, const std::string& path,
                        std::map<std::string, std::string>& owners) {
  std::set<std::string> names;
  for (std::size_t at = 0; at < tenant.keys.size(); ++at) {
    const auto& key = tenant.keys[at];
    const auto here = fmt::format("{}.keys[{}]", path, at);
    if (!plain_name(key.name))
      checks.bad(here + ".name", "a key's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
    if (!names.insert(key.name).second)
      checks.bad(here + ".name", fmt::format("two keys of \"{}\" are named \"{}\"", tenant.name, key.name));
    if (!valid_hash(key.hash)) {
      // Never quoted: people paste the key itself here.
      checks.bad(here + ".hash", "not sha256: and 64 lower-case hexadecimal digits",
                 "printf %s \"$KEY\" | sha256sum");
    } else if (const auto [first, fresh] = owners.emplace(key.hash, tenant.name); !fresh) {
      checks.bad(here + ".hash", fmt::format("the same key as one of tenant \"{}\"", first->second));
    }
    check_policy(checks, all, key, here);
    if (key.budget) check_budget(checks, *key.budget, here + ".budget");
  }
}

void check_selector(Checks& checks, const std::string& path, const std::string& what, const std::string& name,
                    const std::vector<std::string>& all) {
  if (!name.empty() && name != "*") check_named(checks, path, what, name, all);
}

void check_named_budget(Checks& checks, const Known& all, const NamedBudget& named, const std::string& path) {
  if (!plain_name(named.name))
    checks.bad(path + ".name", "a budget's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
  check_selector(checks, path + ".tenant", "tenant", named.tenant, all.tenants);
  check_selector(checks, path + ".model", "model", named.model, all.aliases);
  const auto equals = named.tag.find('=');
  const bool pair = equals != named.tag.npos && plain_name(named.tag.substr(0, equals)) &&
                    (named.tag.substr(equals + 1) == "*" || plain_name(named.tag.substr(equals + 1)));
  if (!named.tag.empty() && !pair)
    checks.bad(path + ".tag", "not a name and a value", "tag: env=prod, or env=*");
  check_budget(checks, named.budget, path);
}

void check_budgets(Checks& checks, const Known& all) {
  std::set<std::string> names;
  for (std::size_t at = 0; at < checks.config.budgets.size(); ++at) {
    const auto& named = checks.config.budgets[at];
    const auto path = fmt::format("budgets[{}]", at);
    check_named_budget(checks, all, named, path);
    if (!names.insert(named.name).second)
      checks.bad(path + ".name", fmt::format("two budgets are named \"{}\"", named.name));
  }
}

}  // namespace

void check_tenants(Checks& checks) {
  const auto all = known(checks.config);
  std::map<std::string, std::string> owners;
  for (const auto& tenant : checks.config.tenants) {
    const auto path = "tenants." + tenant.name;
    if (!plain_name(tenant.name))
      checks.bad(path, "a tenant's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
    check_virtual_keys(checks, all, tenant, path, owners);
    check_policy(checks, all, tenant, path);
    if (tenant.budget) check_budget(checks, *tenant.budget, path + ".budget");
  }
  check_budgets(checks, all);
}

}  // namespace troupe::config
