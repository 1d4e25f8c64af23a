#pragma once
// A whole answer as it was delivered, and the name it is found by.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace troupe::cache {

/// SHA-256 over everything that an answer depends on: strangers choose what is hashed, and nobody may find a
/// second request for another's answer.
struct Digest {
  std::uint64_t a = 0, b = 0, c = 0, d = 0;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return digest.a; }
};

/// A 200 that its caller got to the last byte. Never changed once it is shared.
struct Entry {
  std::string tenant;                ///< who asked the provider; "" = no authentication
  std::string provider, key, model;  ///< who answered: the provider's name, its key's, its model's
  std::string body;                  ///< JSON, or all frames of a stream, in the caller's dialect
  bool stream = false;
  std::int64_t input = 0, output = 0;  ///< tokens that a hit does not use
  std::int64_t picos = 0;              ///< what it cost, in pico-dollars; 0 also where that is unknown

  /// What it takes of the store, about: the texts and what stands around them.
  std::size_t size() const {
    return body.size() + tenant.size() + provider.size() + key.size() + model.size() + 256;
  }
};

using EntryPtr = std::shared_ptr<const Entry>;

}  // namespace troupe::cache
