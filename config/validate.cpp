#include "config/validate.hpp"

#include <algorithm>

#include "config/address.hpp"
#include "config/auth.hpp"
#include "config/checks.hpp"

namespace troupe::config {
namespace {

void check_listen(Checks& checks, const std::string& path, const std::string& text) {
  if (parse_address(text)) return;
  checks.bad(path, "not an address",
             "write an IP address (or localhost) and a port: 127.0.0.1:8080, [::1]:8080");
}

bool open_to_others(const std::string& text) {
  const auto address = parse_address(text);
  return address && !address->loopback;
}

void check_exposure(Checks& checks) {
  const auto& server = checks.config.server;
  if (open_to_others(server.listen) && !needs_key(checks.config)) {
    checks.bad("server.listen", "the API port would be open to everybody: no tenant has a key",
               "listen on 127.0.0.1, or give a tenant keys: [ { name: ..., hash: \"sha256:...\" } ]");
  }
  if (open_to_others(server.admin) && server.admin_token.empty()) {
    checks.bad("server.admin", "the admin port would be open to everybody: admin_token is not set",
               "listen on 127.0.0.1, or set admin_token: \"${TROUPE_ADMIN_TOKEN}\"");
  }
}

void check_breaker(Checks& checks) {
  const auto& breaker = checks.config.breaker;
  if (breaker.cooldown > breaker.cooldown_max)
    checks.bad("breaker.cooldown", "longer than cooldown_max", "raise breaker.cooldown_max");
}

/// Far beyond what anybody runs; keeps the checks below, which compare names with names, quick.
constexpr std::size_t kMostProviders = 1'000, kMostModels = 5'000, kMostTenants = 10'000;

bool sized(Checks& checks) {
  const auto within = [&](const char* path, std::size_t count, std::size_t most) {
    if (count > most) checks.bad(path, fmt::format("{} of them, more than {}", count, most));
    return count <= most;
  };
  const auto& config = checks.config;
  const bool providers = within("providers", config.providers.size(), kMostProviders);
  const bool models = within("models", config.models.size(), kMostModels);
  const bool tenants = within("tenants", config.tenants.size(), kMostTenants);
  return providers && models && tenants;
}

}  // namespace

bool plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == ':';
  });
}

bool header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; });
}

void check_server(Checks& checks) {
  const auto& server = checks.config.server;
  check_listen(checks, "server.listen", server.listen);
  check_listen(checks, "server.admin", server.admin);
  if (server.listen == server.admin && !server.listen.ends_with(":0"))
    checks.bad("server.admin", "the same address as server.listen", "give the admin port a port of its own");
  if (!header_text(server.admin_token.reveal()))
    checks.bad("server.admin_token", "holds characters that no header can carry", "use printable ASCII");
  if (server.tls && (server.tls->cert.empty() || server.tls->key.empty()))
    checks.bad("server.tls", "needs both cert and key");
  check_exposure(checks);
  check_breaker(checks);
  if (checks.config.probes && checks.config.probes->prompt.empty())
    checks.bad("probes.prompt", "is empty", "ask something short, as \"ping\"");
}

void validate(const Config& config, const Environment& environment, const Places& places, Problems& problems,
              Problems& warnings) {
  Checks checks{config, environment, places, problems, warnings};
  if (!sized(checks)) return;
  check_server(checks);
  check_cluster(checks);
  check_providers(checks);
  check_models(checks);
  check_routing(checks);
  check_tenants(checks);
}

}  // namespace troupe::config
