#include "cluster/locksmith/locksmith.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cluster/keyring/json.hpp"
#include "cluster/keyring/secret.hpp"
#include "cluster/locksmith/the_locksmith.hpp"
#include "config/auth.hpp"

namespace troupe::locksmith {
namespace {

using keyring::Millis;
using keyring::Record;
using nlohmann::json;

tl::unexpected<Error> unknown(const std::string& id) {
  return fail(Fault::caller_not_found, "there is no virtual key with the id " + id, "id");
}

tl::unexpected<Error> no_chance() {
  return fail(Fault::troupe_internal, "the system's random generator failed; nothing was changed");
}

bool taken(const keyring::Ring& ring, const Wish& wish, Millis now) {
  for (const auto& [id, record] : ring.records()) {
    const bool over = record.revoked != 0 || (record.policy.expires != 0 && record.policy.expires <= now);
    if (!over && record.tenant == wish.tenant && record.name == wish.name) return true;
  }
  return false;
}

/// The key as it shall be, and the secret that is shown once.
Result<Drawn> made(const keyring::Ring& ring, const Wish& wish, Millis now, const std::string& node) {
  if (ring.full())
    return fail(Fault::policy_rate_limited, "the keyring is full: 100000 keys, revoked ones included");
  if (taken(ring, wish, now))
    return fail(Fault::caller_bad_request,
                "the tenant has a key with that name: revoke or rotate it, or choose another name", "name",
                "conflict");
  Drawn out;
  out.secret = keyring::draw_secret();
  auto& record = out.record;
  record.id = keyring::draw_id();
  if (out.secret.empty() || record.id.empty()) return no_chance();
  record.made = record.turned = {now, node};
  record.tenant = wish.tenant;
  record.name = wish.name;
  record.policy = wish.policy;
  record.hash = config::virtual_key_hash(out.secret);
  record.prefix = keyring::prefix_of(out.secret);
  if (!keyring::acceptable(record))
    return fail(Fault::caller_bad_request, "the key's policy is longer than 8 KiB: shorten its lists");
  return out;
}

Result<Drawn> turned(const keyring::Ring& ring, const std::string& id, Millis grace, Millis now,
                     const std::string& node) {
  const auto* record = ring.find(id);
  if (record == nullptr) return unknown(id);
  if (record->revoked != 0)
    return fail(Fault::caller_bad_request, "the key is revoked: make a new one", "id", "conflict");
  Drawn out;
  out.secret = keyring::draw_secret();
  if (out.secret.empty()) return no_chance();
  out.record = keyring::rotated(*record, config::virtual_key_hash(out.secret), keyring::prefix_of(out.secret),
                                keyring::next(record->turned, now, node), grace == 0 ? 0 : now + grace);
  return out;
}

Result<Drawn> revoked(const keyring::Ring& ring, const std::string& id, Millis now) {
  const auto* record = ring.find(id);
  if (record == nullptr) return unknown(id);
  Drawn out{*record, {}};
  if (out.record.revoked == 0) out.record.revoked = now;
  return out;
}

}  // namespace

void TheLocksmith::create(Wish wish, Done done) {
  change(
      "created", [this, wish = std::move(wish)] { return made(ring_, wish, wall(), options_.node); },
      std::move(done));
}

void TheLocksmith::rotate(std::string id, Millis grace, Done done) {
  change(
      "rotated",
      [this, id = std::move(id), grace] { return turned(ring_, id, grace, wall(), options_.node); },
      std::move(done));
}

void TheLocksmith::revoke(std::string id, Done done) {
  change(
      "revoked", [this, id = std::move(id)] { return revoked(ring_, id, wall()); }, std::move(done));
}

json TheLocksmith::list(const config::Config& config) const {
  auto rows = json::array();
  const auto all = keys();
  for (const auto& record : all->records) {
    auto row = keyring::shown(record, wall());
    const auto here = [&](const auto& tenant) { return tenant.name == record.tenant; };
    if (row["state"] == "active" && std::none_of(config.tenants.begin(), config.tenants.end(), here))
      row["state"] = "orphaned";
    rows.push_back(std::move(row));
  }
  json out{{"virtual_keys", std::move(rows)},
           {"store", options_.store.postgres.empty() ? "sqlite" : "postgres"},
           {"known", all->known}};
  const std::lock_guard lock(mutex_);
  if (!trouble_.empty()) out["trouble"] = trouble_;
  return out;
}

Result<std::unique_ptr<Locksmith>> Locksmith::start(LocksmithOptions options) {
  auto store = options.store.postgres.empty() ? keystore::open_sqlite(options.store.path)
                                              : keystore::open_postgres(options.store.postgres.reveal());
  if (!store) return tl::unexpected(store.error());
  std::vector<Record> stored;
  if (!(*store)->shared()) {
    auto loaded = (*store)->load();
    if (!loaded) return tl::unexpected(loaded.error());
    stored = *std::move(loaded);
  }
  return std::make_unique<TheLocksmith>(std::move(options), std::move(*store), stored);
}

}  // namespace troupe::locksmith
