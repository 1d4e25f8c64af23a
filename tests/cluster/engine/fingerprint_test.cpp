#include "cluster/engine/fingerprint.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;

namespace {

config::Config keyed(const std::string& secret) {
  config::Config config;
  config::Provider provider;
  provider.name = "p";
  config::Key key;
  key.name = "a";
  key.secret = config::Secret(secret);
  provider.keys = {key};
  config.providers = {provider};
  return config;
}

std::uint64_t of(const config::Config& config) {
  return key_fingerprints(config, Fingerprint("salt")).at("p/a");
}

}  // namespace

TEST_CASE("nodes with the same key of the same cluster have the same fingerprint of it") {
  CHECK(of(keyed("sk-1")) == of(keyed("sk-1")));
}

TEST_CASE("another secret, address or header is another key") {
  auto address = keyed("sk-1"), header = keyed("sk-1");
  address.providers[0].base_url = "http://elsewhere";
  header.providers[0].headers["org"] = "x";
  CHECK(of(keyed("sk-1")) != of(keyed("sk-2")));
  CHECK(of(keyed("sk-1")) != of(address));
  CHECK(of(keyed("sk-1")) != of(header));
}

TEST_CASE("limits and weights do not make another key of it") {
  auto config = keyed("sk-1");
  config.providers[0].keys[0].limits.rpm = 7;
  config.providers[0].keys[0].weight = 3;
  CHECK(of(config) == of(keyed("sk-1")));
}

TEST_CASE("the embedded mock's port is another one on each node and says nothing") {
  auto one = keyed("sk-1");
  one.providers[0].type = config::ProviderType::mock;
  auto other = one;
  other.providers[0].base_url = "http://127.0.0.1:4711/v1";
  CHECK(of(one) == of(other));
}

TEST_CASE("a fingerprint tells nothing to who does not know the cluster's authority") {
  CHECK(Fingerprint("one").of("text") != Fingerprint("two").of("text"));
}
