#include "gateway/keeper/keepers.hpp"

namespace troupe::keeper {

Keepers::Keepers(http::Pool& pool, const Clock& clock, MakeIdentity make, http::GetEnv environment)
    : pool_(pool), clock_(clock), make_(std::move(make)), environment_(std::move(environment)) {}

std::shared_ptr<Keeper> Keepers::of(const std::shared_ptr<const config::Provider>& provider,
                                    const config::Key& key) {
  const auto [at, fresh] = keepers_.try_emplace({provider.get(), key.name});
  if (fresh) {
    at->second.provider = provider;
    if (auto identity = make_(*provider, key))
      at->second.keeper = std::make_shared<Keeper>(
          pool_, clock_, Route{provider->proxy, provider->ca_file, environment_}, std::move(identity));
  }
  return at->second.keeper;
}

void Keepers::look(Time now) {
  // A listener that is told may come back and ask for another key: the map may grow meanwhile.
  std::vector<std::shared_ptr<Keeper>> all = retired_;
  for (const auto& [id, entry] : keepers_) {
    if (entry.keeper) all.push_back(entry.keeper);
  }
  for (const auto& keeper : all) keeper->look(now);
  all.clear();
  std::erase_if(retired_, [](const auto& keeper) { return keeper.use_count() == 1; });
}

void Keepers::forget() {
  for (auto& [id, entry] : keepers_) {
    if (entry.keeper && entry.keeper.use_count() > 1) retired_.push_back(std::move(entry.keeper));
  }
  keepers_.clear();
}

}  // namespace troupe::keeper
