#pragma once
// A store of virtual keys: the whole records, joined with what is there already.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cluster/keyring/record.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::keystore {

/// Blocks while it works (a shared one up to a few seconds); one thread at a time.
class Store {
 public:
  virtual ~Store() = default;

  /// Everything that is stored.
  virtual Result<std::vector<keyring::Record>> load() = 0;
  /// When it returns each record, joined with the stored one, is durable. On failure nothing of it is.
  virtual Result<void> save(const std::vector<keyring::Record>& records) = 0;
  /// Whether others write to it too.
  virtual bool shared() const = 0;
  /// What changed in a shared store since load() or the last look; quick when nothing did. After a failure
  /// it waits longer before it tries again, and answers with the failure meanwhile.
  virtual Result<std::vector<keyring::Record>> look(Time now) = 0;
};

/// DIR/keys.db. Fails with words for the operator: a directory that cannot be written, a file that another
/// process uses, that is damaged, or of a later version.
Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& dir);

/// Tables troupe_keys of that database, made where missing. Does not connect yet: load() and look() do. Fails
/// when `uri` is none.
Result<std::unique_ptr<Store>> open_postgres(const std::string& uri);

}  // namespace troupe::keystore
