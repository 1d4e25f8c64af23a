#include "cluster/engine/fingerprint.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <fstream>
#include <iterator>

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
