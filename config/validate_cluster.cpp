// The cluster section: who belongs together, and times that must fit each other.
#include <algorithm>
#include <map>

#include "config/address.hpp"
#include "config/checks.hpp"
#include "config/measure.hpp"

namespace troupe::config {
namespace {

constexpr std::size_t kLargestPem = 1 << 20;
constexpr std::size_t kMostJoins = 64;

/// RFC 1123, in lower case so that a name has one spelling.
bool dns_label(std::string_view name) {
  const auto inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), inner);
}

void check_name(Checks& checks, const std::string& path, const std::string& name) {
  if (!dns_label(name))
    checks.bad(path, "a node's name is a DNS label: 1 to 63 of a-z, 0-9 and '-', no '-' at its ends");
}

void check_endpoint(Checks& checks, const std::string& path, const std::string& text) {
  if (!parse_endpoint(text))
    checks.bad(path, "not host:port", "write an IP address or a host name, and a port: 10.0.0.1:7946");
}

bool any_address(const std::string& text) {
  const auto address = parse_address(text);
  return address && (address->host == "0.0.0.0" || address->host == "::");
}

void check_voters(Checks& checks, const ClusterConfig& cluster) {
  const auto count = cluster.voters.size();
  if (count != 1 && count != 3 && count != 5)
    checks.bad("cluster.voters", fmt::format("{} of them", count),
               "1, 3 or 5; other nodes need no vote: they join");
  std::map<std::string, std::string> owners;
  for (const auto& [name, address] : cluster.voters) {
    const auto path = "cluster.voters." + name;
    check_name(checks, path, name);
    check_endpoint(checks, path, address);
    const auto [first, fresh] = owners.emplace(address, name);
    if (!fresh) checks.bad(path, fmt::format("the same address as {}", first->second));
  }
}

void check_addresses(Checks& checks, const ClusterConfig& cluster) {
  check_name(checks, "cluster.node", cluster.node);
  const auto listen = parse_address(cluster.listen);
  if (!listen || listen->port == 0)
    checks.bad("cluster.listen", "not an address",
               "write an IP address and a port: 10.0.0.1:7946, 0.0.0.0:7946");
  if (!cluster.advertise.empty()) check_endpoint(checks, "cluster.advertise", cluster.advertise);
  if (any_address(cluster.dialled()))
    checks.bad("cluster.advertise", "other nodes cannot dial 0.0.0.0",
               "name the address under which they reach this node");
  for (std::size_t at = 0; at < cluster.join.size(); ++at)
    check_endpoint(checks, fmt::format("cluster.join[{}]", at), cluster.join[at]);
  if (cluster.join.size() > kMostJoins) checks.bad("cluster.join", fmt::format("more than {}", kMostJoins));
  if (!cluster.node.empty() && !cluster.voter() && cluster.join.empty())
    checks.bad("cluster.join", fmt::format("\"{}\" is no voter and would join nobody", cluster.node),
               "name members to join, or add the node to voters");
}

void check_tls(Checks& checks, const ClusterConfig& cluster) {
  if (!cluster.tls) {
    checks.bad("cluster.tls", "missing: nodes prove who they are by certificates, on loopback too",
               "`troupe cluster certs` makes them; then tls: { cert: node.pem, key: node.key, ca: ca.pem }");
    return;
  }
  const auto file = [&](std::string_view field, const std::string& path) {
    if (!path.empty() && checks.environment.file(path, kLargestPem)) return;
    checks.bad(fmt::format("cluster.tls.{}", field), fmt::format("cannot read the file \"{}\"", path),
               "`troupe cluster certs` makes a node's files");
  };
  file("cert", cluster.tls->cert);
  file("key", cluster.tls->key);
  file("ca", cluster.tls->ca);
}

void check_times(Checks& checks, const ClusterConfig& cluster) {
  // Three reports may be lost before a lease is.
  if (cluster.report_every * 4 > cluster.lease)
    checks.bad("cluster.report_every",
               fmt::format("more than a quarter of lease ({})", format_duration(cluster.lease)));
  if (cluster.office > cluster.lease)
    checks.bad("cluster.office", fmt::format("longer than lease ({})", format_duration(cluster.lease)),
               "nodes would stop before a lost allocator is replaced");
  for (const auto& model : checks.config.models) {
    if (model.timeout.total <= cluster.longest_call) continue;
    checks.bad("cluster.longest_call",
               fmt::format("shorter than models.{}.timeout.total ({})", model.name,
                           format_duration(model.timeout.total)),
               "raise it, or lower that timeout");
  }
}

}  // namespace

void check_cluster(Checks& checks) {
  if (!checks.config.cluster) return;
  const auto& cluster = *checks.config.cluster;
  check_voters(checks, cluster);
  check_addresses(checks, cluster);
  check_tls(checks, cluster);
  check_times(checks, cluster);
}

}  // namespace troupe::config
