// Who calls: the virtual key that a request presents, and whether its policy lets it in.
#include <openssl/crypto.h>

#include <algorithm>

#include "config/ip_range.hpp"
#include "core/ids.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/session.hpp"

namespace troupe::api {
namespace {

/// "Bearer x" or a bare `x-api-key`.
std::string_view credential(const http::RequestHead& head) {
  auto value = head.find("authorization");
  if (value.size() > 7 && (value.starts_with("Bearer ") || value.starts_with("bearer ")))
    return value.substr(7);
  return head.find("x-api-key");
}

bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool expired(const config::VirtualKey& key, WallTime now) {
  return key.expires && *key.expires <= now;
}

tl::unexpected<Error> too_old() {
  return fail(Fault::caller_unauthenticated,
              "The API key provided has expired, or was replaced and its grace time is over. Ask whoever "
              "gave it to you for the present one.",
              {}, "expired_api_key");
}

tl::unexpected<Error> not_known_yet() {
  return fail(Fault::troupe_no_capacity,
              "This node has just started and does not know all API keys yet. Try again in a moment.", {},
              std::string(kKeysUnknown));
}

/// "10.0.0.1:54321" without the port.
std::string_view address_of(std::string_view peer) {
  return peer.substr(0, peer.rfind(':'));
}

}  // namespace

Result<Caller> Session::authenticate() {
  Caller caller;
  caller.setup = setup_;
  caller.arrived = arrived_;
  const auto asked = head_.find("x-request-id");
  caller.request_id =
      valid_request_id(asked) ? std::string(asked) : make_request_id(worker_.clock.wall(), worker_.random);
  if (inside_) return inside_caller(std::move(caller));
  if (!setup_->needs_key) return caller;
  const auto key = credential(head_);
  if (key.empty()) {
    return fail(
        Fault::caller_unauthenticated,
        "You didn't provide an API key. Send it as 'Authorization: Bearer YOUR_KEY' or as 'x-api-key'.", {},
        "invalid_api_key");
  }
  if (proved_in_ != setup_ || !same_text(proved_, key)) {
    if (auto proved = prove(key); !proved) return tl::unexpected(proved.error());
  }
  if (expired(*proved_key_, worker_.clock.wall())) return too_old();
  caller.tenant = proved_tenant_;
  caller.key = proved_key_;
  return caller;
}

/// Tenant and key may have gone since the batch was made: then nothing is called for them.
Result<Caller> Session::inside_caller(Caller caller) const {
  caller.tenant = setup_->tenant(inside_->tenant);
  if (caller.tenant == nullptr && (setup_->needs_key || !inside_->tenant.empty()))
    return fail(Fault::caller_unauthenticated,
                "The tenant '" + inside_->tenant + "' of this batch is not there any more.", {},
                "invalid_api_key");
  if (caller.tenant == nullptr || inside_->key.empty()) return caller;
  const auto& keys = caller.tenant->keys;
  const auto named = [this](const auto& key) { return key.name == inside_->key; };
  // The first is the present one: old secrets within their grace time come after it.
  if (const auto found = std::find_if(keys.begin(), keys.end(), named); found != keys.end())
    caller.key = &*found;
  if (caller.key == nullptr && !setup_->keys_known) return not_known_yet();
  if (caller.key != nullptr && expired(*caller.key, worker_.clock.wall())) return too_old();
  if (caller.key == nullptr)
    return fail(Fault::caller_unauthenticated,
                "The key '" + inside_->key + "' that made this batch is not there any more.", {},
                "invalid_api_key");
  return caller;
}

/// Once per connection, key and revision: neither the digest nor the caller's address changes in between.
Result<void> Session::prove(std::string_view credential) {
  const auto* found = setup_->tenants->find(credential);
  if (found == nullptr && !setup_->keys_known) return not_known_yet();
  if (found == nullptr)
    return fail(Fault::caller_unauthenticated, "Incorrect API key provided.", {}, "invalid_api_key");
  const auto& tenant = setup_->config->tenants[found->tenant_at];
  const auto& key = tenant.keys[found->key_at];
  const auto address = address_of(client_->peer);
  if (!config::within(tenant.ip, address) || !config::within(key.ip, address)) {
    return fail(Fault::caller_forbidden,
                "The policy of this API key does not let it be used from the address " +
                    std::string(address) +
                    ": use it from the allowed network, or have its `ip` ranges changed.",
                {}, "ip_not_allowed");
  }
  proved_ = credential;
  proved_in_ = setup_;
  proved_tenant_ = &tenant;
  proved_key_ = &key;
  return {};
}

}  // namespace troupe::api
