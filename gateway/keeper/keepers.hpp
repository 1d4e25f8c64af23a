#pragma once
// The keepers of one I/O thread, by provider and key.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/types.hpp"
#include "gateway/keeper/keeper.hpp"

namespace troupe::keeper {

class Keepers {
 public:
  /// Whom a key stands for; nullptr where its secret is all there is to say.
  using MakeIdentity =
      std::function<std::unique_ptr<cloud::Identity>(const config::Provider&, const config::Key&)>;

  Keepers(http::Pool& pool, const Clock& clock, MakeIdentity make, http::GetEnv environment);

  /// The keeper of a key of this revision's provider; nullptr where it needs none. Made, and its first fetch
  /// begun, when first asked for. Calls hold it as long as they may ask it again.
  std::shared_ptr<Keeper> of(const std::shared_ptr<const config::Provider>& provider, const config::Key& key);
  /// Keeper::look() of all.
  void look(Time now);
  /// The configuration changed: credentials are fetched anew. Keepers that calls still hold go on until those
  /// have ended.
  void forget();
  std::size_t size() const { return keepers_.size() + retired_.size(); }

 private:
  struct Entry {
    std::shared_ptr<const config::Provider> provider;  ///< so that its address is nobody else's
    std::shared_ptr<Keeper> keeper;
  };

  http::Pool& pool_;
  const Clock& clock_;
  const MakeIdentity make_;
  const http::GetEnv environment_;
  std::map<std::pair<const config::Provider*, std::string>, Entry> keepers_;
  std::vector<std::shared_ptr<Keeper>> retired_;
};

}  // namespace troupe::keeper
