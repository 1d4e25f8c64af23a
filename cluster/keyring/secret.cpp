#include "cluster/keyring/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>

namespace troupe::keyring {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSecret = 43;  // 43 * log2(62) = 256.03 bits
constexpr std::size_t kId = 16;
constexpr std::size_t kShown = 7;

/// Appends `count` digits; bytes beyond the last multiple of 62 are drawn again, so that all are as likely.
bool append_digits(std::string& out, std::size_t count) {
  constexpr unsigned kFair = 256 / 62 * 62;
  std::array<unsigned char, 64> bytes{};
  const auto end = out.size() + count;
  while (out.size() < end) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
    for (const auto byte : bytes)
      if (byte < kFair && out.size() < end) out.push_back(kDigits[byte % kDigits.size()]);
  }
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return true;
}

}  // namespace

std::string draw_secret() {
  std::string out = "tr-";
  return append_digits(out, kSecret) ? out : std::string();
}

std::string draw_id() {
  std::string out = "vk_";
  return append_digits(out, kId) ? out : std::string();
}

std::string prefix_of(std::string_view secret) {
  return std::string(secret.substr(0, kShown)) + "…";
}

}  // namespace troupe::keyring
