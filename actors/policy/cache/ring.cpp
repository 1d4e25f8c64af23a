#include "actors/policy/cache/ring.hpp"

#include <algorithm>
#include <utility>

#include "core/hash.hpp"

namespace troupe::cache {
namespace {

/// The finisher of splitmix64 (Steele, Lea and Flood 2014).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace

Ring::Ring(std::string self) : Ring(std::move(self), {}) {}

Ring::Ring(std::string self, std::vector<std::string> others)
    : self_(std::move(self)), names_(std::move(others)) {
  names_.push_back(self_);
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  for (const auto& name : names_) seeds_.push_back(mixed(fnv1a(name)));
}

const std::string& Ring::owner(const Digest& key) const {
  std::size_t best = 0;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto weight = mixed(key.a ^ seeds_[i]);
    if (weight >= most) {
      most = weight;
      best = i;
    }
  }
  return names_[best];
}

bool Ring::has(const std::string& node) const {
  return std::binary_search(names_.begin(), names_.end(), node);
}

}  // namespace troupe::cache
