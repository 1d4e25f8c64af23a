#include "cluster/engine/fingerprint.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "config/show.hpp"

namespace troupe::cluster {
namespace {

/// Parts that cannot run into each other.
class Text {
 public:
  Text& operator<<(std::string_view part) {
    text_ += std::to_string(part.size());
    text_ += ':';
    text_ += part;
    return *this;
  }
  const std::string& all() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

Fingerprint Fingerprint::of_cluster(const config::Config& config) {
  std::string salt = "troupe";
  if (config.cluster && config.cluster->tls) {
    std::ifstream file(config.cluster->tls->ca, std::ios::binary);
    salt.append(std::istreambuf_iterator<char>(file), {});
  }
  return Fingerprint(std::move(salt));
}

std::uint64_t Fingerprint::of(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), salt_.data(), static_cast<int>(salt_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | digest[i];
  return out;
}

std::string fingerprint_text(std::uint64_t fingerprint) {
  return fingerprint == 0 ? std::string() : fmt::format("{:016x}", fingerprint);
}

std::uint64_t shared_fingerprint(const config::Config& config, const Fingerprint& fingerprint) {
  auto copy = config;
  // The embedded mock is served by each node at a port of its own.
  for (auto& provider : copy.providers)
    if (provider.type == config::ProviderType::mock) provider.base_url.clear();
  auto shown = config::show(copy);
  for (const auto* own : {"server", "telemetry", "store"}) shown.erase(own);
  if (shown.contains("cluster"))
    for (const auto* own : {"node", "listen", "advertise", "join", "tls"}) shown["cluster"].erase(own);
  Text text;
  text << shown.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  for (const auto& provider : copy.providers) {
    for (const auto& [name, value] : provider.headers) text << name << value;
    for (const auto& key : provider.keys) text << key.secret.reveal();
  }
  const auto out = fingerprint.of(text.all());
  return out == 0 ? 1 : out;
}

std::map<std::string, std::uint64_t> key_fingerprints(const config::Config& config,
                                                      const Fingerprint& fingerprint) {
  std::map<std::string, std::uint64_t> all;
  for (const auto& provider : config.providers) {
    Text common;
    common << provider.name << std::to_string(static_cast<int>(provider.type));
    // The embedded mock has another port on each node.
    if (provider.type != config::ProviderType::mock) common << provider.base_url;
    for (const auto& [name, value] : provider.headers) common << name << value;
    for (const auto& key : provider.keys) {
      auto text = common;
      text << key.name << key.secret.reveal();
      all[provider.name + "/" + key.name] = fingerprint.of(text.all());
    }
  }
  return all;
}

}  // namespace troupe::cluster
